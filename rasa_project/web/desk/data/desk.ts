import { api, type ApiError } from "./api";
import { CaseworkStore, type Ending } from "./casework";
import { Drafts } from "./drafts";
import { Happenings, type Happening } from "./happenings";
import { byKind, type Kind, type Lists } from "./lists";
import { listen, type Line } from "./live";
import { renewed, withEarlier, withMessages } from "./messages";
import { Requests } from "./requests";
import { OPEN_STATES, type Agent, type Detail, type Duty, type Looked, type Looker, type Message, type Ticket } from "./types";

interface Events {
  changed: () => void;
  /** Something to tell the agent. */
  problem: (error: ApiError) => void;
  signedOut: () => void;
  /** Something happened that an agent who looks elsewhere would want to hear. */
  happened: (what: Happening, ticket: Ticket) => void;
  /** A conversation of this agent is another one's now. */
  taken: (ticket: Ticket) => void;
}

/** All that the page shows, kept up to date; it changes nothing on the page itself. */
export class Desk {
  readonly tickets = new Map<number, Ticket>();
  closed: Ticket[] = [];
  detail: Detail | null = null;
  /** The ticket that is being opened, or is open. */
  selected: number | null = null;
  readonly drafts: Drafts;
  duty: Duty | null = null;
  readonly casework: CaseworkStore;
  loaded = false;
  online = true;
  /** Earlier messages of the open conversation are on their way. */
  fetching = false;
  /** Seconds that the server's clock is ahead of ours. */
  private ahead = 0;
  private readonly requests: Requests;
  private readonly happenings: Happenings;
  /** Made when they are asked for, and thrown away by every change. */
  private lists: Lists | null = null;
  /** The live view, while it is looked at. */
  private looker: Looker | null = null;
  private readonly line: Line;

  constructor(
    readonly me: Agent,
    private readonly events: Events,
  ) {
    this.casework = new CaseworkStore(this, () => { events.changed(); });
    this.happenings = new Happenings(me, events.happened);
    const offline = () => { this.setOnline(false); };
    this.requests = new Requests({ ...events, offline }, ({ tickets, messages }) => {
      if (tickets.length > 0) this.takeTickets(tickets);
      if (messages.length > 0) this.takeMessages(messages);
    });
    this.drafts = new Drafts(this.requests, () => { this.changed(); }, (detail) => { this.takeDetail(detail); });
    this.line = listen({
      connected: () => {
        void this.refresh();
        this.looker?.again();
      },
      disconnected: offline,
      refused: () => void this.attempt(() => api.me()),
      tickets: (tickets) => {
        for (const ticket of tickets) {
          this.happenings.ofTicket(ticket, this.tickets.get(ticket.id), this.duty?.work);
        }
        this.requests.told({ tickets });
      },
      messages: (messages) => {
        this.happenings.ofMessages(messages, this.listOf("mine"));
        this.requests.told({ messages });
      },
      casework: (tickets) => {
        this.casework.moved(tickets);
        // Of one that is closed, that is the customer's word on how it was.
        const { detail } = this;
        const closed = detail && !OPEN_STATES.includes(detail.ticket.state);
        if (closed && tickets.includes(detail.ticket.id)) void this.again(detail.ticket.id);
      },
      floor: ({ risk }) => { this.looker?.risk(risk); },
      watched: ({ conversation, messages }) => { this.looker?.said(conversation, messages); },
    });
  }

  stop(): void {
    this.line.close();
  }

  /** Looks at the live view, and reads along in one conversation; fails with an `ApiError`. */
  look(looker: Looker, conversation: string | null): Promise<Looked> {
    this.looker = looker;
    return this.line.ask("look", { conversation });
  }

  lookAway(): void {
    this.looker = null;
    this.line.say("look_away");
  }

  /** Returns the server's time. */
  now(): number {
    return Date.now() / 1000 + this.ahead;
  }

  /** Open tickets of one kind, the most urgent first. */
  listOf(kind: Kind): Ticket[] {
    return (this.lists ??= byKind(this.tickets.values(), this.me.id, this.duty?.work))[kind];
  }

  /** The waiting ones, one's own work first. */
  waiting(): Ticket[] {
    return [...this.listOf("forMe"), ...this.listOf("others")];
  }

  /** Loads everything anew. */
  async refresh(): Promise<void> {
    const found = await this.requests.take(() => this.everything(), ([tickets, closed, duty]) => {
      this.show(tickets, closed, duty);
    });
    if (found && this.selected !== null) await this.open(this.selected);
  }

  /** Asks for all lists; on a page that shows nothing yet, the most urgent part is shown at once. */
  private async everything(): Promise<[Ticket[], Ticket[], Duty]> {
    const [first, closed, duty] = await Promise.all([api.tickets("open"), api.tickets("closed"), api.duty()]);
    this.ahead = first.now - Date.now() / 1000;
    if (first.more && !this.loaded) this.show(first.tickets, closed.tickets, duty);
    const tickets = [...first.tickets];
    for (let page = first; page.more; tickets.push(...page.tickets)) {
      page = await api.tickets("open", page.tickets.at(-1));
    }
    return [tickets, closed.tickets, duty];
  }

  private show(tickets: Ticket[], closed: Ticket[], duty: Duty): void {
    this.duty = duty;
    this.tickets.clear();
    for (const ticket of tickets) {
      this.tickets.set(ticket.id, ticket);
      this.happenings.know(ticket);
    }
    this.closed = closed;
    this.loaded = true;
    this.setOnline(true);
  }

  async open(id: number): Promise<void> {
    if (this.selected !== id) this.detail = null;
    this.selected = id;
    this.changed();
    await this.requests.take(() => api.ticket(id), (detail) => {
      if (this.selected === id) this.takeDetail(detail);
    });
  }

  /** Asks anew for what stands around the open conversation. */
  private async again(id: number): Promise<void> {
    await this.requests.take(() => api.ticket(id), (detail) => { this.takeDetail(detail); });
  }

  /** Fetches earlier messages of the open conversation, where there are any; says whether some came. */
  async earlier(): Promise<boolean> {
    const { detail } = this;
    const first = detail?.messages[0];
    if (!detail?.cut || !first || this.fetching) return false;
    this.fetching = true;
    this.changed();
    const page = await this.attempt(() => api.earlier(detail.ticket.id, first.id));
    this.fetching = false;
    const fits = this.detail?.ticket.id === detail.ticket.id && this.detail.messages[0]?.id === first.id;
    if (page && fits && this.detail) this.detail = withEarlier(this.detail, page);
    this.changed();
    return page !== undefined && fits;
  }

  leave(): void {
    this.selected = null;
    this.detail = null;
    this.changed();
  }

  async claim(id: number): Promise<void> {
    const claimed = await this.happenings.whileTaking(id, () => this.change(() => api.claim(id)));
    if (!claimed && this.selected === id) await this.open(id); // somebody else has it: show who
  }

  /** Does something with a ticket and shows what came of it; says whether that worked. */
  async change(run: () => Promise<Detail>): Promise<boolean> {
    const detail = await this.requests.take(run, (found) => { this.takeDetail(found); });
    return detail !== undefined;
  }

  /** Asks anew who is there and how much they have; null where that cannot be told. */
  async whoIsThere(): Promise<Duty | null> {
    this.duty = (await this.attempt(() => api.duty())) ?? this.duty;
    this.lists = null;
    return this.duty;
  }

  /** Takes a conversation that somebody at another desk has. */
  async takeOver(id: number): Promise<void> {
    await this.change(() => api.takeOver(id));
  }

  async resendTo(id: number, desk: string): Promise<void> {
    await this.change(() => api.resendTo(id, desk));
  }

  /** Gives the conversation away; says whether that worked. */
  async finish(id: number, how: "handBack" | "resolve", note: string, ending?: Ending): Promise<boolean> {
    return this.change(() => (how === "resolve" ? api.resolve(id, note, ending) : api.handBack(id, note)));
  }

  async resend(messageId: string): Promise<void> {
    await this.change(() => api.resend(messageId));
  }

  private takeDetail(detail: Detail): void {
    if (this.selected === detail.ticket.id) this.detail = renewed(this.detail, detail);
    this.takeTickets([detail.ticket]);
  }

  private takeTickets(tickets: Ticket[]): void {
    for (const ticket of tickets) {
      const before = this.tickets.get(ticket.id)?.agent;
      const isAnothers = ticket.state === "agent" && ticket.agent !== null && ticket.agent.id !== this.me.id;
      if (before?.id === this.me.id && isAnothers) this.events.taken(ticket);
      this.tickets.delete(ticket.id);
      this.closed = this.closed.filter((other) => other.id !== ticket.id);
      if (OPEN_STATES.includes(ticket.state)) this.tickets.set(ticket.id, ticket);
      else this.closed.unshift(ticket);
      if (this.detail?.ticket.id === ticket.id) this.detail = { ...this.detail, ticket };
    }
    this.closed.sort((a, b) => (b.closed_at ?? 0) - (a.closed_at ?? 0));
    this.changed();
  }

  private takeMessages(messages: Message[]): void {
    const { detail } = this;
    if (!detail) return;
    this.detail = withMessages(detail, messages);
    if (this.detail === detail) return;
    this.drafts.arrived(messages);
    this.changed();
  }

  private changed(): void {
    this.lists = null;
    this.events.changed();
  }

  private setOnline(online: boolean): void {
    this.online = online;
    this.changed();
  }

  /** Runs a request; tells what went wrong and returns nothing then. */
  attempt<T>(run: () => Promise<T>): Promise<T | undefined> {
    return this.requests.attempt(run);
  }
}
