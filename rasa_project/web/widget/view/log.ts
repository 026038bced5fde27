import type { Chat } from "../chat/chat";
import type { Message } from "../chat/messages";
import type { Texts } from "../texts";
import { button, element, icon, ICONS } from "./dom";
import { messageView, signature, type Context } from "./message-view";

// An answer within this time needs no announcement that it is coming.
const TYPING_DELAY_MS = 300;
// After this long the next message of the same speaker shows name and time again.
const GROUP_MS = 5 * 60_000;
const NEAR_BOTTOM_PX = 80;

/** The scrolling list of messages. */
export class Log {
  readonly root: HTMLElement;
  readonly #chat: Chat;
  readonly #texts: Texts;
  readonly #language: string;
  readonly #scroller: HTMLElement;
  readonly #list = element("ol", "messages");
  readonly #welcome: HTMLElement;
  readonly #typing: HTMLElement;
  readonly #jump: HTMLButtonElement;
  readonly #views = new Map<string, { signature: string; node: HTMLLIElement }>();
  #typingTimer: ReturnType<typeof setTimeout> | null = null;
  #lastId: string | null = null;

  constructor(chat: Chat, texts: Texts, language: string) {
    this.#chat = chat;
    this.#texts = texts;
    this.#language = language;
    this.#welcome = element(
      "div", "welcome", {}, element("p", "welcome-title", {}, texts.welcome), element("p", "", {}, texts.welcomeMore),
    );
    this.#typing = typingView(texts);
    this.#jump = button("jump", texts.newMessages, () => { this.scrollToEnd(true); });
    this.#jump.append(icon(ICONS.down));
    // Focusable, so that the keyboard can scroll it.
    const attributes = { role: "log", "aria-label": texts.transcript, "aria-live": "off", tabindex: "0" };
    this.#scroller = element("div", "log", attributes, this.#welcome, this.#list, this.#typing);
    this.#scroller.addEventListener("scroll", () => { if (this.#nearEnd()) this.#jump.hidden = true; });
    this.#jump.hidden = true;
    this.root = element("div", "log-frame", {}, this.#scroller, this.#jump);
  }

  update(): void {
    const wasNearEnd = this.#nearEnd();
    const messages = this.#chat.messages;
    this.#welcome.hidden = messages.length > 0 || !this.#chat.loaded;
    this.#show(this.#nodesFor(messages));
    this.#showTyping(this.#chat.waiting && this.#chat.status === "online");
    this.#followUp(messages.at(-1), wasNearEnd);
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

  focus(): void {
    this.#scroller.focus({ preventScroll: true });
  }

  #nodesFor(messages: readonly Message[]): HTMLLIElement[] {
    const nodes: HTMLLIElement[] = [];
    messages.forEach((message, index) => {
      const previous = messages[index - 1];
      const day = this.#dayOf(message);
      if (day !== (previous ? this.#dayOf(previous) : this.#texts.today)) nodes.push(this.#dayNode(day));
      nodes.push(this.#nodeFor(message, previous, index === messages.length - 1));
    });
    return nodes;
  }

  #nodeFor(message: Message, previous: Message | undefined, latest: boolean): HTMLLIElement {
    const context: Context = {
      texts: this.#texts,
      language: this.#language,
      first: previous === undefined || startsGroup(message, previous),
      latest,
      onChoose: (reply) => { this.#chat.choose(reply); },
      onRetry: (id) => { this.#chat.retry(id); },
    };
    const wanted = signature(message, context);
    const known = this.#views.get(message.id);
    if (known?.signature === wanted) return known.node;
    const node = messageView(message, context);
    this.#views.set(message.id, { signature: wanted, node });
    return node;
  }

  #dayNode(day: string): HTMLLIElement {
    const known = this.#views.get(day);
    if (known) return known.node;
    const node = element("li", "day", {}, day);
    this.#views.set(day, { signature: "", node });
    return node;
  }

  #dayOf(message: Message): string {
    const days = Math.round((startOfDay(Date.now()) - startOfDay(message.time)) / 86_400_000);
    if (days <= 0) return this.#texts.today;
    if (days === 1) return this.#texts.yesterday;
    return new Intl.DateTimeFormat(this.#language, { dateStyle: "long" }).format(message.time);
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

  #showTyping(waiting: boolean): void {
    if (!waiting) {
      if (this.#typingTimer) clearTimeout(this.#typingTimer);
      this.#typingTimer = null;
      this.#typing.hidden = true;
    } else {
      this.#typingTimer ??= setTimeout(() => {
        const follow = this.#nearEnd();
        this.#typing.hidden = false;
        if (follow) this.scrollToEnd();
      }, TYPING_DELAY_MS);
    }
  }

  #followUp(last: Message | undefined, wasNearEnd: boolean): void {
    const isNew = last !== undefined && last.id !== this.#lastId;
    this.#lastId = last?.id ?? null;
    if (wasNearEnd || (isNew && last.sender === "user")) this.scrollToEnd();
    else if (isNew) this.#jump.hidden = false;
  }

  #nearEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
  }
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

function typingView(texts: Texts): HTMLElement {
  const dots = [1, 2, 3].map(() => element("i"));
  const view = element("div", "typing", { role: "img", "aria-label": texts.typing }, ...dots);
  view.hidden = true;
  return view;
}
