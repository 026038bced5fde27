import type { LauncherTexts } from "../texts/launcher";
import { button, element, icon, ICONS } from "./dom";

/** The round button that opens the chat, its unread badge, and the greeting beside it. */
export class Launcher {
  readonly root: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #badge = element("span", "badge", { "aria-hidden": "true" });
  readonly #bubble: HTMLButtonElement;
  readonly #dismiss: HTMLButtonElement;
  readonly #from = element("strong", "greeting-from");
  readonly #words = element("span", "greeting-text", { dir: "auto" });
  /** Stays in the page while empty: a live region speaks only what changes in it. */
  readonly #greeting = element("div", "greeting", { role: "status" });
  #unread = 0;

  constructor(texts: LauncherTexts, onOpen: () => void) {
    this.#button = button("launcher", "", onOpen);
    this.#button.append(icon(ICONS.chat), this.#badge);
    this.#button.setAttribute("aria-expanded", "false");
    this.#bubble = button("greeting-open", "", onOpen);
    this.#bubble.append(this.#from, this.#words);
    this.#dismiss = button("greeting-dismiss", "", () => { this.hideGreeting(); this.focus(); });
    this.#dismiss.append(icon(ICONS.close));
    this.root = element("div", "launching", {}, this.#greeting, this.#button);
    this.#badge.hidden = true;
    this.setTexts(texts);
  }

  setTexts(texts: LauncherTexts): void {
    if (!this.#unread) this.#button.setAttribute("aria-label", texts.open);
    this.#dismiss.setAttribute("aria-label", texts.dismiss);
    this.#from.textContent = texts.greetingFrom;
  }

  setOpen(open: boolean): void {
    this.root.classList.toggle("open", open);
    this.#button.setAttribute("aria-expanded", String(open));
  }

  setBusy(busy: boolean): void {
    this.#button.classList.toggle("busy", busy);
    this.#button.setAttribute("aria-busy", String(busy));
  }

  setUnread(count: number, label: string): void {
    this.#unread = count;
    this.#badge.textContent = count > 99 ? "99+" : String(count);
    this.#badge.hidden = count === 0;
    this.#button.setAttribute("aria-label", label);
  }

  greet(text: string): void {
    this.#words.textContent = text;
    this.#from.hidden = false;
    this.#greeting.replaceChildren(this.#bubble, this.#dismiss);
  }

  complain(text: string): void {
    this.greet(text);
    this.#from.hidden = true;
  }

  hideGreeting(): void {
    this.#greeting.replaceChildren();
  }

  focus(): void {
    this.#button.focus({ preventScroll: true });
  }
}
