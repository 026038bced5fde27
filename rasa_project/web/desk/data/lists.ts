import type { Duty, Ticket } from "./types";

export const KINDS = ["mine", "forMe", "others", "colleagues", "snoozed"] as const;
export type Kind = (typeof KINDS)[number];
export type Lists = Record<Kind, Ticket[]>;

type Work = Duty["work"] | undefined;

/** Sorts the open tickets into the lists of one agent, each the most urgent first. */
export function byKind(tickets: Iterable<Ticket>, me: number, work: Work): Lists {
  const lists: Lists = { mine: [], forMe: [], others: [], colleagues: [], snoozed: [] };
  for (const ticket of tickets) lists[kindOf(ticket, me, work)].push(ticket);
  for (const kind of KINDS) lists[kind].sort((a, b) => b.sort_key - a.sort_key || a.id - b.id);
  return lists;
}

/** Says whether a waiting ticket is of one's own teams and in a language that one speaks. */
export function isFor(ticket: Ticket, work: Work): boolean {
  return fits(work?.teams ?? [], ticket.team) && fits(work?.languages ?? [], ticket.language);
}

function kindOf(ticket: Ticket, me: number, work: Work): Kind {
  const mine = ticket.agent?.id === me;
  if (ticket.snoozed_until !== null && (mine || ticket.state === "queued")) return "snoozed";
  if (ticket.state === "queued") return isFor(ticket, work) ? "forMe" : "others";
  return mine ? "mine" : "colleagues";
}

/** An empty list takes everything, and what belongs to nobody in particular is everybody's. */
function fits(list: string[], value: string | null): boolean {
  return value === null || list.length === 0 || list.includes(value);
}
