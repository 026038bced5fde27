import { arrange, element } from "./dom";

/** So many messages are laid out when the first of them comes into sight. */
const MOST = 25;

/** A stretch of the transcript, which the browser leaves out as a whole where it is not in sight. */
interface Part {
  readonly node: HTMLElement;
  keys: string[];
}

export interface Row {
  key: string;
  node: HTMLElement;
}

/**
 * Sorts the rows of a long list into parts: the browser watches each part, not each of thousands.
 *
 * A row stays in its part, whatever comes before or behind it, so that what stands on the page is
 * not moved about.
 */
export class Parts {
  private readonly partOf = new Map<string, Part>();

  /** Returns the elements of the parts, in order, with these rows in them. */
  show(rows: Row[]): HTMLElement[] {
    const parts = this.sorted(rows);
    const nodes = new Map(rows.map(({ key, node }) => [key, node]));
    for (const part of parts) arrange(part.node, part.keys.flatMap((key) => nodes.get(key) ?? []));
    return parts.map((part) => part.node);
  }

  private sorted(rows: Row[]): Part[] {
    const next = this.nextKnown(rows);
    const parts = new Set<Part>();
    let current: Part | null = null;
    for (const [at, { key }] of rows.entries()) {
      let part = this.partOf.get(key) ?? null;
      // One that has moved away from its neighbours is like a new one.
      if (part === null || (part !== current && parts.has(part))) {
        part = current && (current === next[at] || current.keys.length < MOST) ? current : null;
      }
      part ??= { node: element("div", "part", { role: "presentation" }), keys: [] };
      if (!parts.has(part)) part.keys = [];
      parts.add(part);
      part.keys.push(key);
      this.partOf.set(key, part);
      current = part;
    }
    return [...parts];
  }

  /** The part of the next row that has one, for each row. */
  private nextKnown(rows: Row[]): (Part | null)[] {
    const found: (Part | null)[] = [];
    let next: Part | null = null;
    for (let at = rows.length - 1; at >= 0; at -= 1) {
      found[at] = next;
      next = this.partOf.get(rows[at]?.key ?? "") ?? next;
    }
    return found;
  }
}
