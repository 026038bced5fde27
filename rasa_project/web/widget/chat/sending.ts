import type { Around } from "./around";
import type { Connection } from "./connection";
import { ownMessage, type Attachment } from "./messages";
import { Outbox, type Outgoing } from "./outbox";
import type { Transcript } from "./transcript";
import type { Outcome } from "./wire";

const RETRY_DELAY_MS = 1_000;
const RETRY_DELAY_MAX_MS = 15_000;
/** A server that opens a session and then refuses it will not do otherwise the next time. */
const MAX_RENEWALS = 3;

/** Reasons for which another session helps. */
const SESSION_REASONS: ReadonlySet<string> = new Set(["session", "expired", "over"]);

/**
 * What the customer has said, until the server has it.
 *
 * It is sent one after the other: the next one leaves when the one before is acknowledged,
 * so that no network can change their order.
 */
export class Sending {
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #transcript: Transcript;
  readonly #around: Around;
  #running = false;
  #attempts = 0;
  #renewals = 0;
  #wake: (() => void) | null = null;

  constructor(connection: Connection, server: string, transcript: Transcript, around: Around) {
    this.#connection = connection;
    this.#outbox = new Outbox(server);
    this.#transcript = transcript;
    this.#around = around;
    for (const { id, title, time, files } of this.#outbox.all) {
      transcript.add({ ...ownMessage(title, files), id, time });
    }
  }

  /** Lets a message of the customer wait for the next `flush`; returns its id. */
  add(text: string, title: string, files: Attachment[], metadata: Outgoing["metadata"]): string {
    const message = ownMessage(title, files);
    const { id, time } = message;
    this.#transcript.add(message);
    this.#outbox.add({ id, text, title, time, files, metadata, tried: false });
    return id;
  }

  /** Sends a failed message again, under its own id, so that it can arrive only once. */
  retry(id: string): void {
    const message = this.#transcript.get(id);
    if (message?.delivery !== "failed") return;
    const { text, time } = message;
    // Where it waits no more, the server has it already and needs no more than its id.
    if (!this.#outbox.get(id)) this.#outbox.add({ id, text, title: text, time, files: [], metadata: {}, tried: true });
    this.#transcript.setDelivery(id, "queued");
    this.flush(true);
  }

  /** Whether a message waits here and has certainly not arrived anywhere. */
  canTakeBack(id: string): boolean {
    const outgoing = this.#outbox.get(id);
    return outgoing?.tried === false && !outgoing.files.length && this.#transcript.deliveryOf(id) === "queued";
  }

  /** Takes a message that still waits out of the conversation and gives its text, or null. */
  takeBack(id: string): string | null {
    const outgoing = this.#outbox.get(id);
    if (!outgoing || !this.canTakeBack(id)) return null;
    this.#outbox.remove(id);
    this.#transcript.remove(id);
    this.#around.changed();
    return outgoing.title;
  }

  /** Drops what the history knows: it arrived, only the acknowledgement was lost. */
  dropArrived(): void {
    for (const { id } of this.#outbox.all) {
      if (this.#transcript.deliveryOf(id) === "sent") this.#outbox.remove(id);
    }
  }

  clear(): void {
    this.#outbox.clear();
  }

  /** Sees to it that what waits is sent; `now` ends a pause that was to be made before. */
  flush(now = false): void {
    if (now) this.#wake?.();
    if (!this.#running) void this.#run();
  }

  /** The line broke: what was on its way waits for the next one. */
  interrupted(): void {
    for (const { id } of this.#outbox.all) {
      if (this.#transcript.deliveryOf(id) === "sending") this.#transcript.setDelivery(id, "queued");
    }
    this.#wake?.();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#outbox.setTried(next.id);
      this.#transcript.setDelivery(next.id, "sending");
      this.#around.changed();
      const outcome = await this.#connection.send(next.id, next.text, next.title, next.metadata, next.files.map(({ id }) => id));
      const pause = await this.#settle(next, outcome);
      this.#around.changed();
      if (pause > 0) await this.#rest(pause);
    }
    this.#running = false;
  }

  #next(): Outgoing | undefined {
    return this.#around.isOnline() ? this.#outbox.all[0] : undefined;
  }

  /** Takes note of what became of a message; returns for how long the next one waits. */
  async #settle({ id }: Outgoing, outcome: Outcome): Promise<number> {
    if (this.#outbox.get(id) === undefined) return 0; // logged out meanwhile
    switch (outcome.status) {
      case "accepted":
        this.#attempts = this.#renewals = 0;
        this.#outbox.remove(id);
        if (outcome.working) this.#around.working(true);
        this.#transcript.setDelivery(id, "sent");
        this.#transcript.confirm(id, outcome.seq);
        return 0;
      case "rejected":
        return this.#rejected(id, outcome.refusal.reason, outcome.refusal.text, outcome.refusal.retryAfter);
      case "unavailable":
        this.#transcript.setDelivery(id, "failed");
        return this.#longer();
      default:
        // No word in time: either the line is gone, or it stands and carries nothing.
        this.#transcript.setDelivery(id, "queued");
        if (this.#around.isOnline()) this.#connection.restart();
        return Promise.resolve(RETRY_DELAY_MS);
    }
  }

  async #rejected(id: string, reason: string, text: string, retryAfter: number | null): Promise<number> {
    if (retryAfter !== null) {
      this.#transcript.setDelivery(id, "queued", text);
      return retryAfter;
    }
    if (SESSION_REASONS.has(reason) && this.#renewals < MAX_RENEWALS) {
      this.#renewals += 1;
      this.#transcript.setDelivery(id, "queued");
      await this.#connection.renew();
      return this.#renewals > 1 ? this.#longer() : 0;
    }
    this.#renewals = 0;
    this.#outbox.remove(id);
    this.#transcript.setDelivery(id, "rejected", text);
    return 0;
  }

  #longer(): number {
    this.#attempts += 1;
    return Math.min(RETRY_DELAY_MS * this.#attempts, RETRY_DELAY_MAX_MS);
  }

  /** Waits, or until the customer asks for it or the line comes back. */
  #rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#wake = done;
    });
  }
}
