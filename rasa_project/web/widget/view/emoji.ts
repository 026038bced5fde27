import type { Texts } from "../texts";
import { button, element, iconButton, ICONS } from "./dom";

/** Those that service conversations use; the keyboard of the system has all others. */
const EMOJI = Array.from("😀😊🙂😉😅😂🥰😍🤔😐🙁😢😭😤😠😱🙏👍👎👌👏💪🤝👋✅❌❓❗⭐💯🎉🌹📦🚚🔧💰📷📞⏰💔");
const COLUMNS = 8;

/** A small panel of emoji above the box to write in; arrow keys walk through it. */
export class EmojiPicker {
  readonly root: HTMLElement;
  readonly toggle: HTMLButtonElement;
  readonly #buttons: HTMLButtonElement[];

  constructor(texts: Texts, onChoose: (emoji: string) => void) {
    this.toggle = iconButton("tool", texts.emoji, ICONS.smile, () => { this.#show(this.root.hidden); });
    this.#buttons = EMOJI.map((emoji) => button("emoji", emoji, () => { this.#show(false); onChoose(emoji); }));
    this.#buttons.forEach((one, index) => { one.tabIndex = index ? -1 : 0; });
    this.root = element("div", "emojis", { role: "group", "aria-label": texts.emoji }, ...this.#buttons);
    this.root.addEventListener("keydown", (event) => { this.#onKey(event); });
    this.root.addEventListener("focusout", ({ relatedTarget }) => {
      const inside = relatedTarget instanceof Node && (this.root.contains(relatedTarget) || relatedTarget === this.toggle);
      if (!inside) this.#show(false);
    });
    this.#show(false);
  }

  #show(shown: boolean): void {
    this.root.hidden = !shown;
    this.toggle.setAttribute("aria-expanded", String(shown));
    if (shown) this.#buttons[0]?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const at = this.#buttons.indexOf(event.target as HTMLButtonElement);
    const forward = getComputedStyle(this.root).direction === "rtl" ? -1 : 1;
    const steps: Record<string, number> = {
      ArrowRight: forward, ArrowLeft: -forward, ArrowDown: COLUMNS, ArrowUp: -COLUMNS, Home: -at, End: this.#buttons.length - 1 - at,
    };
    const step = steps[event.key];
    if (event.key === "Escape") {
      event.stopPropagation(); // the chat stays open
      this.#show(false);
      this.toggle.focus();
    } else if (step !== undefined) {
      event.preventDefault();
      this.#buttons[at + step]?.focus();
    }
  }
}
