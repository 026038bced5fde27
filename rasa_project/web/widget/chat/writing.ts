import type { Connection } from "./connection";
import type { Typing } from "./messages";

// Who types says so again every few seconds; a lost "stopped" must not leave the dots for good.
const TYPING_LASTS_MS = 8_000;
/** How often the server is told that the customer is writing. */
const TOLD_EVERY_MS = 4_000;

/** Who is writing just now, on either side. */
export class Writing {
  readonly #connection: Connection;
  readonly #changed: () => void;
  #name: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = 0;

  constructor(connection: Connection, changed: () => void) {
    this.#connection = connection;
    this.#changed = changed;
  }

  /** The name of the human who is writing, or null. */
  get name(): string | null {
    return this.#name;
  }

  /** Takes what is said of the human. */
  take({ name, typing }: Typing): void {
    clearTimeout(this.#timer);
    this.#name = typing ? name : null;
    if (typing) this.#timer = setTimeout(() => { this.take({ name, typing: false }); }, TYPING_LASTS_MS);
    this.#changed();
  }

  /** Tells that the customer is writing, now and then. */
  tell(): void {
    if (Date.now() - this.#told < TOLD_EVERY_MS) return;
    this.#told = Date.now();
    this.#connection.writes();
  }
}
