import { ApiError } from "../data/api";
import type { Desk } from "../data/desk";
import type { AtRisk, Language, Looked, Looker, Message, Ticket } from "../data/types";
import { sentence, type Texts } from "../texts";
import { moment } from "../view/clock";
import { arrange, button, element, setText } from "../view/dom";
import { emotionChip } from "../view/emotion";
import { supervisors } from "./data";
import { Format } from "./format";

const TICK_MS = 2500;

/** What happens right now: conversations at risk and at the desk, silent watch, stepping in. */
export class Floor {
  readonly element: HTMLElement;
  private readonly risk = element("ul", "people");
  private readonly atDesk = element("ul", "people");
  private readonly problem = element("p", "error", { role: "alert" });
  private readonly panel: HTMLElement;
  private readonly rows = new Map<string, { node: HTMLElement; drawn: string }>();
  private readonly format: Format;
  private timer = 0;
  private watched: string | null = null;
  private log: HTMLElement | null = null;
  private following = true;
  private found: AtRisk[] = [];
  private readonly looker: Looker = {
    again: () => void this.look(),
    risk: (list) => {
      this.found = list;
      this.update();
    },
    said: (conversation, messages) => {
      if (conversation === this.watched) this.append(messages);
    },
  };

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
    private readonly desk: Desk,
    private readonly onRefused: (error: ApiError) => boolean,
    private readonly onTaken: (ticket: number) => void,
  ) {
    const words = texts.supervisors.floor;
    this.format = new Format(language);
    this.panel = element("aside", "watching", { "aria-label": words.watching });
    const lists = element(
      "div",
      "",
      {},
      element("section", "", { "aria-label": words.risk }, element("h3", "", {}, words.risk), this.risk),
      element("section", "", { "aria-label": words.desk }, element("h3", "", {}, words.desk), this.atDesk),
    );
    const head = element("header", "", {}, element("h2", "", { tabindex: "-1" }, texts.supervisors.live));
    this.element = element(
      "main", "floor", {}, head, element("p", "hint soft", {}, words.intro), this.problem,
      element("div", "halves", {}, lists, this.panel),
    );
    this.unwatch();
  }

  start(): void {
    this.timer = window.setInterval(() => { this.update(); }, TICK_MS); // the times run on
    void this.look();
  }

  stop(): void {
    clearInterval(this.timer);
    this.desk.lookAway();
    this.unwatch();
  }

  /** Asks for all there is to see, and says whether it came; from then on the desk tells what changes. */
  private async look(): Promise<boolean> {
    const wanted = this.watched;
    let found: Looked | null = null;
    try {
      found = await this.desk.look(this.looker, wanted);
      this.found = found.risk;
      if (found.watched && wanted === this.watched) this.show(found.watched);
      setText(this.problem, "");
    } catch (error) {
      this.tell(error);
    }
    this.update();
    return found !== null;
  }

  private update(): void {
    const words = this.texts.supervisors.floor;
    const nothing = element("li", "none", {}, element("p", "", {}, words.noRisk), element("p", "soft", {}, words.noRiskHint));
    arrange(this.risk, this.found.length > 0 ? this.found.map((row) => this.atRisk(row)) : [nothing]);
    const tickets = [...this.desk.tickets.values()].sort((a, b) => b.sort_key - a.sort_key).slice(0, 200);
    const nobody = element("li", "none soft", {}, words.noDesk);
    arrange(this.atDesk, tickets.length > 0 ? tickets.map((ticket) => this.ticket(ticket)) : [nobody]);
  }

  private atRisk(row: AtRisk): HTMLElement {
    const words = this.texts.supervisors.floor;
    const notes = row.forecast === null ? [] : [words.forecast(this.format.share(row.forecast))];
    return this.row(row.id, row, [...notes, words.ago(this.format.time(this.desk.now() - row.last_seen))], () => {
      this.confirm(words.takeOverBot, words.explainBot, () => supervisors.takeFromBot(row.id));
    });
  }

  private ticket(ticket: Ticket): HTMLElement {
    const words = this.texts.supervisors.floor;
    const agent = ticket.agent;
    const mine = agent?.id === this.desk.me.id;
    const who = agent ? words.withAgent(agent.display_name) : words.waiting;
    const take = agent && !mine
      ? () => {
          const title = words.takeOverFrom(agent.display_name);
          this.confirm(title, words.explainColleague(agent.display_name), () => supervisors.takeFromColleague(ticket.id));
        }
      : null;
    return this.row(ticket.conversation, ticket, [`#${ticket.id}`, who], take);
  }

  private row(id: string, shown: Pick<AtRisk, "emotion" | "preview" | "channel">, notes: string[], take: (() => void) | null): HTMLElement {
    const words = this.texts.supervisors.floor;
    const key = `${id}/${take === null ? "" : "take"}`;
    const drawn = JSON.stringify([shown.preview, shown.emotion?.name, notes, this.watched === id]);
    const kept = this.rows.get(key);
    if (kept?.drawn === drawn) return kept.node;
    const name = words.conversation(short(id));
    const watch = button("", words.watch, () => void this.watch(id));
    watch.setAttribute("aria-label", words.watchOf(name));
    watch.setAttribute("aria-pressed", String(this.watched === id));
    const buttons = element("div", "actions", {}, watch, take && button("", words.takeOver, take));
    const parts = [name, ...(shown.channel ? [shown.channel] : []), ...notes];
    const top = element("p", "row marks", {}, shown.emotion ? emotionChip(this.texts, shown.emotion) : null, parts.join(" · "));
    const content = [element("div", "about-row", {}, top, element("p", "preview", { dir: "auto" }, shown.preview || "…")), buttons];
    // The same node, so that a focused button is not lost: only its content is new.
    const node = kept?.node ?? element("li");
    const focused = [...node.querySelectorAll("button")].findIndex((entry) => entry === document.activeElement);
    node.replaceChildren(...content);
    if (focused >= 0) node.querySelectorAll("button")[focused]?.focus();
    this.rows.set(key, { node, drawn });
    return node;
  }

  private async watch(id: string): Promise<void> {
    this.watched = id;
    this.log = null;
    const shown = await this.look();
    if (!shown && this.watched === id) this.unwatch();
    this.panel.querySelector<HTMLElement>("h3")?.focus();
  }

  private unwatch(): void {
    this.watched = null;
    this.log = null;
    this.panel.replaceChildren(element("p", "none soft", {}, this.texts.supervisors.floor.choose));
  }

  private show(found: NonNullable<Looked["watched"]>): void {
    const words = this.texts.supervisors.floor;
    if (!this.log) {
      const title = element("h3", "", { tabindex: "-1" }, words.conversation(short(found.conversation.id)));
      const close = button("quiet", words.close, () => {
        this.unwatch();
        void this.look();
      });
      this.log = element("ol", "log", { tabindex: "0", "aria-label": words.watching });
      this.log.addEventListener("contentvisibilityautostatechange", () => { this.follow(); }, true);
      this.log.addEventListener("scroll", () => { this.following = this.log !== null && isAtEnd(this.log); });
      const head = element("header", "", {}, title, close);
      this.panel.replaceChildren(head, element("p", "hint soft", {}, words.silent), this.log);
      this.following = true;
    }
    this.append(found.messages);
  }

  private append(messages: Message[]): void {
    const known = new Set([...(this.log?.children ?? [])].map((node) => (node as HTMLElement).dataset.message));
    const fresh = messages.filter((message) => !known.has(String(message.id)));
    this.log?.append(...fresh.map((message) => this.message(message)));
    this.follow();
  }

  private follow(): void {
    if (this.log && this.following) this.log.scrollTop = this.log.scrollHeight;
  }

  private message(message: Message): HTMLElement {
    const who = message.sender === "agent" ? (message.agent ?? "") : this.texts.message[message.sender];
    const meta = element("div", "meta", {}, element("span", "who", {}, who), element("time", "", {}, moment(message.timestamp, this.language)));
    if (message.emotion) meta.append(emotionChip(this.texts, message.emotion));
    const bubble = element("div", "bubble", {}, element("p", "", { dir: "auto" }, message.text));
    return element("li", `message ${message.sender}`, { "data-message": String(message.id) }, bubble, meta);
  }

  private confirm(title: string, explain: string, take: () => Promise<{ ticket: Ticket }>): void {
    const words = this.texts.supervisors.floor;
    document.querySelector("dialog")?.close();
    const dialog = element("dialog", "", { "aria-labelledby": "dialog-title" });
    const cancel = button("", words.cancel, () => { dialog.close(); });
    const go = button("primary", words.confirm, () => {
      dialog.close();
      take().then((detail) => { this.onTaken(detail.ticket.id); }).catch((error: unknown) => { this.tell(error); });
    });
    dialog.append(element("h2", "", { id: "dialog-title" }, title), element("p", "soft", {}, explain), element("div", "actions", {}, cancel, go));
    dialog.addEventListener("close", () => { dialog.remove(); });
    document.body.append(dialog);
    dialog.showModal();
    go.focus();
  }

  private tell(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    if (!this.onRefused(error)) setText(this.problem, sentence(this.texts, error));
  }
}

function isAtEnd(log: HTMLElement): boolean {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 80;
}

/** The end of a long id is what tells two of them apart. */
function short(id: string): string {
  return id.length > 12 ? `…${id.slice(-8)}` : id;
}
