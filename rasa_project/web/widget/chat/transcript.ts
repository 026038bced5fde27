import type { Delivery, Message } from "./messages";

/** The messages in the order in which they are shown, each id once. */
export class Transcript {
  #messages = new Map<string, Message>();

  get messages(): readonly Message[] {
    return [...this.#messages.values()];
  }

  /** Adds a message at the end; one that is already there stays where it is. */
  add(message: Message): boolean {
    if (this.#messages.has(message.id)) return false;
    this.#messages.set(message.id, message);
    return true;
  }

  /**
   * Takes over the server's history. What the server does not know yet, messages still waiting
   * to be sent for one, follows after it.
   */
  merge(history: readonly Message[]): void {
    const merged = new Map(history.map((message) => [message.id, message]));
    for (const message of this.#messages.values()) {
      if (!merged.has(message.id)) merged.set(message.id, message);
    }
    this.#messages = merged;
  }

  /** Forgets everything but the customer's messages that never reached the server. */
  restart(): void {
    const unsent = this.messages.filter((message) => message.delivery !== "sent");
    this.#messages = new Map(unsent.map((message) => [message.id, message]));
  }

  setDelivery(id: string, delivery: Delivery): void {
    const message = this.#messages.get(id);
    if (message) this.#messages.set(id, { ...message, delivery });
  }

  deliveryOf(id: string): Delivery | null {
    return this.#messages.get(id)?.delivery ?? null;
  }
}
