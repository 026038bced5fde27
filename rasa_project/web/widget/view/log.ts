import type { Chat } from "../chat/chat";
import type { Message } from "../chat/messages";
import type { Texts } from "../texts";
import { button, element, icon, ICONS } from "./dom";
import { messageView, refresh, type Context } from "./message-view";
import { TypingView } from "./typing";

// After this long the next message of the same speaker shows name and time again.
const GROUP_MS = 5 * 60_000;
const NEAR_BOTTOM_PX = 80;

/** A message, or the cards that came as one. */
type Group = [Message, ...Message[]];

/** The scrolling list of messages. */
export class Log {
  readonly root: HTMLElement;
  readonly #chat: Chat;
  readonly #texts: Texts;
  readonly #context: Context;
  readonly #scroller: HTMLElement;
  readonly #list = element("ol", "messages");
  readonly #receipt = element("p", "receipt", { "aria-live": "off" });
  readonly #welcome: HTMLElement;
  readonly #older: HTMLButtonElement;
  readonly #typing: TypingView;
  readonly #jump: HTMLButtonElement;
  readonly #views = new Map<string, { cards: number; node: HTMLLIElement }>();
  #lastId: string | null = null;
  #wasAtEnd = true;

  constructor(chat: Chat, texts: Texts, language: string, onChange: (id: string) => void) {
    this.#chat = chat;
    this.#texts = texts;
    this.#context = {
      texts,
      language,
      onChoose: (reply) => { chat.choose(reply); },
      onRetry: (id) => { chat.retry(id); },
      onChange,
    };
    this.#welcome = welcomeView(texts);
    this.#older = button("older", texts.older, () => void this.#showOlder());
    this.#typing = new TypingView(texts, (show) => { this.#following(show); });
    this.#jump = button("jump", texts.newMessages, () => { this.scrollToEnd(true); });
    this.#jump.append(icon(ICONS.down));
    // Focusable, so that the keyboard can scroll it.
    const attributes = { role: "log", "aria-label": texts.transcript, "aria-live": "off", tabindex: "0" };
    this.#scroller = element(
      "div", "log", attributes, this.#welcome, this.#older, this.#list, this.#receipt, this.#typing.root,
    );
    this.#jump.hidden = true;
    this.root = element("div", "log-frame", {}, this.#scroller, this.#jump);
    // Whoever read the end reads it still when the keyboard takes half of the screen.
    new ResizeObserver(() => { if (this.#wasAtEnd) this.scrollToEnd(); }).observe(this.#scroller);
    // A picture takes its room when it has arrived; such an event does not bubble.
    this.#list.addEventListener("load", () => { if (this.#wasAtEnd) this.scrollToEnd(); }, true);
    this.#scroller.addEventListener("scroll", () => { this.#scrolled(); }, { passive: true });
  }

  update(): void {
    const messages = this.#chat.messages;
    this.#following(() => {
      this.#welcome.hidden = messages.length > 0 || !this.#chat.loaded;
      this.#older.hidden = !this.#chat.hasOlder;
      this.#show(this.#nodesFor(messages));
      this.#showReceipt(messages.at(-1));
      this.#typing.show(this.#chat.typing, this.#chat.waiting && this.#chat.status === "online");
    }, messages.at(-1));
    // The history is there to be read, not to be read out.
    if (this.#chat.loaded) {
      requestAnimationFrame(() => { this.#scroller.setAttribute("aria-live", "polite"); });
    }
  }

  scrollToEnd(smoothly = false): void {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#scroller.scrollTo({
      top: this.#scroller.scrollHeight,
      behavior: smoothly && !calm ? "smooth" : "instant",
    });
    this.#jump.hidden = true;
  }

  /** Says what greeted the customer before the chat was opened. */
  welcomeWith(text: string): void {
    const title = this.#welcome.querySelector(".welcome-title");
    if (title) title.textContent = text;
  }

  /** Puts earlier messages above what is read just now, which stays where it is. */
  async #showOlder(): Promise<void> {
    this.#scroller.setAttribute("aria-live", "off"); // the past is there to be read
    const fromEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    await this.#chat.loadOlder();
    this.#scroller.scrollTop = this.#scroller.scrollHeight - fromEnd;
    if (this.#older.hidden) this.#scroller.focus({ preventScroll: true }); // it had the focus
  }

  #nodesFor(messages: readonly Message[]): HTMLLIElement[] {
    const groups = grouped(messages);
    return groups.flatMap((group, index) => {
      const [message] = group;
      const previous = groups[index - 1]?.at(-1);
      const day = this.#dayOf(message);
      const node = this.#nodeFor(group, previous, index === groups.length - 1);
      return day === (previous ? this.#dayOf(previous) : this.#texts.today) ? [node] : [this.#dayNode(day), node];
    });
  }

  #nodeFor(group: Group, previous: Message | undefined, latest: boolean): HTMLLIElement {
    const [message] = group;
    const known = this.#views.get(message.id);
    const node = known?.cards === group.length ? known.node : messageView(group, this.#context);
    this.#views.set(message.id, { cards: group.length, node });
    const standing = {
      first: previous === undefined || startsGroup(message, previous),
      latest,
      changeable: this.#chat.canTakeBack(message.id),
    };
    refresh(node, message, standing, this.#context);
    return node;
  }

  #dayNode(day: string): HTMLLIElement {
    const known = this.#views.get(day);
    if (known) return known.node;
    const node = element("li", "day", {}, day);
    this.#views.set(day, { cards: 0, node });
    return node;
  }

  #dayOf(message: Message): string {
    const days = Math.round((startOfDay(Date.now()) - startOfDay(message.time)) / 86_400_000);
    if (days <= 0) return this.#texts.today;
    if (days === 1) return this.#texts.yesterday;
    return new Intl.DateTimeFormat(this.#context.language, { dateStyle: "long" }).format(message.time);
  }

  /** Moves only what has to move: a screen reader announces every inserted node. */
  #show(nodes: readonly HTMLLIElement[]): void {
    const wanted = new Set<Element>(nodes);
    for (const child of [...this.#list.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, index) => {
      const present = this.#list.children[index];
      if (present !== node) this.#list.insertBefore(node, present ?? null);
    });
  }

  /** Says how far the customer's latest message has got, until somebody answers. */
  #showReceipt(last: Message | undefined): void {
    const own = last?.sender === "user" && last.delivery === "sent" ? last : null;
    const read = own !== null && own.id === this.#chat.readUntil;
    this.#receipt.textContent = own ? (read ? this.#texts.read : this.#texts.delivered) : "";
    this.#receipt.classList.toggle("was-read", read);
  }

  /** Changes something and stays at the end, if the end is where the customer reads. */
  #following(change: () => void, last?: Message): void {
    const wasNearEnd = this.#nearEnd();
    change();
    const isNew = last !== undefined && last.id !== this.#lastId;
    if (last) this.#lastId = last.id;
    if (wasNearEnd || (isNew && last.sender === "user")) this.scrollToEnd();
    else if (isNew) this.#jump.hidden = false;
  }

  #scrolled(): void {
    this.#wasAtEnd = this.#nearEnd();
    if (this.#wasAtEnd) this.#jump.hidden = true;
  }

  #nearEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
  }
}

/** Cards of one utterance arrive as messages of their own: `id`, `id.1`, `id.2`. */
function grouped(messages: readonly Message[]): Group[] {
  const groups: Group[] = [];
  for (const message of messages) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const together = before?.card && message.card && !message.text && utterance(before.id) === utterance(message.id);
    if (group && together) group.push(message);
    else groups.push([message]);
  }
  return groups;
}

/** The id without the number that tells the messages of one utterance apart. */
function utterance(id: string): string {
  return /^(bot-\d+\.\d+|.*?)(?:\.\d+)?$/.exec(id)?.[1] ?? id;
}

function startsGroup(message: Message, previous: Message): boolean {
  return (
    message.sender !== previous.sender ||
    message.agent !== previous.agent ||
    message.time - previous.time > GROUP_MS
  );
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

function welcomeView(texts: Texts): HTMLElement {
  const title = element("p", "welcome-title", {}, texts.welcome);
  return element("div", "welcome", {}, title, element("p", "", {}, texts.welcomeMore));
}
