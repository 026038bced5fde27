import type { Chat } from "../chat/chat";
import type { Message } from "../chat/messages";

/** Which messages of the others the customer has not seen yet. */
export class Unread {
  readonly #chat: Chat;
  /** Messages of the other side seen so far; null until the history is there. */
  #seen: Set<string> | null = null;
  /** Those that the page has been told of, seen or not. */
  #known: Set<string> | null = null;
  count = 0;

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  /** Counts anew; `looking` is whether the customer has the conversation before the eyes. */
  update(looking: boolean): void {
    if (!this.#chat.loaded) return;
    const received = this.#received();
    if (looking || this.#seen === null) this.#seen = new Set(received.map(({ id }) => id));
    const seen = this.#seen;
    this.count = received.filter(({ id }) => !seen.has(id)).length;
  }

  /** Gives each message of the others once, those of the past excepted. */
  takeNew(): Message[] {
    if (!this.#chat.loaded) return [];
    const received = this.#received();
    const known = this.#known;
    this.#known = new Set(received.map(({ id }) => id));
    return known ? received.filter(({ id }) => !known.has(id)) : [];
  }

  #received(): Message[] {
    return this.#chat.messages.filter(({ sender }) => sender !== "user");
  }
}
