import type { Chat } from "../chat/chat";
import type { Language } from "../options";
import type { Texts } from "../texts";
import { Composer } from "./composer";
import { button, element, icon, ICONS } from "./dom";
import { Log } from "./log";
import styles from "./styles.css?inline";

const FULL_SCREEN = "(max-width: 480px)";

/** The launcher and the panel, inside a shadow root that the page's styles do not reach. */
export class Widget {
  readonly #chat: Chat;
  readonly #texts: Texts;
  readonly #root: ShadowRoot;
  readonly #launcher: HTMLButtonElement;
  readonly #badge = element("span", "badge", { "aria-hidden": "true" });
  readonly #panel: HTMLElement;
  readonly #presence = element("p", "presence");
  readonly #banner = element("p", "banner", { role: "status" });
  readonly #log: Log;
  readonly #composer: Composer;
  /** Messages of the other side seen so far; null until the history is there. */
  #seen: Set<string> | null = null;
  #unread = 0;

  constructor(host: HTMLElement, chat: Chat, texts: Texts, language: Language) {
    this.#chat = chat;
    this.#texts = texts;
    this.#log = new Log(chat, texts, language);
    this.#composer = new Composer(chat, texts);
    this.#launcher = button("launcher", "", () => { this.toggle(); });
    this.#launcher.append(icon(ICONS.chat), this.#badge);
    this.#launcher.setAttribute("aria-controls", "attune-panel");
    this.#panel = this.#buildPanel();
    const frame = element("div", "frame", { lang: language }, this.#panel, this.#launcher);
    this.#root = host.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [styleSheet()];
    this.#root.append(frame);
    chat.onChange(() => { this.#update(); });
    this.#update();
  }

  open(): void {
    this.#panel.hidden = false;
    this.#chat.connect();
    this.#update();
    this.#log.scrollToEnd();
    this.#composer.focus();
  }

  close(): void {
    this.#panel.hidden = true;
    this.#update();
    this.#launcher.focus({ preventScroll: true });
  }

  toggle(): void {
    if (this.#panel.hidden) this.open();
    else this.close();
  }

  #buildPanel(): HTMLElement {
    const heading = element("h2", "", { id: "attune-title" }, this.#texts.title);
    const close = button("close", "", () => { this.close(); });
    close.setAttribute("aria-label", this.#texts.close);
    close.title = this.#texts.close;
    close.append(icon(ICONS.close));
    const header = element("header", "", {}, element("div", "who", {}, heading, this.#presence), close);
    const attributes = { id: "attune-panel", role: "dialog", "aria-labelledby": "attune-title" };
    const panel = element(
      "section", "panel", attributes, header, this.#banner, this.#log.root, this.#composer.root,
    );
    panel.hidden = true;
    panel.addEventListener("keydown", (event) => { this.#onKey(event); });
    return panel;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation(); // the page's own dialog stays open
      this.close();
    } else if (event.key === "Tab" && matchMedia(FULL_SCREEN).matches) {
      this.#keepFocus(event);
    }
  }

  /** Nothing behind a panel that fills the screen can be seen, so nothing there takes the focus. */
  #keepFocus(event: KeyboardEvent): void {
    const stops = [...this.#panel.querySelectorAll<HTMLElement>("button, a[href], textarea, [tabindex]")]
      .filter((stop) => stop.getClientRects().length > 0);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (this.#root.activeElement !== from) return;
    event.preventDefault();
    to?.focus();
  }

  #update(): void {
    const isOpen = !this.#panel.hidden;
    this.#countUnread(isOpen);
    this.#launcher.setAttribute("aria-expanded", String(isOpen));
    this.#launcher.classList.toggle("open", isOpen);
    this.#launcher.setAttribute("aria-label", this.#launcherLabel(isOpen));
    this.#badge.textContent = this.#unread ? String(this.#unread) : "";
    this.#badge.hidden = this.#unread === 0;
    this.#presence.textContent = this.#presenceText();
    this.#presence.dataset.status = this.#chat.status;
    const offline = this.#chat.status === "offline" ? this.#texts.offline : "";
    if (this.#banner.textContent !== offline) this.#banner.textContent = offline;
    this.#log.update();
  }

  #launcherLabel(isOpen: boolean): string {
    if (isOpen) return this.#texts.close;
    return this.#unread ? this.#texts.openUnread(this.#unread) : this.#texts.open;
  }

  #presenceText(): string {
    if (this.#chat.status !== "online") return this.#texts.connecting;
    const speaking = this.#chat.messages.filter(({ sender }) => sender === "bot" || sender === "agent");
    const last = speaking.at(-1);
    return last?.sender === "agent" ? this.#texts.agentHere(last.agent) : this.#texts.assistantHere;
  }

  #countUnread(isOpen: boolean): void {
    if (!this.#chat.loaded) return;
    const received = this.#chat.messages.filter(({ sender }) => sender !== "user");
    if (isOpen || this.#seen === null) this.#seen = new Set(received.map(({ id }) => id));
    const seen = this.#seen;
    this.#unread = received.filter(({ id }) => !seen.has(id)).length;
  }
}

/** A constructed sheet is no inline style, so a strict Content-Security-Policy lets it be. */
function styleSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  return sheet;
}
