import type { Around } from "./around";
import type { Connection } from "./connection";
import type { Transcript } from "./transcript";
import type { Page } from "./wire";

const RETRY_DELAY_MS = 2_000;
/** How long after something new the server is told that it is here. */
const RECEIPT_DELAY_MS = 500;
/** How often the page asks whether it has everything: a message can get lost behind the server. */
const RECEIPT_EVERY_MS = 25_000;

/** Gets what the page lacks of the conversation, and tells the server how far it has got. */
export class KeepingUp {
  readonly #connection: Connection;
  readonly #transcript: Transcript;
  readonly #around: Around;
  #hasOlder = false;
  #catchingUp = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection, transcript: Transcript, around: Around) {
    this.#connection = connection;
    this.#transcript = transcript;
    this.#around = around;
  }

  /** Whether there is more of the conversation before what is here. */
  get hasOlder(): boolean {
    return this.#hasOlder;
  }

  /** Begins with the latest page of a conversation. */
  start({ entries, last, more }: Page): void {
    this.#transcript.begin(entries, last);
    this.#hasOlder = more;
  }

  forget(): void {
    this.#transcript.clear();
    this.#hasOlder = false;
  }

  /** Gets the page before the oldest message that is here. */
  async loadOlder(): Promise<void> {
    if (!this.#hasOlder || !this.#around.isOnline()) return;
    const page = await this.#connection.page({ before: this.#transcript.first });
    if (!page || !this.#around.isOnline()) return;
    this.#transcript.takeOlder(page.entries);
    this.#hasOlder = page.more;
    this.#around.changed();
  }

  /** Tells now and then, until the connection is closed. */
  begin(): void {
    const receipts = setInterval(() => {
      if (this.#connection.isOpen) void this.#receipt();
      else clearInterval(receipts);
    }, RECEIPT_EVERY_MS);
  }

  /** The server has messages up to this one. */
  heardOf(last: number): void {
    if (last > this.#transcript.cursor) void this.catchUp();
  }

  /** Asks for what is missing until nothing is. */
  async catchUp(): Promise<void> {
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    for (let missing = true; missing && this.#around.isOnline(); ) {
      const page = await this.#connection.page({ after: this.#transcript.cursor });
      if (!this.#around.isOnline()) break; // logged out meanwhile, or the line is gone
      if (page) {
        this.#transcript.take(page.entries);
        this.#around.working(page.working);
        missing = page.more;
        this.#around.changed();
      } else {
        await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
      }
    }
    this.#catchingUp = false;
    this.soonReceipt();
  }

  soonReceipt(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#receipt(), RECEIPT_DELAY_MS);
  }

  async #receipt(): Promise<void> {
    if (!this.#around.isOnline()) return;
    const last = await this.#connection.deliver(this.#transcript.cursor, this.#around.isLooking());
    if (last !== null) this.heardOf(last);
  }
}
