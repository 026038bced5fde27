import type { Desk } from "../data/desk";
import { KINDS, type Kind } from "../data/lists";
import type { Duty, Language, Ticket } from "../data/types";
import type { Texts } from "../texts";
import { duration, moment } from "./clock";
import { arrange, button, element, setText } from "./dom";
import { emotionChip } from "./emotion";
import { Group, letOneBeTabbed } from "./groups";
import { Countdown, forecastWords, priorityMark, teamName } from "./line";
import { deskName, holderElsewhere } from "./elsewhere";
import { reasonWords } from "./side";

type View = "open" | "closed";

/** The list of conversations, the most urgent first; it counts on while customers wait. */
export class Queue {
  readonly element: HTMLElement;
  private readonly list = element("div", "lists");
  private readonly past = element("ul");
  private readonly tabs: Record<View, HTMLButtonElement>;
  private readonly entries = new Map<number, Entry>();
  private view: View = "open";
  private readonly byNode = new WeakMap<EventTarget, Entry>();
  private readonly groups: Record<Kind, Group>;

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
    private readonly desk: Desk,
    private readonly onOpen: (id: number) => void,
  ) {
    const { mine, colleagues } = texts.queue;
    const { forMe, others, snoozed } = texts.line;
    this.groups = {
      mine: new Group(mine, false),
      forMe: new Group(forMe, false),
      others: new Group(others, true),
      colleagues: new Group(colleagues, true),
      snoozed: new Group(snoozed, true),
    };
    this.tabs = { open: this.tab("open"), closed: this.tab("closed") };
    const tabs = element("div", "tabs", {}, this.tabs.open, this.tabs.closed);
    const head = element("header", "", {}, element("h2", "", {}, texts.queue.title), tabs);
    this.element = element("nav", "queue", { "aria-label": texts.queue.title }, head, this.list);
    this.element.addEventListener("keydown", (event) => {
      this.onKey(event);
    });
    this.list.addEventListener("focusin", ({ target }) => {
      const list = target instanceof HTMLElement && target.matches("button.ticket") ? target.closest("ul") : null;
      if (list) letOneBeTabbed(list, target as HTMLElement);
    });
    // What comes into sight, by scrolling or as its group opens, has stood still meanwhile.
    this.list.addEventListener("contentvisibilityautostatechange", ({ target }) => {
      if (target) this.byNode.get(target)?.tick(this.desk.now());
    }, true);
    this.list.addEventListener("toggle", () => { this.tick(); }, true);
    this.update();
  }

  update(): void {
    const focused = document.activeElement;
    this.redraw();
    // What moves from one group to another is out of the page for a moment.
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.list.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }

  private redraw(): void {
    this.tabs.open.setAttribute("aria-pressed", String(this.view === "open"));
    this.tabs.closed.setAttribute("aria-pressed", String(this.view === "closed"));
    if (!this.desk.loaded) {
      arrange(this.list, [element("p", "empty soft", {}, this.texts.queue.loading)]);
      return;
    }
    const shown = this.view === "closed" ? this.closed() : this.open();
    arrange(this.list, shown.length > 0 ? shown : [this.empty()]);
    this.forget();
  }

  /** Lets the waiting times run, where they are seen. */
  tick(): void {
    const now = this.desk.now();
    // First all looks, then all changes: a look behind a change lays the page out anew.
    const seen = [...this.entries.values()].filter((entry) => entry.isSeen());
    for (const entry of seen) entry.tick(now);
  }

  /** Lets go of conversations that are in no list any more. */
  private forget(): void {
    const { tickets, closed } = this.desk;
    if (this.entries.size <= tickets.size + 2 * closed.length + 50) return;
    const kept = new Set([...tickets.keys(), ...closed.map((ticket) => ticket.id)]);
    for (const id of this.entries.keys()) if (!kept.has(id)) this.entries.delete(id);
  }

  /** Goes to the open conversation in the list, else to the first one. */
  focus(): void {
    const current = this.element.querySelector<HTMLElement>("[aria-current]") ?? this.buttons()[0];
    (current ?? this.tabs.open).focus();
  }

  private open(): HTMLElement[] {
    return KINDS.flatMap((kind) => {
      const tickets = this.desk.listOf(kind);
      this.groups[kind].show(tickets.map((ticket) => this.entry(ticket).element));
      return tickets.length > 0 ? [this.groups[kind].element] : [];
    });
  }

  private closed(): HTMLElement[] {
    const items = this.desk.closed.map((ticket) => this.entry(ticket).element);
    arrange(this.past, items);
    letOneBeTabbed(this.past);
    return items.length > 0 ? [this.past] : [];
  }

  private entry(ticket: Ticket): Entry {
    let entry = this.entries.get(ticket.id);
    if (!entry) {
      entry = new Entry(this.texts, this.language, () => {
        this.onOpen(ticket.id);
      });
      this.entries.set(ticket.id, entry);
      this.byNode.set(entry.element, entry);
    }
    entry.update(ticket, this.desk.selected === ticket.id, this.desk);
    return entry;
  }

  private empty(): HTMLElement {
    const { emptyOpen, emptyOpenHint, emptyClosed } = this.texts.queue;
    if (this.view === "closed") return element("p", "empty soft", {}, emptyClosed);
    return element("div", "empty", {}, element("p", "", {}, emptyOpen), element("p", "soft", {}, emptyOpenHint));
  }

  private tab(view: View): HTMLButtonElement {
    return button("tab", this.texts.queue[view], () => {
      this.view = view;
      this.update();
    });
  }

  private buttons(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("button.ticket")];
  }

  private onKey(event: KeyboardEvent): void {
    const all = this.buttons();
    const at = all.findIndex((node) => node === document.activeElement);
    if (at === -1 || event.altKey) return;
    const walks: Record<string, HTMLElement[]> = {
      ArrowDown: all.slice(at + 1), ArrowUp: all.slice(0, at).reverse(), Home: all, End: all.reverse(),
    };
    const walk = walks[event.key];
    if (!walk) return;
    event.preventDefault();
    walk.find((node) => node.checkVisibility())?.focus(); // those of closed groups are passed over
  }
}

/** One conversation in the list. */
class Entry {
  readonly element: HTMLElement;
  private readonly button: HTMLButtonElement;
  private readonly clock = element("span", "clock");
  private readonly countdown: Countdown;
  private ticket: Ticket | null = null;
  private duty: Duty | null = null;
  private drawn = "";

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
    onOpen: () => void,
  ) {
    this.countdown = new Countdown(texts);
    this.button = button("ticket", "", onOpen);
    this.button.tabIndex = -1;
    this.element = element("li", "", {}, this.button);
  }

  update(ticket: Ticket, current: boolean, desk: Desk): void {
    if (current !== this.button.hasAttribute("aria-current")) {
      if (current) this.button.setAttribute("aria-current", "true");
      else this.button.removeAttribute("aria-current");
    }
    if (ticket === this.ticket && desk.duty === this.duty) return; // of thousands, one is different
    this.ticket = ticket;
    this.duty = desk.duty;
    const drawn = JSON.stringify([ticket, desk.duty?.teams]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.countdown.update(ticket, desk.now());
    this.button.toggleAttribute("data-urgent", ticket.level === "high" && ticket.state === "queued");
    const { texts } = this;
    const top = element("span", "row", {}, element("span", "name", {}, `#${ticket.id}`), this.chip(), this.clock);
    const preview = element("span", "preview", {}, ticket.preview || "…");
    const notes = element("span", "", {}, this.notes(ticket, desk).join(" · "));
    const marks = element("span", "row marks", {}, ...this.marks(ticket), notes);
    this.button.replaceChildren(top, preview, marks);
    this.button.setAttribute("aria-description", texts.queue.levels[ticket.level]);
    this.tick(desk.now());
  }

  /** Says whether it is on the screen, or near. */
  isSeen(): boolean {
    return this.button.checkVisibility({ contentVisibilityAuto: true });
  }

  tick(now: number): void {
    const ticket = this.ticket;
    const waits = ticket?.state === "queued";
    this.countdown.tick(now);
    setText(this.clock, waits ? duration(now - ticket.opened_at) : "");
    if (waits) this.clock.title = this.texts.queue.waited;
  }

  private chip(): HTMLElement | null {
    return this.ticket?.emotion ? emotionChip(this.texts, this.ticket.emotion) : null;
  }

  private marks(ticket: Ticket): HTMLElement[] {
    const { queue } = this.texts;
    const marks: HTMLElement[] = [this.countdown.element];
    const priority = priorityMark(this.texts, ticket.priority);
    if (priority) marks.push(priority);
    const pressing = ticket.priority === "urgent" || ticket.priority === "high"; // says so already
    if (ticket.state === "queued" && ticket.level === "high" && !pressing) {
      marks.push(element("span", "mark urgent", {}, queue.levels.high));
    }
    if (ticket.state === "agent" && ticket.unanswered) marks.push(element("span", "mark due", {}, queue.answerDue));
    if (ticket.elsewhere.some((there) => there.state === "dead")) {
      marks.push(element("span", "mark urgent", {}, this.texts.elsewhere.dead));
    }
    if (ticket.undelivered > 0) marks.push(element("span", "mark urgent", {}, queue.undelivered));
    return marks;
  }

  private notes(ticket: Ticket, desk: Desk): string[] {
    const { texts } = this;
    const reason = ticket.reasons[0];
    const notes = reason ? [reasonWords(texts, reason)] : [];
    const forecast = forecastWords(texts, ticket.forecast);
    // The hand-over may name the same thing as its reason.
    if (forecast !== null && reason?.signal !== "dissatisfaction") notes.push(forecast);
    if (ticket.snoozed_until !== null) notes.unshift(texts.line.until(moment(ticket.snoozed_until, this.language)));
    if (ticket.contact !== null) notes.push(texts.line.contact(ticket.contact));
    const there = holderElsewhere(ticket);
    if (there?.agent) notes.push(texts.elsewhere.has(there.agent, deskName(there.desk)));
    else if (ticket.agent && ticket.agent.id !== desk.me.id) notes.push(texts.queue.with(ticket.agent.display_name));
    if (ticket.state !== "queued" && ticket.state !== "agent") notes.push(texts.conversation.states[ticket.state]);
    if (ticket.team !== null) notes.push(teamName(desk.duty, ticket.team, this.language));
    if (ticket.language) notes.push(texts.languages[ticket.language] ?? ticket.language);
    return notes;
  }
}
