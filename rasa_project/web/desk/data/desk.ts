import { api, ApiError, newId } from "./api";
import { CaseworkStore, type Ending } from "./casework";
import { byKind, isFor, type Kind, type Lists } from "./lists";
import { listen, type Line } from "./live";
import { renewed, withEarlier, withMessages } from "./messages";
import { OPEN_STATES, type Agent, type Detail, type Duty, type Looked, type Looker, type Message, type ReplyFile, type Ticket } from "./types";

/** A message on its way to the desk, or one that did not get there. */
export interface Draft {
  id: string;
  ticket: number;
  text: string;
  files: ReplyFile[];
  failed: boolean;
}

/** What the page is told live while it asks for something else. */
interface Told {
  tickets: Ticket[];
  messages: Message[];
}

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

export type Happening = "arrived" | "handed" | "wrote";

/** All that the page shows, kept up to date; it changes nothing on the page itself. */
export class Desk {
  readonly tickets = new Map<number, Ticket>();
  closed: Ticket[] = [];
  detail: Detail | null = null;
  /** The ticket that is being opened, or is open. */
  selected: number | null = null;
  drafts: Draft[] = [];
  duty: Duty | null = null;
  readonly casework: CaseworkStore;
  loaded = false;
  online = true;
  /** Earlier messages of the open conversation are on their way. */
  fetching = false;
  /** Seconds that the server's clock is ahead of ours. */
  private ahead = 0;
  /** Tickets whose coming is known already, and own ones on their way. */
  private readonly known = new Set<number>();
  private readonly taking = new Set<number>();
  private readonly heard = new Set<number>();
  private readonly meanwhile = new Set<Told>();
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
    this.line = listen({
      connected: () => {
        void this.refresh();
        this.looker?.again();
      },
      disconnected: () => {
        this.setOnline(false);
      },
      refused: () => void this.attempt(() => api.me()),
      tickets: (tickets) => {
        for (const ticket of tickets) this.notice(ticket);
        for (const told of this.meanwhile) told.tickets.push(...tickets);
        this.takeTickets(tickets);
      },
      messages: (messages) => {
        this.noticeMessages(messages);
        for (const told of this.meanwhile) told.messages.push(...messages);
        this.takeMessages(messages);
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
    const found = await this.take(() => this.everything(), ([tickets, closed, duty]) => {
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
      this.known.add(ticket.id);
    }
    this.closed = closed;
    this.loaded = true;
    this.setOnline(true);
  }

  async open(id: number): Promise<void> {
    if (this.selected !== id) this.detail = null;
    this.selected = id;
    this.changed();
    await this.take(() => api.ticket(id), (detail) => {
      if (this.selected === id) this.takeDetail(detail);
    });
  }

  /** Asks anew for what stands around the open conversation. */
  private async again(id: number): Promise<void> {
    await this.take(() => api.ticket(id), (detail) => { this.takeDetail(detail); });
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
    this.taking.add(id);
    const claimed = await this.change(() => api.claim(id));
    this.taking.delete(id);
    if (!claimed && this.selected === id) await this.open(id); // somebody else has it: show who
  }

  /** Does something with a ticket and shows what came of it; says whether that worked. */
  async change(run: () => Promise<Detail>): Promise<boolean> {
    const detail = await this.take(run, (found) => { this.takeDetail(found); });
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

  async send(ticket: number, text: string, files: ReplyFile[] = []): Promise<void> {
    await this.dispatch({ id: newId(), ticket, text, files, failed: false });
  }

  async sendAgain(draft: Draft): Promise<void> {
    await this.dispatch({ ...draft, failed: false });
  }

  async resend(messageId: string): Promise<void> {
    await this.change(() => api.resend(messageId));
  }

  private async dispatch(draft: Draft): Promise<void> {
    this.drafts = [...this.drafts.filter((other) => other.id !== draft.id), draft];
    this.changed();
    const files = draft.files.map((file) => file.id);
    const detail = await this.take(() => api.answer(draft.ticket, draft.id, draft.text, files), (found) => {
      this.drafts = this.drafts.filter((other) => other.id !== draft.id);
      this.takeDetail(found);
    });
    if (detail) return;
    draft.failed = true;
    this.changed();
  }

  private notice(ticket: Ticket): void {
    const before = this.tickets.get(ticket.id);
    const mine = ticket.agent?.id === this.me.id;
    if (mine && ticket.state === "agent" && before?.agent?.id !== this.me.id && !this.taking.has(ticket.id)) {
      this.events.happened("handed", ticket);
    }
    if (!ticket.entered || this.known.has(ticket.id)) return;
    this.known.add(ticket.id);
    if (ticket.state === "queued" && isFor(ticket, this.duty?.work)) this.events.happened("arrived", ticket);
  }

  private noticeMessages(messages: Message[]): void {
    for (const message of messages) {
      if (message.sender !== "customer" || this.heard.has(message.id)) continue;
      this.heard.add(message.id);
      const ticket = this.listOf("mine").find((one) => one.conversation === message.conversation);
      if (ticket) this.events.happened("wrote", ticket);
    }
  }

  /** Takes what a request brings, and once more what was told meanwhile: that may be the newer. */
  private async take<T>(run: () => Promise<T>, use: (found: T) => void): Promise<T | undefined> {
    const told: Told = { tickets: [], messages: [] };
    this.meanwhile.add(told);
    const found = await this.attempt(run);
    this.meanwhile.delete(told);
    if (found === undefined) return undefined;
    use(found);
    if (told.tickets.length > 0) this.takeTickets(told.tickets);
    if (told.messages.length > 0) this.takeMessages(told.messages);
    return found;
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
    const arrived = new Set(messages.map((message) => message.message_id));
    this.drafts = this.drafts.filter((draft) => !arrived.has(draft.id));
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
  async attempt<T>(run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "signed_out" || error.code === "choose_password") this.events.signedOut();
      else if (error.code === "offline") this.setOnline(false);
      else this.events.problem(error);
      return undefined;
    }
  }
}
