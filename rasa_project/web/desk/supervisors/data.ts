import { request } from "../data/api";
import type { Detail } from "../data/types";

/** Figures of a group of tickets; what nothing is known of is null. Times are seconds. */
export interface Figures {
  tickets: number;
  closed: number;
  answered: number;
  abandoned: number;
  rated: number;
  waited_median: number | null;
  waited_p90: number | null;
  handled_median: number | null;
  handled_p90: number | null;
  /** Shares, 0 to 1. */
  recovered: number | null;
  compared: number;
  reopened: number | null;
  /** Mean of 1 to 5. */
  rating: number | null;
  happy: number | null;
}

export type Group = "channel" | "language" | "intent";
export type Step = "hour" | "day" | "week";

export interface Tables {
  over_time: (Figures & { start: number })[];
  channel: (Figures & { key: string })[];
  language: (Figures & { key: string })[];
  intent: (Figures & { key: string })[];
  reasons: { key: string; tickets: number }[];
  emotions: { key: string; arrival: number; end: number }[];
  ratings: { key: number; answers: number }[];
}

export interface Dashboard {
  total: Figures;
  before: Figures;
  choices: Record<Group, string[]>;
  tables: Tables;
}

/** What is looked at; the dates are days of the viewer's own time zone. */
export interface Span {
  first: string;
  last: string;
  by: Step;
  only: Partial<Record<Group, string>>;
}

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export const supervisors = {
  takeFromBot: (conversation: string) => request<Detail>("POST", "floor/take-over", { conversation }),
  takeFromColleague: (ticket: number) => request<Detail>("POST", `floor/tickets/${ticket}/take-over`, {}),
  dashboard: (span: Span) => request<Dashboard>("GET", `dashboard?${query(span)}`),
  /** The address of a table, or of all tickets, as CSV. */
  csv: (span: Span, table: keyof Tables | "tickets") =>
    `api/dashboard/${table === "tickets" ? "tickets" : `tables/${table}`}.csv?${query(span)}`,
};

function query({ first, last, by, only }: Span): string {
  return new URLSearchParams({ first, last, by, zone, ...only }).toString();
}

/** Today, or a day some days ago, as the viewer's clock has it. */
export function day(ago: number): string {
  const date = new Date();
  date.setDate(date.getDate() - ago);
  const parts = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return [String(date.getFullYear()), ...parts].join("-");
}
