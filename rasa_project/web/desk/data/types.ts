/** What the desk's API speaks; times are seconds since 1970. */

export type State = "queued" | "agent" | "bot" | "resolved" | "abandoned";
export type Sender = "customer" | "bot" | "agent" | "system";
export type Language = "en" | "zh";

export interface Agent {
  id: number;
  name: string;
  display_name: string;
  role: "agent" | "supervisor" | "admin";
  must_change_password: boolean;
  has_password?: boolean;
}

export interface Emotion {
  name: string;
  intensity: number | null;
  valence: number | null;
  abstained: boolean;
}

export interface Reason {
  signal?: string;
  value?: unknown;
  says?: string;
}

/** A ticket's place at another help desk. */
export interface Elsewhere {
  desk: string;
  url: string | null;
  /** Who has it there. */
  agent: string | null;
  /** Whether that desk has everything, something waits, or something was given up. */
  state: "sent" | "pending" | "dead";
  error: string | null;
}

export interface Ticket {
  id: number;
  conversation: string;
  channel: string | null;
  language: string | null;
  state: State;
  sort_key: number;
  level: "high" | "medium" | "low";
  emotion: Emotion | null;
  preview: string;
  unanswered: boolean;
  reasons: Reason[];
  opened_at: number;
  claimed_at: number | null;
  closed_at: number | null;
  agent: { id: number; display_name: string } | null;
  undelivered: number;
  elsewhere: Elsewhere[];
  /** Chance that the customer ends dissatisfied, 0 to 1; null where nothing is known. */
  forecast: number | null;
  priority: Priority;
  team: string | null;
  /** The queue has taken it in; before that its team is not known. */
  entered: boolean;
  snoozed_until: number | null;
  /** When the customer's channel stops taking answers, unless they write again. */
  reply_until: number | null;
  /** The answer that is due next. */
  timer: Timer | null;
  /** What the customer left while nobody was there. */
  contact: string | null;
}

export type Priority = "low" | "normal" | "high" | "urgent";
export const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

export interface Timer {
  kind: "first" | "next";
  warn_at: number;
  due_at: number;
}

/** Something that was done to a ticket besides steps between states. */
export interface TicketEvent {
  kind: string;
  who: string;
  at: number;
  note?: string;
}

/** Another ticket of the same customer. */
export interface Earlier {
  id: number;
  state: State;
  opened_at: number;
  agent: string | null;
  reasons: Reason[];
}

export interface Team {
  id: string;
  /** By language. */
  name: Partial<Record<string, string>>;
}

export interface Colleague {
  id: number;
  display_name: string;
  present: boolean;
  conversations: number;
  limit: number | null;
  teams: string[];
  languages: string[];
}

/** Who does which work. */
export interface Duty {
  teams: Team[];
  colleagues: Colleague[];
  /** One's own; empty lists mean all. */
  work: { teams: string[]; languages: string[] };
  limit: number | null;
}

/** A file that came with a message. */
export interface MessageFile {
  kind: string;
  name: string | null;
  mime_type: string | null;
  /** Bytes. */
  size: number | null;
  url: string | null;
  /** The desk can fetch it. */
  here: boolean;
}

/** A file of an answer, kept by the customer's channel. */
export interface ReplyFile {
  id: string;
  kind: string;
  name: string;
  size: number;
}

/** What files the customer's channel takes, or why none. */
export type FilesTaken =
  | { takes: true; max_bytes: number; accept: string; most: number }
  | { takes: false; why: string };

/** What the customer does just now. */
export interface Presence {
  /** False where the channel does not tell. */
  known: boolean;
  online?: boolean;
  typing?: boolean;
  /** Ids of the latest messages to the customer that were seen, and that have arrived. */
  read?: string | null;
  delivered?: string | null;
}

export interface Message {
  id: number;
  conversation: string;
  message_id: string | null;
  sender: Sender;
  agent: string | null;
  text: string;
  emotion: Emotion | null;
  buttons: string[];
  files: MessageFile[];
  /** The text only stands for the files. */
  wordless: boolean;
  timestamp: number;
  delivery: "pending" | "sent" | "dead" | null;
}

export interface Detail {
  ticket: Ticket;
  messages: Message[];
  /** The conversation is longer than what is shown. */
  cut: boolean;
  facts: Record<string, string>;
  events: TicketEvent[];
  earlier: Earlier[];
  survey: { rating: number | null; comment: string | null; asked_at: number } | null;
  now: number;
}

/** A conversation with the assistant that goes badly. */
export interface AtRisk {
  id: string;
  channel: string | null;
  language: string | null;
  last_seen: number;
  preview: string;
  emotion: Emotion | null;
  forecast: number | null;
  intent: string | null;
}

/** All that the live view shows of the assistant's conversations; told anew as it changes. */
export interface Looked {
  risk: AtRisk[];
  watched: { conversation: AtRisk; ticket: number | null; messages: Message[] } | null;
  now: number;
}

/** Told of the live view's news. */
export interface Looker {
  /** The connection stands again: what is shown may be old. */
  again: () => void;
  risk: (list: AtRisk[]) => void;
  said: (conversation: string, messages: Message[]) => void;
}

export const OPEN_STATES: readonly State[] = ["queued", "agent"];
