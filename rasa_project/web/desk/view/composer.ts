import type { Texts } from "../texts";
import { element, setText } from "./dom";

const MAX_CHARACTERS = 4000;

/** Where the agent writes; what is not sent yet is kept for each conversation. */
export class Composer {
  readonly element: HTMLFormElement;
  private readonly box: HTMLTextAreaElement;
  private readonly sendButton: HTMLButtonElement;
  private readonly hint = element("p", "hint soft", { id: "composer-hint" });

  constructor(
    private readonly texts: Texts,
    private readonly kept: { text: string },
    private readonly onSend: (text: string) => void,
  ) {
    const { label, placeholder, send } = texts.composer;
    this.box = element("textarea", "", {
      rows: "1", placeholder, "aria-label": label, "aria-describedby": "composer-hint", dir: "auto",
    });
    this.box.value = kept.text;
    this.sendButton = element("button", "primary", { type: "submit" }, send);
    this.element = element("form", "composer", {}, this.box, this.sendButton, this.hint);
    this.box.addEventListener("input", () => { this.changed(); });
    this.box.addEventListener("keydown", (event) => {
      // While an input method is composing, Enter chooses a word.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.changed();
  }

  focus(): void {
    this.box.focus();
  }

  private changed(): void {
    this.kept.text = this.box.value;
    const over = this.box.value.trim().length - MAX_CHARACTERS;
    const { hint, over: tooLong } = this.texts.composer;
    setText(this.hint, over > 0 ? tooLong(over) : hint);
    this.hint.classList.toggle("failed", over > 0);
    this.sendButton.disabled = over > 0 || this.box.value.trim() === "";
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  private send(): void {
    if (this.sendButton.disabled) return;
    const text = this.box.value.trim();
    this.box.value = "";
    this.changed();
    this.onSend(text);
  }
}
