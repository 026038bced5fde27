import type { Connection, Outcome } from "./connection";
import { ownMessage, type Message, type Reply } from "./messages";
import type { Language } from "../options";
import { Transcript } from "./transcript";

export type Status = "idle" | "connecting" | "online" | "offline";

/** The server refuses longer messages; see `incoming.py`. */
export const MAX_TEXT = 20_000;
const RETRY_DELAY_MS = 2_000;

interface Outgoing {
  id: string;
  text: string;
  title: string;
  retried: boolean;
}

/** A conversation: what has been said, what is on its way, and whether the line stands. */
export class Chat {
  readonly #connection: Connection;
  readonly #language: Language;
  readonly #transcript = new Transcript();
  /** Messages without an outcome yet, oldest first. */
  readonly #outbox = new Map<string, Outgoing>();
  #listeners: (() => void)[] = [];
  #status: Status = "idle";
  #loaded = false;

  constructor(connection: Connection, language: Language) {
    this.#connection = connection;
    this.#language = language;
  }

  get status(): Status {
    return this.#status;
  }

  /** Whether the history has arrived, so that an empty transcript means a new conversation. */
  get loaded(): boolean {
    return this.#loaded;
  }

  get messages(): readonly Message[] {
    return this.#transcript.messages;
  }

  /** Whether the answer to a message is being prepared. */
  get waiting(): boolean {
    return this.messages.some((message) => message.delivery === "sending");
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  connect(): void {
    if (this.#status !== "idle") return;
    this.#setStatus("connecting");
    this.#connection.open({
      ready: (changed) => void this.#ready(changed),
      disconnected: () => { this.#disconnected(); },
      message: (message) => { this.#receive(message); },
    });
  }

  say(text: string): void {
    this.#enqueue(text, text);
  }

  choose(reply: Reply): void {
    this.#enqueue(reply.payload, reply.title);
  }

  /** Sends a failed message again, under its own id, so that it can arrive only once. */
  retry(id: string): void {
    if (!this.#outbox.has(id) || this.#transcript.deliveryOf(id) !== "failed") return;
    this.#transcript.setDelivery(id, "queued");
    this.#flush();
  }

  #enqueue(text: string, title: string): void {
    const message = ownMessage(title);
    this.#transcript.add(message);
    this.#outbox.set(message.id, { id: message.id, text, title, retried: false });
    this.connect();
    this.#flush();
  }

  async #ready(changed: boolean): Promise<void> {
    if (changed) this.#transcript.restart();
    this.#setStatus("online");
    const history = this.#loadHistory();
    this.#flush();
    await history;
  }

  /** Asks until the server answers: while a turn takes its time, the history waits for it. */
  async #loadHistory(): Promise<void> {
    while (this.#status === "online") {
      const history = await this.#connection.history();
      if (history) {
        this.#takeOver(history);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
    }
  }

  #takeOver(history: readonly Message[]): void {
    this.#transcript.merge(history);
    this.#loaded = true;
    for (const id of this.#outbox.keys()) {
      // The history knows it: it arrived, only the acknowledgement was lost.
      if (this.#transcript.deliveryOf(id) === "sent") this.#outbox.delete(id);
    }
    this.#changed();
  }

  #disconnected(): void {
    for (const id of this.#outbox.keys()) {
      if (this.#transcript.deliveryOf(id) === "sending") this.#transcript.setDelivery(id, "queued");
    }
    this.#setStatus("offline");
  }

  #receive(message: Message): void {
    if (this.#transcript.add(message)) this.#changed();
  }

  #flush(): void {
    if (this.#status === "online") {
      for (const outgoing of this.#outbox.values()) {
        if (this.#transcript.deliveryOf(outgoing.id) === "queued") void this.#send(outgoing);
      }
    }
    this.#changed();
  }

  async #send(outgoing: Outgoing): Promise<void> {
    const { id, text, title } = outgoing;
    this.#transcript.setDelivery(id, "sending");
    this.#settle(outgoing, await this.#connection.send(id, text, title, this.#language));
    this.#changed();
  }

  #settle(outgoing: Outgoing, outcome: Outcome): void {
    const { id } = outgoing;
    if (outcome === "handled" || outcome === "duplicate") {
      this.#transcript.setDelivery(id, "sent");
      this.#outbox.delete(id);
    } else if (outcome === "rejected") {
      this.#transcript.setDelivery(id, "rejected");
      this.#outbox.delete(id);
    } else if (this.#status === "online" && this.#transcript.deliveryOf(id) === "sending") {
      this.#transcript.setDelivery(id, "failed");
      this.#retryOnce(outgoing);
    }
    // Else the connection broke meanwhile: the message is queued for the next one.
  }

  #retryOnce(outgoing: Outgoing): void {
    if (outgoing.retried) return;
    outgoing.retried = true;
    setTimeout(() => { this.retry(outgoing.id); }, RETRY_DELAY_MS);
  }

  #setStatus(status: Status): void {
    this.#status = status;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
