import type { Desk } from "../data/desk";
import type { Note } from "../data/casework";
import type { Draft } from "../data/drafts";
import type { Detail, Language, Message } from "../data/types";
import type { Texts } from "../texts";
import { arrange, button, element } from "./dom";
import { Messages } from "./messages";
import { Parts, type Row } from "./parts";

const NEAR_END_PX = 80;
/** So near the beginning the agent is about to want what was said before. */
const NEAR_START_PX = 600;
/** What in a message may have the focus, and is there again when it is drawn anew. */
const PLACES = ["button.chip", "button.whole", ".bubble > p"];
const MOST_NEWS = 20;
const NEWS_CHARACTERS = 500;

interface Kept {
  node: HTMLElement;
  /** What it shows, as it came, and what else it depends on. */
  source: unknown;
  mark: string;
  drawn: string;
}

/**
 * What was said. New messages are read out; the past is not, also where more of it is fetched.
 *
 * All of it that was fetched stands on the page, for its search, screen readers and the keyboard;
 * the browser lays out and draws only the parts that are in sight (`content-visibility`).
 */
export class Transcript {
  readonly element = element("ol", "log", { tabindex: "0", role: "list" });
  /** Where assistive technology hears what comes. */
  readonly news = element("div", "unseen", { role: "log", "aria-live": "polite", "aria-relevant": "additions" });
  private readonly nodes = new Map<string, Kept>();
  private readonly messages: Messages;
  private readonly parts = new Parts();
  private readonly beginning: HTMLElement;
  /** Whether the agent looks at the end, and so wants to see what comes. */
  private following = true;
  private height = 0;
  private first: HTMLElement | null = null;
  /** The emotion that Tab goes to. */
  private tabbed: HTMLElement | null = null;
  /** The latest message that was there, or has been read out. */
  private heard: number | null = null;

  constructor(
    private readonly texts: Texts,
    language: Language,
    private readonly desk: Desk,
  ) {
    this.messages = new Messages(texts, language, desk);
    this.element.setAttribute("aria-label", texts.conversation.transcript);
    const more = button("quiet", texts.conversation.earlier, () => void this.desk.earlier());
    this.beginning = element("li", "notice", {}, more);
    this.element.addEventListener("scroll", () => { this.onScroll(); });
    this.element.addEventListener("keydown", (event) => { this.walk(event); });
    // What comes into sight takes the room it needs, which was only guessed before.
    this.element.addEventListener("contentvisibilityautostatechange", () => { this.follow(); }, true);
    // The room shrinks when the answer grows or a phone's keyboard opens.
    new ResizeObserver(() => { this.follow(); }).observe(this.element);
  }

  update(detail: Detail): void {
    const focused = document.activeElement;
    const said = detail.messages.map((message) => ({ at: message.timestamp, ...this.message(message) }));
    const rows: Row[] = [...said, ...this.notes(detail)].sort((a, b) => a.at - b.at);
    for (const draft of this.desk.drafts.of(detail.ticket.id)) {
      if (!this.nodes.has(draft.id)) this.following = true;
      rows.push(this.keep(draft.id, draft, String(draft.failed), () => this.messages.draft(draft)));
    }
    const before = this.following ? undefined : this.first?.getBoundingClientRect().top;
    this.showBeginning(detail);
    const parts = this.parts.show(rows);
    arrange(this.element, detail.cut ? [this.beginning, ...parts] : parts);
    this.hold(before);
    this.refocus(focused);
    this.first = said[0]?.node ?? null;
    this.follow();
    this.tell(detail.messages);
    this.letOneBeTabbed();
  }

  /** Brings a message into sight, fetching what lies before it, and marks it for a moment. */
  async show(id: number): Promise<void> {
    this.following = false;
    while (!this.nodes.has(String(id)) && (await this.desk.earlier()));
    const node = this.nodes.get(String(id))?.node;
    if (!node?.isConnected) return;
    node.scrollIntoView({ block: "center" });
    node.classList.remove("shown");
    requestAnimationFrame(() => {
      node.scrollIntoView({ block: "center" }); // now that its neighbours have their real heights
      node.classList.add("shown");
    });
  }

  private onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    // What has grown by itself has moved the end away; the agent has not.
    const grown = this.following && !atEnd && scrollHeight !== this.height;
    this.height = scrollHeight;
    if (grown) this.follow();
    else this.following = atEnd;
    if (!this.following && scrollTop < NEAR_START_PX) void this.desk.earlier();
  }

  private follow(): void {
    if (!this.following) return;
    this.height = this.element.scrollHeight;
    this.element.scrollTop = this.height;
  }

  /** Keeps what the agent looks at in its place where something came before it. */
  private hold(before: number | undefined): void {
    if (this.following || before === undefined || !this.first?.isConnected) return;
    this.element.scrollTop += this.first.getBoundingClientRect().top - before;
  }

  /** Gives the focus to the same place of a message that was drawn anew below it. */
  private refocus(before: Element | null): void {
    if (!(before instanceof HTMLElement) || before.isConnected) return;
    const key = before.closest<HTMLElement>("li.message")?.dataset.message;
    const place = PLACES.find((selector) => before.matches(selector));
    const now = key !== undefined && place ? this.nodes.get(key)?.node.querySelector<HTMLElement>(place) : null;
    now?.focus({ preventScroll: true });
  }

  private showBeginning(detail: Detail): void {
    const more = this.beginning.querySelector("button");
    const { earlier, fetching } = this.texts.conversation;
    if (more) more.textContent = this.desk.fetching ? fetching : earlier;
    this.beginning.toggleAttribute("aria-busy", this.desk.fetching);
    if (!detail.cut && document.activeElement === more) this.element.focus({ preventScroll: true });
  }

  /** Reads out what others said since the last time. */
  private tell(messages: Message[]): void {
    const latest = messages.reduce((most, message) => Math.max(most, message.id), 0);
    const { heard } = this;
    this.heard = Math.max(latest, heard ?? 0);
    if (heard === null) return;
    const mine = this.desk.me.display_name;
    for (const message of messages) {
      if (message.id <= heard || (message.sender === "agent" && message.agent === mine)) continue;
      this.news.append(element("p", "", { dir: "auto" }, `${this.messages.who(message)}: ${message.text.slice(0, NEWS_CHARACTERS)}`));
    }
    while (this.news.childElementCount > MOST_NEWS) this.news.firstElementChild?.remove();
  }

  /** Of all the emotions Tab goes to one; the arrow keys go from there to the others. */
  private letOneBeTabbed(chosen: HTMLElement | null = null): void {
    const before = this.tabbed?.isConnected ? this.tabbed : null;
    const one = chosen ?? (this.element.contains(document.activeElement) ? before : null) ?? lastChip(this.element);
    if (one === before) return;
    if (before) before.tabIndex = -1;
    if (one) one.tabIndex = 0;
    this.tabbed = one;
  }

  private walk(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const chip = event.target instanceof HTMLElement && event.target.matches("button.chip") ? event.target : null;
    if (!step || !chip || event.altKey) return;
    event.preventDefault();
    const all = chips(this.element);
    const next = all[all.indexOf(chip) + step];
    this.letOneBeTabbed(next ?? chip);
    next?.focus();
  }

  private message(message: Message): Row {
    const correction = this.desk.casework.current?.corrections[String(message.id)];
    const mark = correction ? JSON.stringify(correction) : "";
    return this.keep(String(message.id), message, mark, (known) => this.messages.message(message, correction, known));
  }

  private notes(detail: Detail): (Row & { at: number })[] {
    const { current } = this.desk.casework;
    const earliest = detail.cut ? (detail.messages[0]?.timestamp ?? 0) : 0;
    if (current?.ticket !== detail.ticket.id) return [];
    return current.notes
      .filter((note) => note.at >= earliest)
      .map((note) => ({ at: note.at, ...this.note(note) }));
  }

  private note(note: Note): Row {
    return this.keep(`note-${note.id}`, note, "", () => this.messages.note(note));
  }

  /** Draws what is new or different; the very same object is not even looked into. */
  private keep(key: string, source: Message | Note | Draft, mark: string, draw: (known: boolean) => HTMLElement): Row {
    const kept = this.nodes.get(key);
    if (kept?.source === source && kept.mark === mark) return { key, node: kept.node };
    const drawn = JSON.stringify(source);
    if (kept?.drawn === drawn && kept.mark === mark) {
      kept.source = source;
      return { key, node: kept.node };
    }
    const node = draw(kept !== undefined);
    node.setAttribute("role", "listitem"); // of the list around its part
    this.nodes.set(key, { node, source, mark, drawn });
    return { key, node };
  }
}

function chips(list: Element): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("button.chip")];
}

function lastChip(list: Element): HTMLElement | null {
  let part = list.lastElementChild;
  while (part && !part.querySelector("button.chip")) part = part.previousElementSibling;
  return part ? (chips(part).at(-1) ?? null) : null;
}
