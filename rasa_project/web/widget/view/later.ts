import type { Kit } from "../more/kit";
import type { Parts } from "../more";

/** Fetches, once it is wanted, what only some customers use. */
export class Later {
  readonly #kit: Kit;
  #parts: Promise<Parts> | null = null;
  #attempts = 0;

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  /** Gives the parts, or null where they cannot be fetched now. */
  async get(): Promise<Parts | null> {
    this.#parts ??= this.#fetch();
    try {
      return await this.#parts;
    } catch {
      this.#parts = null;
      return null;
    }
  }

  async #fetch(): Promise<Parts> {
    this.#attempts += 1;
    const file = new URL(__MORE_FILE__, import.meta.url);
    // A browser may remember that an address failed, so that asking again needs another one.
    if (this.#attempts > 1) file.searchParams.set("again", String(this.#attempts));
    const more = (await import(/* @vite-ignore */ file.href)) as typeof import("../more");
    return more.furnish(this.#kit);
  }
}
