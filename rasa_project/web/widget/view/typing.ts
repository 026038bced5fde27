import { fill, type Texts } from "../texts";
import { element } from "./dom";

// An answer within this time needs no announcement that it is coming.
const DELAY_MS = 300;

/** The three dots of whoever prepares an answer. */
export class TypingView {
  readonly root: HTMLElement;
  readonly #texts: Texts;
  readonly #dots: HTMLElement;
  readonly #who = element("span", "typing-name");
  /** Carries out a change of the view, so that its owner can scroll along. */
  readonly #carryOut: (change: () => void) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(texts: Texts, carryOut: (change: () => void) => void) {
    this.#texts = texts;
    this.#carryOut = carryOut;
    this.#dots = element("div", "typing", { role: "img" }, element("i"), element("i"), element("i"));
    this.root = element("div", "typing-line", {}, this.#dots, this.#who);
    this.root.hidden = true;
  }

  /** Shows that a human writes, else that the bot does, else nothing. */
  show(human: string | null, bot: boolean): void {
    const label = human === null ? this.#texts.typing : fill(this.#texts.agentTyping, { name: human });
    this.#dots.setAttribute("aria-label", label);
    this.#who.textContent = human === null ? "" : label;
    this.#who.setAttribute("aria-hidden", "true"); // the dots have said it
    if (human === null && !bot) this.#hide();
    else this.#timer ??= setTimeout(() => { this.#carryOut(() => { this.root.hidden = false; }); }, DELAY_MS);
  }

  #hide(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.root.hidden = true;
  }
}
