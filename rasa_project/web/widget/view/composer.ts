import { MAX_TEXT, type Chat } from "../chat/chat";
import type { Texts } from "../texts";
import { button, element, icon, ICONS } from "./dom";

const MAX_HEIGHT_PX = 132;

/** The box to write in. */
export class Composer {
  readonly root: HTMLElement;
  readonly #chat: Chat;
  readonly #texts: Texts;
  readonly #input: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #problem = element("p", "problem", { role: "alert" });

  constructor(chat: Chat, texts: Texts) {
    this.#chat = chat;
    this.#texts = texts;
    this.#input = element("textarea", "", {
      rows: "1",
      placeholder: texts.placeholder,
      "aria-label": texts.input,
      "aria-describedby": "attune-hint",
      enterkeyhint: "send",
      autocomplete: "off",
    });
    this.#send = button("send", "", () => { this.#submit(); });
    this.#send.setAttribute("aria-label", texts.send);
    this.#send.title = texts.send;
    this.#send.append(icon(ICONS.send));
    this.#input.addEventListener("input", () => { this.#fit(); });
    this.#input.addEventListener("keydown", (event) => { this.#onKey(event); });
    const hint = element("span", "unseen", { id: "attune-hint" }, texts.hint);
    const box = element("div", "box", {}, this.#input, this.#send);
    this.root = element("div", "composer", {}, this.#problem, box, hint);
    this.#fit();
  }

  focus(): void {
    this.#fit(); // what was hidden had no height
    this.#input.focus({ preventScroll: true });
  }

  #onKey(event: KeyboardEvent): void {
    // While an input method is composing, Enter picks a candidate (229: Safari's word for it).
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- no other sign in Safari
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit(): void {
    const text = this.#input.value.trim();
    if (text && text.length <= MAX_TEXT) {
      this.#chat.say(text);
      this.#input.value = "";
      this.#fit();
    }
    this.focus();
  }

  #fit(): void {
    const over = this.#input.value.trim().length - MAX_TEXT;
    this.#problem.textContent = over > 0 ? this.#texts.tooLong(over) : "";
    this.#send.classList.toggle("ready", over <= 0 && this.#input.value.trim() !== "");
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight, MAX_HEIGHT_PX)}px`;
  }
}
