import { ApiError } from "./api";
import type { Message, Ticket } from "./types";

/** What the page is told live while it asks for something else. */
export interface Told {
  tickets: Ticket[];
  messages: Message[];
}

interface Failures {
  /** Something to tell the agent. */
  problem: (error: ApiError) => void;
  signedOut: () => void;
  offline: () => void;
}

/** Asks the desk for things while live news go on coming. */
export class Requests {
  private readonly running = new Set<Told>();

  constructor(
    private readonly failures: Failures,
    /** Takes live news. */
    private readonly use: (told: Told) => void,
  ) {}

  /** Takes live news, and keeps them for the requests that are on their way. */
  told(news: Partial<Told>): void {
    const told: Told = { tickets: [], messages: [], ...news };
    for (const meanwhile of this.running) {
      meanwhile.tickets.push(...told.tickets);
      meanwhile.messages.push(...told.messages);
    }
    this.use(told);
  }

  /** Takes what a request brings, and once more what was told meanwhile: that may be the newer. */
  async take<T>(run: () => Promise<T>, use: (found: T) => void): Promise<T | undefined> {
    const meanwhile: Told = { tickets: [], messages: [] };
    this.running.add(meanwhile);
    const found = await this.attempt(run);
    this.running.delete(meanwhile);
    if (found === undefined) return undefined;
    use(found);
    this.use(meanwhile);
    return found;
  }

  /** Runs a request; tells what went wrong and returns nothing then. */
  async attempt<T>(run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "signed_out" || error.code === "choose_password") this.failures.signedOut();
      else if (error.code === "offline") this.failures.offline();
      else this.failures.problem(error);
      return undefined;
    }
  }
}
