import type { Chat } from "../chat/chat";
import type { Connection } from "../chat/connection";
import type { Identity } from "../chat/wire";
import type { Surroundings } from "../stage";
import { fill, type Texts } from "../texts";
import { Attention } from "./attention";
import { Composer } from "./composer";
import { element, icon, iconButton, ICONS } from "./dom";
import { Log } from "./log";
import { avatar } from "./message-view";
import { Settings } from "./settings";
import { Tone } from "./tone";
import { Unread } from "./unread";
import { fitToViewport } from "./viewport";
import { StandingView } from "./waiting/standing-view";

const FULL_SCREEN = "(max-width: 480px)";

/** The window of the chat: header, conversation, and the box to write in. */
export class Panel {
  readonly #surroundings: Surroundings;
  readonly #chat: Chat;
  readonly #connection: Connection;
  readonly #texts: Texts;
  readonly #unread: Unread;
  readonly #attention: Attention;
  readonly #settings: Settings;
  readonly #tone: Tone;
  readonly #log: Log;
  readonly #composer: Composer;
  readonly #presence = element("p", "presence");
  readonly #face = element("div", "face-of");
  readonly #banner = element("p", "banner", { role: "status" });
  readonly #root: HTMLElement;
  /** Made for a customer who waits for a person. */
  #standing: StandingView | null = null;
  readonly #ends: (() => void)[];
  #told = 0;

  constructor(surroundings: Surroundings, chat: Chat, connection: Connection, texts: Texts) {
    const { options } = surroundings;
    this.#surroundings = surroundings;
    this.#chat = chat;
    this.#connection = connection;
    this.#texts = texts;
    this.#unread = new Unread(chat);
    this.#attention = new Attention(texts, () => { this.open(); });
    this.#tone = new Tone(chat, texts, options.server, options.toneNotice);
    this.#settings = new Settings(chat, connection, texts, this.#attention, this.#tone);
    this.#composer = new Composer(chat, texts, connection, options.language);
    this.#log = new Log(chat, texts, options.language, (id) => { this.#composer.change(id); });
    this.#root = this.#build(options.heading ?? texts.title, options.inline);
    surroundings.frame.prepend(this.#root);
    const look = () => { this.#update(); };
    document.addEventListener("visibilitychange", look);
    this.#ends = [
      fitToViewport(this.#root),
      () => { document.removeEventListener("visibilitychange", look); },
      () => { this.#tone.end(); },
    ];
    chat.onChange(look);
    this.#update();
  }

  get isOpen(): boolean {
    return !this.#root.hidden;
  }

  connect(): void {
    this.#chat.connect();
  }

  open(takeFocus = true): void {
    const wasOpen = this.isOpen;
    this.#root.hidden = false;
    this.connect();
    this.#update();
    this.#log.scrollToEnd();
    if (takeFocus) this.#composer.focus();
    if (!wasOpen) this.#surroundings.tell("open");
  }

  close(): void {
    if (!this.isOpen || this.#surroundings.options.inline) return;
    this.#root.hidden = true;
    this.#settings.show(false);
    this.#update();
    this.#surroundings.closed();
    this.#surroundings.tell("close");
  }

  send(text: string): void {
    if (text.trim()) this.#chat.say(text.trim());
  }

  setUser(identity: Identity): void {
    this.#chat.signIn(identity);
  }

  logOut(): void {
    this.#tone.forget();
    this.#chat.signOut();
  }

  end(): void {
    for (const end of this.#ends) end();
    this.#attention.count(0);
    this.#connection.close();
    this.#root.remove();
  }

  #build(heading: string, inline: boolean): HTMLElement {
    const title = element("h2", "", { id: "attune-title", dir: "auto" }, heading);
    const close = iconButton("head-button", this.#texts.close, ICONS.close, () => { this.close(); });
    close.hidden = inline;
    const who = element("div", "who", {}, title, this.#presence);
    const header = element("header", "", {}, this.#face, who, this.#settings.toggle, close);
    const role = inline ? "region" : "dialog";
    const panel = element(
      "section", "panel", { id: "attune-panel", role, "aria-labelledby": "attune-title" },
      header, this.#settings.root, this.#banner, this.#tone.notice, this.#log.root, this.#composer.root,
    );
    this.#composer.uploads.takeDrops(panel);
    panel.hidden = true;
    panel.addEventListener("keydown", (event) => { this.#onKey(event); });
    return panel;
  }

  #onKey(event: KeyboardEvent): void {
    if (this.#surroundings.options.inline) return;
    if (event.key === "Escape") {
      event.stopPropagation(); // the page's own dialog stays open
      this.close();
    } else if (event.key === "Tab" && matchMedia(FULL_SCREEN).matches) {
      this.#keepFocus(event);
    }
  }

  /** Nothing behind a panel that fills the screen can be seen, so nothing there takes the focus. */
  #keepFocus(event: KeyboardEvent): void {
    const stops = [...this.#root.querySelectorAll<HTMLElement>("button, a[href], textarea, input, audio, [tabindex]")]
      .filter((stop) => stop.tabIndex >= 0 && stop.getClientRects().length > 0);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (this.#surroundings.root.activeElement !== from) return;
    event.preventDefault();
    to?.focus();
  }

  #update(): void {
    const looking = this.isOpen && !document.hidden;
    if (looking && !this.#chat.looking) this.#chat.soonReceipt();
    this.#chat.looking = looking;
    this.#unread.update(looking);
    for (const message of this.#unread.takeNew()) {
      if (!looking) this.#attention.call(message);
      const { id, sender, agent, text } = message;
      this.#surroundings.tell("message", { id, sender, agent, text });
    }
    this.#tellUnread();
    this.#showPresence();
    const notice = this.#chat.notice || (this.#chat.status === "offline" ? this.#texts.offline : "");
    if (this.#banner.textContent !== notice) this.#banner.textContent = notice;
    this.#log.update();
    this.#composer.update();
    this.#showStanding();
  }

  #showStanding(): void {
    const { standing } = this.#chat.opened;
    if (standing && !this.#standing) {
      this.#standing = new StandingView(this.#chat, this.#texts, this.#surroundings.options.language);
      this.#banner.after(this.#standing.root);
    }
    this.#standing?.show(standing);
  }

  #tellUnread(): void {
    const { count } = this.#unread;
    if (count === this.#told) return;
    this.#told = count;
    this.#attention.count(count);
    this.#surroundings.unread(count);
    this.#surroundings.tell("unread", { count });
  }

  /** Says who answers: whoever of bot and agents spoke last. */
  #showPresence(): void {
    const speaking = this.#chat.messages.filter(({ sender }) => sender === "bot" || sender === "agent");
    const last = speaking.at(-1);
    const agent = last?.sender === "agent" ? last : null;
    const bot = this.#chat.opened.standing ? this.#texts.waiting : this.#texts.assistantHere;
    const here = agent ? fill(this.#texts.agentHere, { name: agent.agent }) : bot;
    this.#presence.textContent = this.#chat.status === "online" ? here : this.#texts.connecting;
    this.#presence.dataset.status = this.#chat.status;
    if (this.#face.dataset.who === (agent?.agent ?? "")) return;
    this.#face.dataset.who = agent?.agent ?? "";
    const mark = element("span", "avatar", { "aria-hidden": "true" }, icon(ICONS.chat));
    this.#face.replaceChildren(agent ? avatar(agent) : mark);
  }
}
