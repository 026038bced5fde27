import type { Desk } from "../data/desk";
import type { Ticket } from "../data/types";
import type { Texts } from "../texts";
import { duration } from "./clock";
import { arrange, button, element, setText } from "./dom";
import { emotionChip } from "./emotion";
import { reasonWords } from "./side";

type View = "open" | "closed";

/** The list of conversations, the most urgent first; it counts on while customers wait. */
export class Queue {
  readonly element: HTMLElement;
  private readonly list = element("div", "lists");
  private readonly tabs: Record<View, HTMLButtonElement>;
  private readonly entries = new Map<number, Entry>();
  private view: View = "open";

  constructor(
    private readonly texts: Texts,
    private readonly desk: Desk,
    private readonly onOpen: (id: number) => void,
  ) {
    this.tabs = { open: this.tab("open"), closed: this.tab("closed") };
    const tabs = element("div", "tabs", {}, this.tabs.open, this.tabs.closed);
    const head = element("header", "", {}, element("h2", "", {}, texts.queue.title), tabs);
    this.element = element("nav", "queue", { "aria-label": texts.queue.title }, head, this.list);
    this.element.addEventListener("keydown", (event) => {
      this.onKey(event);
    });
    this.update();
  }

  update(): void {
    this.tabs.open.setAttribute("aria-pressed", String(this.view === "open"));
    this.tabs.closed.setAttribute("aria-pressed", String(this.view === "closed"));
    if (!this.desk.loaded) {
      this.show([element("p", "empty soft", {}, this.texts.queue.loading)]);
      return;
    }
    const { mine, waiting, colleagues } = this.texts.queue;
    const groups: [string, Ticket[]][] =
      this.view === "closed"
        ? [["", this.desk.closed]]
        : [
            [mine, this.desk.listOf("mine")],
            [waiting, this.desk.listOf("waiting")],
            [colleagues, this.desk.listOf("colleagues")],
          ];
    const filled = groups.filter(([, tickets]) => tickets.length > 0);
    this.show(filled.length > 0 ? filled.map(([title, tickets]) => this.group(title, tickets)) : [this.empty()]);
    this.tick();
  }

  /** Lets the waiting times run. */
  tick(): void {
    for (const entry of this.entries.values()) entry.tick(this.desk.now());
  }

  /** Goes to the open conversation in the list, else to the first one. */
  focus(): void {
    const current = this.element.querySelector<HTMLElement>("[aria-current]") ?? this.buttons()[0];
    (current ?? this.tabs.open).focus();
  }

  private group(title: string, tickets: Ticket[]): HTMLElement {
    const items = tickets.map((ticket) => this.entry(ticket).element);
    const list = element("ul", "", title ? { "aria-label": title } : {}, ...items);
    if (!title) return list;
    const heading = element("h3", "", {}, title, element("span", "count", {}, String(tickets.length)));
    return element("section", "", {}, heading, list);
  }

  private entry(ticket: Ticket): Entry {
    let entry = this.entries.get(ticket.id);
    if (!entry) {
      entry = new Entry(this.texts, () => {
        this.onOpen(ticket.id);
      });
      this.entries.set(ticket.id, entry);
    }
    entry.update(ticket, this.desk.selected === ticket.id, this.desk.me.id);
    return entry;
  }

  private show(nodes: HTMLElement[]): void {
    const focused = document.activeElement;
    arrange(this.list, nodes);
    if (focused instanceof HTMLElement && this.list.contains(focused)) focused.focus({ preventScroll: true });
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
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const all = this.buttons();
    const index = all.findIndex((node) => node === document.activeElement);
    if (step === 0 || index === -1 || event.altKey) return;
    event.preventDefault();
    all[index + step]?.focus();
  }
}

/** One conversation in the list. */
class Entry {
  readonly element: HTMLElement;
  private readonly button: HTMLButtonElement;
  private readonly clock = element("span", "clock");
  private ticket: Ticket | null = null;
  private drawn = "";

  constructor(
    private readonly texts: Texts,
    onOpen: () => void,
  ) {
    this.button = button("ticket", "", onOpen);
    this.element = element("li", "", {}, this.button);
  }

  update(ticket: Ticket, current: boolean, me: number): void {
    this.ticket = ticket;
    this.button.toggleAttribute("data-urgent", ticket.level === "high" && ticket.state === "queued");
    if (current) this.button.setAttribute("aria-current", "true");
    else this.button.removeAttribute("aria-current");
    const drawn = JSON.stringify(ticket);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const { texts } = this;
    const top = element("span", "row", {}, element("span", "name", {}, `#${ticket.id}`), this.chip(), this.clock);
    const preview = element("span", "preview", {}, ticket.preview || "…");
    const notes = element("span", "", {}, this.notes(ticket, me).join(" · "));
    const marks = element("span", "row marks", {}, ...this.marks(ticket), notes);
    this.button.replaceChildren(top, preview, marks);
    this.button.setAttribute("aria-description", texts.queue.levels[ticket.level]);
  }

  tick(now: number): void {
    const ticket = this.ticket;
    const waits = ticket?.state === "queued";
    setText(this.clock, waits ? duration(now - ticket.opened_at) : "");
    if (waits) this.clock.title = this.texts.queue.waited;
  }

  private chip(): HTMLElement | null {
    return this.ticket?.emotion ? emotionChip(this.texts, this.ticket.emotion) : null;
  }

  private marks(ticket: Ticket): HTMLElement[] {
    const { queue } = this.texts;
    const marks: HTMLElement[] = [];
    if (ticket.state === "queued" && ticket.level === "high") {
      marks.push(element("span", "mark urgent", {}, queue.levels.high));
    }
    if (ticket.state === "agent" && ticket.unanswered) marks.push(element("span", "mark due", {}, queue.answerDue));
    if (ticket.undelivered > 0) marks.push(element("span", "mark urgent", {}, queue.undelivered));
    return marks;
  }

  private notes(ticket: Ticket, me: number): string[] {
    const { texts } = this;
    const reason = ticket.reasons[0];
    const notes = reason ? [reasonWords(texts, reason)] : [];
    if (ticket.agent && ticket.agent.id !== me) notes.push(texts.queue.with(ticket.agent.display_name));
    if (ticket.state !== "queued" && ticket.state !== "agent") notes.push(texts.conversation.states[ticket.state]);
    if (ticket.language) notes.push(texts.languages[ticket.language] ?? ticket.language);
    return notes;
  }
}
