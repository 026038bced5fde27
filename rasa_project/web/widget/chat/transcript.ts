import type { Delivery, Entry, Message } from "./messages";

/**
 * The messages in the order of the conversation, each once.
 *
 * The server numbers them. What comes out of turn is held until what belongs before it is there;
 * the customer's own messages without a number yet stand at the end.
 */
export class Transcript {
  /** By number; null for one that shows nothing. Without a gap from `#first` to `#last`. */
  readonly #placed = new Map<number, Message | null>();
  readonly #early = new Map<number, Message | null>();
  readonly #unplaced = new Map<string, Message>();
  readonly #numbers = new Map<string, number>();
  #first = 1;
  #last = 0;
  #shown: readonly Message[] | null = null;

  get messages(): readonly Message[] {
    this.#shown ??= this.#list();
    return this.#shown;
  }

  /** The number up to which nothing is missing. */
  get cursor(): number {
    return this.#last;
  }

  /** The number of the oldest message that is here. */
  get first(): number {
    return this.#first;
  }

  /** Whether something has arrived that belongs behind what is missing. */
  get hasGap(): boolean {
    return this.#early.size > 0;
  }

  has(id: string): boolean {
    return this.#numbers.has(id) || this.#unplaced.has(id);
  }

  /** Begins with the latest page of a conversation; what waits to be sent stays. */
  begin(entries: readonly Entry[], last: number): void {
    this.#placed.clear();
    this.#early.clear();
    this.#numbers.clear();
    this.#first = entries[0]?.seq ?? last + 1;
    this.#last = this.#first - 1;
    this.take(entries);
  }

  /** Takes what is new, in whichever order it comes; says whether there was anything. */
  take(entries: readonly Entry[]): boolean {
    let news = false;
    for (const { seq, message } of entries) {
      if (seq <= this.#last) continue;
      this.#early.set(seq, message);
      news = true;
    }
    for (let next = this.#last + 1; this.#early.has(next); next += 1) {
      this.#place(next, this.#early.get(next) ?? null);
      this.#early.delete(next);
      this.#last = next;
    }
    this.#shown = null;
    return news;
  }

  /** Puts an older page before what is here. */
  takeOlder(entries: readonly Entry[]): void {
    for (const { seq, message } of entries) {
      if (seq >= this.#first) continue;
      this.#place(seq, message);
    }
    this.#first = Math.min(this.#first, ...entries.map(({ seq }) => seq));
    this.#shown = null;
  }

  /** Adds a message of the customer that has no number yet. */
  add(message: Message): void {
    if (this.has(message.id)) return;
    this.#unplaced.set(message.id, message);
    this.#shown = null;
  }

  /** Gives one of the customer's messages the number that the server has given it. */
  confirm(id: string, seq: number): void {
    const message = this.#unplaced.get(id);
    if (!message) return;
    const sent: Message = { ...message, delivery: "sent", seq };
    this.#unplaced.set(id, sent); // shown at the end until what comes before it is there
    this.take([{ seq, message: sent }]);
  }

  remove(id: string): void {
    this.#unplaced.delete(id);
    this.#shown = null;
  }

  clear(): void {
    this.#unplaced.clear();
    this.begin([], 0);
  }

  setDelivery(id: string, delivery: Delivery, reason = ""): void {
    const change = (message: Message): Message => ({ ...message, delivery, reason });
    const seq = this.#numbers.get(id);
    const placed = seq === undefined ? null : this.#placed.get(seq);
    const unplaced = this.#unplaced.get(id);
    if (seq !== undefined && placed) this.#placed.set(seq, change(placed));
    if (unplaced) this.#unplaced.set(id, change(unplaced));
    this.#shown = null;
  }

  get(id: string): Message | null {
    const seq = this.#numbers.get(id);
    return (seq === undefined ? null : this.#placed.get(seq)) ?? this.#unplaced.get(id) ?? null;
  }

  deliveryOf(id: string): Delivery | null {
    return this.get(id)?.delivery ?? null;
  }

  #place(seq: number, message: Message | null): void {
    this.#placed.set(seq, message);
    if (!message) return;
    this.#numbers.set(message.id, seq);
    this.#unplaced.delete(message.id);
  }

  #list(): readonly Message[] {
    const placed: Message[] = [];
    for (let seq = this.#first; seq <= this.#last; seq += 1) {
      const message = this.#placed.get(seq);
      if (message) placed.push(message);
    }
    return [...placed, ...this.#unplaced.values()];
  }
}
