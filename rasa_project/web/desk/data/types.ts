/** What the desk's API speaks; times are seconds since 1970. */

export type State = "queued" | "agent" | "bot" | "resolved" | "abandoned";
export type Sender = "customer" | "bot" | "agent" | "system";
export type Language = "en" | "zh";

export interface Agent {
  id: number;
  name: string;
  display_name: string;
  must_change_password: boolean;
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
  timestamp: number;
  delivery: "pending" | "sent" | "dead" | null;
}

export interface Detail {
  ticket: Ticket;
  messages: Message[];
  /** The conversation is longer than what is shown. */
  cut: boolean;
  facts: Record<string, string>;
  now: number;
}

export const OPEN_STATES: readonly State[] = ["queued", "agent"];
