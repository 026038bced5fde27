import type { Casework, Note } from "../data/casework";
import type { Desk } from "../data/desk";
import type { Draft } from "../data/drafts";
import type { Language, Message } from "../data/types";
import type { Texts } from "../texts";
import { moment } from "./clock";
import { emotionButton } from "./correct";
import { button, element } from "./dom";
import { filesView } from "./files";
import { wordsPanel } from "./words";

/** What is longer is shown from its beginning, and whole on demand. */
const LONG_CHARACTERS = 4000;
/** Half of a character that was cut in two. */
const HALF = /[\uD800-\uDBFF]$/;

type Correction = Casework["corrections"][string];

/** Draws single messages, notes, and answers on their way. */
export class Messages {
  /** Long ones that the agent has opened; they stay so when they are drawn anew. */
  private readonly opened = new Set<string>();

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
    private readonly desk: Desk,
  ) {}

  /** Draws a message; `known` where it was there before and is different now. */
  message(message: Message, correction: Correction | undefined, known: boolean): HTMLElement {
    const node = element("li", `message ${message.sender}`, { "data-message": String(message.id) });
    const bubble = element("div", "bubble", {}, ...(message.wordless ? [] : this.words(String(message.id), message.text)));
    bubble.append(...filesView(this.texts, message));
    if (message.buttons.length > 0) {
      const titles = message.buttons.map((title) => element("li", "", {}, title));
      bubble.append(element("ul", "offered", { "aria-label": this.texts.message.offered }, ...titles));
    }
    const time = element("time", "", {}, moment(message.timestamp, this.language));
    const meta = element("div", "meta", {}, element("span", "who", {}, this.who(message)), time);
    if (message.emotion) meta.append(this.emotion(message, correction, node));
    node.append(bubble, meta, ...this.delivery(message, known));
    return node;
  }

  note(note: Note): HTMLElement {
    const bubble = element("div", "bubble", {}, ...this.words(`note-${note.id}`, note.text));
    const who = element("span", "who", {}, `${this.texts.casework.note.title} · ${note.agent}`);
    const time = element("time", "", {}, moment(note.at, this.language));
    return element("li", "message note", {}, bubble, element("div", "meta", {}, who, time));
  }

  draft(draft: Draft): HTMLElement {
    const { you, sending, failed, again } = this.texts.message;
    const state = draft.failed
      ? element("div", "delivery failed", { role: "alert" }, failed, " ", button("link", again, () => void this.desk.drafts.again(draft)))
      : element("div", "delivery", {}, sending);
    const bubble = element("div", "bubble", {}, draft.text ? element("p", "", { dir: "auto" }, draft.text) : null);
    if (draft.files.length > 0) bubble.append(element("p", "", { dir: "auto" }, draft.files.map(({ name }) => name).join(", ")));
    return element("li", "message agent", {}, bubble, element("div", "meta", {}, element("span", "who", {}, you)), state);
  }

  /** Names who said it. */
  who(message: Message): string {
    const { texts } = this;
    if (message.sender !== "agent") return texts.message[message.sender];
    return message.agent === this.desk.me.display_name ? texts.message.you : (message.agent ?? "");
  }

  private words(key: string, text: string): HTMLElement[] {
    const words = element("p", "", { dir: "auto" }, text);
    if (text.length <= LONG_CHARACTERS) return [words];
    words.tabIndex = -1; // for who opened it: the button is gone then
    if (this.opened.has(key)) return [words];
    words.textContent = `${text.slice(0, LONG_CHARACTERS).replace(HALF, "")}…`;
    const whole = button("link whole", this.texts.message.whole(text.length), () => {
      this.opened.add(key);
      words.textContent = text;
      words.focus({ preventScroll: true }); // they read on where they are
      whole.remove();
    });
    return [words, whole];
  }

  private emotion(message: Message, correction: Correction | undefined, node: HTMLElement): HTMLElement {
    const chip = emotionButton(this.texts, message, correction, {
      correct: (id, emotion) => {
        const ticket = this.desk.selected;
        if (ticket !== null) void this.desk.casework.correct(ticket, id, emotion);
      },
      explain: (id) => {
        node.querySelector(".words")?.remove();
        node.append(wordsPanel(this.texts, this.desk.casework.words(id)));
      },
    });
    chip.tabIndex = -1; // the transcript has one place for Tab, and the arrow keys
    return chip;
  }

  /** Says what keeps an answer from its customer; aloud only where that has just come to pass. */
  private delivery(message: Message, known: boolean): HTMLElement[] {
    const { sending, dead, resend } = this.texts.message;
    if (message.delivery === "pending") return [element("div", "delivery", {}, sending)];
    if (message.delivery !== "dead" || message.message_id === null) return [];
    const id = message.message_id;
    const attributes: Record<string, string> = known ? { role: "alert" } : {};
    return [element("div", "delivery failed", attributes, dead, " ", button("link", resend, () => void this.desk.resend(id)))];
  }
}
