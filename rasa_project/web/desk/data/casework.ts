import { newId, request } from "./api";
import type { Desk } from "./desk";
import type { Detail, Emotion } from "./types";

export const EMOTIONS = [
  "neutral", "joy", "gratitude", "surprise", "confusion", "worry", "disappointment", "sadness", "frustration", "anger",
] as const;
export const OUTCOMES = ["solved", "advised", "passed_on", "not_solved", "no_answer", "mistaken"] as const;
export const VERDICTS = ["right", "not_needed", "earlier"] as const;

export type OutcomeKind = (typeof OUTCOMES)[number];
export type VerdictKind = (typeof VERDICTS)[number];

/** An answer of the desk's library. */
export interface Canned {
  id: number;
  shortcut: string;
  texts: Record<string, string>;
  emotions: string[];
  intents: string[];
}

export interface Note {
  id: number;
  ticket: number;
  agent: string;
  text: string;
  at: number;
}

/** Something the customer said, chosen for the summary. */
export interface Line {
  id: number;
  text: string;
  emotion: Emotion | null;
  at: number;
}

export interface Step {
  kind: "intent" | "action";
  name: string;
  confidence: number | null;
  at: number;
}

/** A stretch of a message, and how much it moved the score of a label, -1 to 1. */
export interface Token {
  text: string;
  start: number;
  end: number;
  weight: number;
}

/** Which words moved a message's emotion. */
export interface Words {
  message: number;
  text: string;
  label: string;
  tokens: Token[];
}

/** An answer that fits what the customer wrote last. */
export interface Suggestion {
  kind: "library" | "past";
  text: string;
  shortcut: string | null;
}

/** How a ticket ended. */
export interface Ending {
  outcome: OutcomeKind | null;
  detail: string;
}

/** What agents noted around a ticket, and what happened before. */
export interface Casework {
  ticket: number;
  notes: Note[];
  tags: string[];
  outcome: { kind: OutcomeKind; detail: string } | null;
  corrections: Record<string, { emotion: string; agent: string }>;
  verdict: { verdict: VerdictKind; agent: string } | null;
  tried: Step[];
  summary: { opening: Line | null; telling: Line[]; facts: { kind: string; text: string }[] };
}

const SETTLE_MS = 400;

/** What stands around the open conversation, kept up to date. */
export class CaseworkStore {
  current: Casework | null = null;
  library: Canned[] = [];
  tags: string[] = [];
  suggestions: Suggestion[] = [];
  private lastMessage: number | null = null;
  private timer = 0;

  constructor(
    private readonly desk: Desk,
    private readonly changed: () => void,
  ) {}

  /** Takes notice of what is open: another conversation, or a new message in this one. */
  notice(detail: Detail | null): void {
    if (!detail) {
      this.current = null;
      this.suggestions = [];
      this.lastMessage = null;
      return;
    }
    const last = detail.messages.at(-1)?.id ?? 0;
    if (this.current?.ticket === detail.ticket.id && this.lastMessage === last) return;
    const other = this.current?.ticket !== detail.ticket.id;
    if (other) this.suggestions = [];
    if (other && this.lastMessage === null) void this.loadLibrary();
    this.lastMessage = last;
    this.soon(detail.ticket.id, other ? 0 : SETTLE_MS);
  }

  /** Somebody changed what stands around these tickets. */
  moved(tickets: number[]): void {
    const open = this.desk.selected;
    if (open !== null && tickets.includes(open)) this.soon(open, 0);
  }

  async loadLibrary(): Promise<void> {
    const found = await this.desk.attempt(() => request<{ answers: Canned[] }>("GET", "canned-answers"));
    if (found) this.library = found.answers;
    const tags = await this.desk.attempt(() => request<{ tags: string[] }>("GET", "tags"));
    if (tags) this.tags = tags.tags;
    this.changed();
  }

  async note(ticket: number, id: string, text: string): Promise<boolean> {
    return this.take(() => request<Casework>("POST", `tickets/${ticket}/notes`, { id, text }));
  }

  async tag(ticket: number, tags: string[]): Promise<boolean> {
    return this.take(() => request<Casework>("PUT", `tickets/${ticket}/tags`, { tags }));
  }

  async judge(ticket: number, verdict: VerdictKind | null): Promise<boolean> {
    return this.take(() => request<Casework>("PUT", `tickets/${ticket}/verdict`, { verdict }));
  }

  async correct(ticket: number, message: number, emotion: string | null): Promise<void> {
    const done = await this.desk.attempt(() => request("PUT", `messages/${message}/emotion`, { emotion }));
    if (done !== undefined) this.soon(ticket, 0);
  }

  /** Asks which words moved a message's emotion; fails with an `ApiError`. */
  words(message: number): Promise<Words> {
    return request<Words>("GET", `messages/${message}/words`);
  }

  /** Saves an answer of the library; fails with an `ApiError`. */
  async save(answer: Omit<Canned, "id">, id: number | null): Promise<Canned> {
    const path = id === null ? "canned-answers" : `canned-answers/${id}`;
    const saved = await request<{ answer: Canned }>(id === null ? "POST" : "PUT", path, answer);
    await this.loadLibrary();
    return saved.answer;
  }

  async remove(id: number): Promise<void> {
    await this.desk.attempt(() => request("DELETE", `canned-answers/${id}`));
    await this.loadLibrary();
  }

  private async take(run: () => Promise<Casework>): Promise<boolean> {
    const found = await this.desk.attempt(run);
    if (found?.ticket === this.desk.selected) {
      this.current = found;
      this.changed();
    }
    return found !== undefined;
  }

  private soon(ticket: number, wait: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      void this.take(() => request<Casework>("GET", `tickets/${ticket}/casework`));
      void this.suggest(ticket);
    }, wait);
  }

  /** Asks for suggestions, for a conversation that one answers oneself. */
  private async suggest(id: number): Promise<void> {
    const ticket = this.desk.detail?.ticket;
    if (ticket?.id !== id || ticket.state !== "agent" || ticket.agent?.id !== this.desk.me.id) return;
    const found = await this.desk.attempt(() => request<{ suggestions: Suggestion[] }>("GET", `tickets/${id}/suggestions`));
    if (!found || this.desk.selected !== id) return;
    this.suggestions = found.suggestions;
    this.changed();
  }
}

export { newId };
