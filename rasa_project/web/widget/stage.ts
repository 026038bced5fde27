import type { Panel } from "./conversation";
import { SessionStore } from "./chat/session-store";
import type { Identity } from "./chat/wire";
import { watchForGreeting } from "./greeting";
import { readOptions, type Options } from "./options";
import { launcherEn, launcherZh, type LauncherTexts } from "./texts/launcher";
import { fetchOwn, fill, type Own } from "./texts/own";
import { element } from "./view/dom";
import { Launcher } from "./view/launcher";
import { addStyles, layOut } from "./view/look";
import styles from "./view/styles/launcher.css?inline";

/** What the chat, once fetched, is given to draw and tell. */
export interface Surroundings {
  root: ShadowRoot;
  frame: HTMLElement;
  options: Options;
  own: Own;
  texts: LauncherTexts;
  closed(): void;
  unread(count: number): void;
  tell(event: string, detail?: unknown): void;
}

/** One chat on the page: a launcher at once, the chat itself when it is wanted. */
export class Stage {
  readonly #host: HTMLElement;
  readonly #script: string;
  readonly #options: Options;
  readonly #root: ShadowRoot;
  readonly #frame: HTMLElement;
  readonly #launcher: Launcher;
  readonly #ends: (() => void)[] = [];
  readonly #own: Promise<Own>;
  #texts: LauncherTexts;
  #panel: Promise<Panel> | null = null;
  #attempts = 0;
  #ended = false;
  /** What was last asked for, however long the fetching takes. */
  #wantsOpen = false;

  constructor(host: HTMLElement, script: string) {
    this.#host = host;
    this.#script = script;
    this.#options = readOptions(host, script);
    this.#root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    this.#texts = this.#options.language === "zh" ? launcherZh : launcherEn;
    this.#launcher = new Launcher(this.#texts, () => { this.open(); });
    this.#frame = element("div", "frame", { lang: this.#options.language }, this.#launcher.root);
    addStyles(this.#root, styles);
    this.#root.append(this.#frame);
    this.#ends.push(layOut(host, this.#frame, this.#options));
    this.#own = fetchOwn(this.#options.texts);
    void this.#own.then((own) => { this.#takeTexts(own); });
    this.#begin();
  }

  open(takeFocus = true): void {
    this.#wantsOpen = true;
    this.#launcher.hideGreeting();
    this.#launcher.setBusy(true);
    this.#whenThere((panel) => {
      this.#launcher.setBusy(false);
      if (!this.#wantsOpen) return;
      this.#launcher.setOpen(true);
      panel.open(takeFocus);
    });
  }

  close(): void {
    this.#wantsOpen = false;
    if (this.#panel) this.#whenThere((panel) => { panel.close(); });
  }

  toggle(): void {
    if (this.#wantsOpen) this.close();
    else this.open();
  }

  send(text: string): void {
    this.#whenThere((panel) => { panel.send(text); });
  }

  setUser(identity: Identity): void {
    this.#whenThere((panel) => { panel.setUser(identity); });
  }

  logOut(): void {
    this.#whenThere((panel) => { panel.logOut(); });
  }

  /** Greets the customer beside the launcher; whoever has the chat open is greeted already. */
  greet(text: string): void {
    if (this.#wantsOpen || this.#options.inline) return;
    this.#launcher.greet(text);
    this.#tell("greeting", { text });
  }

  end(): void {
    this.#ended = true;
    for (const end of this.#ends) end();
    void this.#panel?.then((panel) => { panel.end(); }, () => undefined);
    this.#frame.remove();
  }

  #begin(): void {
    const known = new SessionStore(this.#options.server).read() !== null;
    if (this.#options.inline) this.open(false);
    // A returning customer hears of an agent's answer; a new one costs page and server nothing.
    else if (known) this.#whenThere((panel) => { panel.connect(); });
    else this.#ends.push(watchForGreeting(this.#host, this.#options.server, (text) => { this.greet(text); }));
  }

  #whenThere(use: (panel: Panel) => void): void {
    this.#panel ??= this.#fetch();
    this.#panel.then(
      (panel) => { if (!this.#ended) use(panel); },
      () => { this.#failed(); },
    );
  }

  async #fetch(): Promise<Panel> {
    this.#attempts += 1;
    const file = new URL(__CHAT_FILE__, this.#script);
    // A browser may remember that an address failed, so that asking again needs another one.
    if (this.#attempts > 1) file.searchParams.set("again", String(this.#attempts));
    const [chat, own] = await Promise.all([
      import(/* @vite-ignore */ file.href) as Promise<typeof import("./conversation")>,
      this.#own,
    ]);
    return chat.furnish(this.#surroundings(own));
  }

  #surroundings(own: Own): Surroundings {
    return {
      root: this.#root,
      frame: this.#frame,
      options: this.#options,
      own,
      texts: this.#texts,
      closed: () => { this.#closed(); },
      unread: (count) => { this.#showUnread(count); },
      tell: (event, detail) => { this.#tell(event, detail); },
    };
  }

  #failed(): void {
    this.#panel = null;
    this.#launcher.setBusy(false);
    if (this.#wantsOpen) this.#launcher.complain(this.#texts.loadFailed);
    this.#wantsOpen = false;
  }

  #closed(): void {
    this.#wantsOpen = false;
    this.#launcher.setOpen(false);
    this.#launcher.focus();
  }

  #showUnread(count: number): void {
    const { open, openUnread, openUnreadOne } = this.#texts;
    const label = count === 1 ? openUnreadOne : openUnread;
    this.#launcher.setUnread(count, count ? fill(label, { count }) : open);
  }

  #takeTexts(own: Own): void {
    this.#texts = { ...this.#texts, ...own };
    this.#launcher.setTexts(this.#texts);
    if (own.dir === "rtl" || own.dir === "ltr") this.#frame.dir = own.dir;
  }

  #tell(event: string, detail: unknown = null): void {
    this.#host.dispatchEvent(new CustomEvent(`attune-${event}`, { detail, bubbles: true, composed: true }));
  }
}
