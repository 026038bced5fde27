import { isFor } from "./lists";
import type { Agent, Duty, Message, Ticket } from "./types";

export type Happening = "arrived" | "handed" | "wrote";

/** Says what an agent who looks elsewhere would want to hear, each of it once. */
export class Happenings {
  /** Tickets whose coming is known already, and own ones on their way. */
  private readonly known = new Set<number>();
  private readonly taking = new Set<number>();
  private readonly heard = new Set<number>();

  constructor(
    private readonly me: Agent,
    private readonly happened: (what: Happening, ticket: Ticket) => void,
  ) {}

  /** Remembers a ticket whose coming is no news. */
  know(ticket: Ticket): void {
    this.known.add(ticket.id);
  }

  /** Runs what takes a ticket for this agent, who need not be told of that. */
  async whileTaking<T>(id: number, run: () => Promise<T>): Promise<T> {
    this.taking.add(id);
    try {
      return await run();
    } finally {
      this.taking.delete(id);
    }
  }

  /** Takes notice of a ticket; `before` is what the page showed of it. */
  ofTicket(ticket: Ticket, before: Ticket | undefined, work: Duty["work"] | undefined): void {
    const mine = ticket.agent?.id === this.me.id;
    if (mine && ticket.state === "agent" && before?.agent?.id !== this.me.id && !this.taking.has(ticket.id)) {
      this.happened("handed", ticket);
    }
    if (!ticket.entered || this.known.has(ticket.id)) return;
    this.known.add(ticket.id);
    if (ticket.state === "queued" && isFor(ticket, work)) this.happened("arrived", ticket);
  }

  /** Takes notice of what customers write in the agent's own tickets. */
  ofMessages(messages: Message[], mine: Ticket[]): void {
    for (const message of messages) {
      if (message.sender !== "customer" || this.heard.has(message.id)) continue;
      this.heard.add(message.id);
      const ticket = mine.find((one) => one.conversation === message.conversation);
      if (ticket) this.happened("wrote", ticket);
    }
  }
}
