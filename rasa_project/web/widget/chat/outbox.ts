import type { Attachment } from "./messages";

/** A message of the customer that the server has not acknowledged yet. */
export interface Outgoing {
  id: string;
  /** What the server is told; a button's payload for one. */
  text: string;
  /** What the customer sees. */
  title: string;
  /** Milliseconds since 1970. */
  time: number;
  /** What goes along with it. */
  metadata: Readonly<Record<string, unknown>>;
  /** Files of it that the server has already. */
  files: Attachment[];
  /** Whether it was ever handed to the connection, so that it may have arrived. */
  tried: boolean;
}

// More than anybody types without a connection; storage is shared with the shop's own pages.
const MAX_KEPT = 200;

/**
 * What waits to be sent, oldest first; it survives a reload.
 *
 * Each message has a key of its own, so that two tabs never write over each other's. A page takes
 * over what an earlier one left; should that one still be open, both send it and the server takes
 * it once.
 */
export class Outbox {
  readonly #prefix: string;
  readonly #waiting = new Map<string, Outgoing>();

  constructor(server: string) {
    this.#prefix = `attune-outbox:${server}:`;
    for (const outgoing of this.#stored()) this.#waiting.set(outgoing.id, outgoing);
  }

  get all(): readonly Outgoing[] {
    return [...this.#waiting.values()];
  }

  get(id: string): Outgoing | undefined {
    return this.#waiting.get(id);
  }

  add(outgoing: Outgoing): void {
    this.#waiting.set(outgoing.id, outgoing);
    if (this.#waiting.size <= MAX_KEPT) this.#keep(outgoing);
  }

  /** Remembers that a message may have arrived. */
  setTried(id: string): void {
    const outgoing = this.#waiting.get(id);
    if (!outgoing || outgoing.tried) return;
    outgoing.tried = true;
    this.#keep(outgoing);
  }

  remove(id: string): void {
    this.#waiting.delete(id);
    try {
      localStorage.removeItem(this.#prefix + id);
    } catch {
      // storage is blocked: it was never kept
    }
  }

  clear(): void {
    for (const { id } of [...this.all, ...this.#stored()]) this.remove(id);
  }

  #keep(outgoing: Outgoing): void {
    try {
      localStorage.setItem(this.#prefix + outgoing.id, JSON.stringify(outgoing));
    } catch {
      // storage is blocked or full: the message lives as long as the page
    }
  }

  #stored(): Outgoing[] {
    const found: Outgoing[] = [];
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(this.#prefix)) continue;
        const outgoing = read(localStorage.getItem(key));
        if (outgoing) found.push(outgoing);
      }
    } catch {
      return [];
    }
    return found.sort((one, other) => one.time - other.time);
  }
}

/** What another program wrote under such a key is none of ours. */
function read(text: string | null): Outgoing | null {
  try {
    const value = JSON.parse(text ?? "") as Partial<Outgoing> | null;
    if (typeof value?.id !== "string" || typeof value.text !== "string") return null;
    return {
      id: value.id,
      text: value.text,
      title: typeof value.title === "string" ? value.title : value.text,
      time: typeof value.time === "number" ? value.time : 0,
      metadata: typeof value.metadata === "object" ? value.metadata : {},
      files: Array.isArray(value.files) ? value.files : [],
      tried: true,
    };
  } catch {
    return null;
  }
}
