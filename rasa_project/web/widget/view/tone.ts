import type { Chat } from "../chat/chat";
import type { Texts } from "../texts";
import { button, element } from "./dom";

/** Whether the customer has heard of the reading of tones, and allows it. */
type Choice = "unasked" | "allowed" | "refused";

/** How the server is told, along with every message; see `rasa_nlu.py`. */
const METADATA = "read_tone";

/** The customer's choice whether the tone of messages is read, kept in this browser. */
export class Tone {
  /** The notice above the conversation, until it is answered. */
  readonly notice: HTMLElement;
  readonly #chat: Chat;
  readonly #key: string;
  readonly #shown: boolean;
  readonly #listeners: (() => void)[] = [];
  #choice: Choice;

  constructor(chat: Chat, texts: Texts, server: string, shown: boolean) {
    this.#chat = chat;
    this.#key = `attune-tone:${server}`;
    this.#shown = shown;
    this.#choice = this.#read();
    const keep = button("quiet", texts.toneKeep, () => { this.allow(true); });
    const refuse = button("quiet", texts.toneOff, () => { this.allow(false); });
    const answers = element("div", "answers", {}, refuse, keep);
    this.notice = element("section", "tone", { "aria-label": texts.toneSwitch }, element("p", "", {}, texts.toneNotice), answers);
    this.notice.hidden = !shown || this.#choice !== "unasked";
    this.#tellServer();
    addEventListener("storage", this.#onOtherTab);
  }

  get allowed(): boolean {
    return this.#choice !== "refused";
  }

  end(): void {
    removeEventListener("storage", this.#onOtherTab);
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  allow(allowed: boolean): void {
    this.#take(allowed ? "allowed" : "refused");
    this.#write();
  }

  /** Somebody else may sit here next, who is told anew. */
  forget(): void {
    this.#take("unasked");
    this.#write();
  }

  /** What was chosen in one tab holds in all of them. */
  readonly #onOtherTab = ({ key }: StorageEvent) => {
    if (key === this.#key) this.#take(this.#read());
  };

  #take(choice: Choice): void {
    this.#choice = choice;
    this.notice.hidden = !this.#shown || choice !== "unasked";
    this.#tellServer();
    for (const listener of this.#listeners) listener();
  }

  /** A refusal counts from the first message on; its withdrawal has to be told as well. */
  #tellServer(): void {
    this.#chat.setMetadata(this.#choice === "unasked" ? {} : { [METADATA]: this.allowed });
  }

  #read(): Choice {
    try {
      const kept = localStorage.getItem(this.#key);
      return kept === "allowed" || kept === "refused" ? kept : "unasked";
    } catch {
      return "unasked"; // storage is blocked: the choice holds for this page
    }
  }

  #write(): void {
    try {
      localStorage.setItem(this.#key, this.#choice);
    } catch {
      // see `#read`
    }
  }
}
