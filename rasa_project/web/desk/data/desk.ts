import { api, ApiError, newId } from "./api";
import { listen } from "./live";
import { OPEN_STATES, type Agent, type Detail, type Message, type Ticket } from "./types";

/** A message on its way to the desk, or one that did not get there. */
export interface Draft {
  id: string;
  ticket: number;
  text: string;
  failed: boolean;
}

interface Events {
  changed: () => void;
  /** Something to tell the agent. */
  problem: (error: ApiError) => void;
  signedOut: () => void;
}

/** All that the page shows, kept up to date; it changes nothing on the page itself. */
export class Desk {
  readonly tickets = new Map<number, Ticket>();
  closed: Ticket[] = [];
  detail: Detail | null = null;
  /** The ticket that is being opened, or is open. */
  selected: number | null = null;
  drafts: Draft[] = [];
  loaded = false;
  online = true;
  /** Seconds that the server's clock is ahead of ours. */
  private ahead = 0;
  private readonly close: () => void;

  constructor(
    readonly me: Agent,
    private readonly events: Events,
  ) {
    this.close = listen({
      connected: () => void this.refresh(),
      disconnected: () => {
        this.setOnline(false);
      },
      refused: () => void this.attempt(() => api.me()),
      tickets: (tickets) => {
        this.takeTickets(tickets);
      },
      messages: (messages) => {
        this.takeMessages(messages);
      },
    });
  }

  stop(): void {
    this.close();
  }

  /** Returns the server's time. */
  now(): number {
    return Date.now() / 1000 + this.ahead;
  }

  /** Open tickets of one kind, the most urgent first. */
  listOf(kind: "mine" | "waiting" | "colleagues"): Ticket[] {
    const kindOf = (ticket: Ticket) =>
      ticket.state === "queued" ? "waiting" : ticket.agent?.id === this.me.id ? "mine" : "colleagues";
    return [...this.tickets.values()]
      .filter((ticket) => kindOf(ticket) === kind)
      .sort((a, b) => b.sort_key - a.sort_key || a.id - b.id);
  }

  /** Loads everything anew. */
  async refresh(): Promise<void> {
    const lists = await this.attempt(() => Promise.all([api.tickets("open"), api.tickets("closed")]));
    if (!lists) return;
    const [open, closed] = lists;
    this.ahead = open.now - Date.now() / 1000;
    this.tickets.clear();
    for (const ticket of open.tickets) this.tickets.set(ticket.id, ticket);
    this.closed = closed.tickets;
    this.loaded = true;
    this.setOnline(true);
    if (this.selected !== null) await this.open(this.selected);
  }

  async open(id: number): Promise<void> {
    if (this.selected !== id) this.detail = null;
    this.selected = id;
    this.events.changed();
    const detail = await this.attempt(() => api.ticket(id));
    if (detail && this.selected === id) this.takeDetail(detail);
  }

  leave(): void {
    this.selected = null;
    this.detail = null;
    this.events.changed();
  }

  async claim(id: number): Promise<void> {
    const detail = await this.attempt(() => api.claim(id));
    if (detail) this.takeDetail(detail);
    else if (this.selected === id) await this.open(id); // somebody else has it: show who
  }

  /** Gives the conversation away; says whether that worked. */
  async finish(id: number, how: "handBack" | "resolve", note: string): Promise<boolean> {
    const detail = await this.attempt(() => api[how](id, note));
    if (detail) this.takeDetail(detail);
    return detail !== undefined;
  }

  async send(ticket: number, text: string): Promise<void> {
    await this.dispatch({ id: newId(), ticket, text, failed: false });
  }

  async sendAgain(draft: Draft): Promise<void> {
    await this.dispatch({ ...draft, failed: false });
  }

  async resend(messageId: string): Promise<void> {
    const detail = await this.attempt(() => api.resend(messageId));
    if (detail) this.takeDetail(detail);
  }

  private async dispatch(draft: Draft): Promise<void> {
    this.drafts = [...this.drafts.filter((other) => other.id !== draft.id), draft];
    this.events.changed();
    const detail = await this.attempt(() => api.answer(draft.ticket, draft.id, draft.text));
    if (detail) {
      this.drafts = this.drafts.filter((other) => other.id !== draft.id);
      this.takeDetail(detail);
    } else {
      draft.failed = true;
      this.events.changed();
    }
  }

  private takeDetail(detail: Detail): void {
    if (this.selected === detail.ticket.id) this.detail = detail;
    this.takeTickets([detail.ticket]);
  }

  private takeTickets(tickets: Ticket[]): void {
    for (const ticket of tickets) {
      this.tickets.delete(ticket.id);
      this.closed = this.closed.filter((other) => other.id !== ticket.id);
      if (OPEN_STATES.includes(ticket.state)) this.tickets.set(ticket.id, ticket);
      else this.closed.unshift(ticket);
      if (this.detail?.ticket.id === ticket.id) this.detail = { ...this.detail, ticket };
    }
    this.closed.sort((a, b) => (b.closed_at ?? 0) - (a.closed_at ?? 0));
    this.events.changed();
  }

  private takeMessages(messages: Message[]): void {
    const detail = this.detail;
    if (!detail) return;
    const mine = messages.filter((message) => message.conversation === detail.ticket.conversation);
    if (mine.length === 0) return;
    const byId = new Map([...detail.messages, ...mine].map((message) => [message.id, message]));
    const sorted = [...byId.values()].sort((a, b) => a.timestamp - b.timestamp || a.id - b.id);
    this.detail = { ...detail, messages: sorted };
    const arrived = new Set(mine.map((message) => message.message_id));
    this.drafts = this.drafts.filter((draft) => !arrived.has(draft.id));
    this.events.changed();
  }

  private setOnline(online: boolean): void {
    this.online = online;
    this.events.changed();
  }

  /** Runs a request; tells what went wrong and returns nothing then. */
  private async attempt<T>(run: () => Promise<T>): Promise<T | undefined> {
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
