import { api } from "./api";
import type { Duty, Ticket } from "./types";

/** All lists of the desk. */
export interface Everything {
  tickets: Ticket[];
  closed: Ticket[];
  duty: Duty;
  /** Seconds that the server's clock is ahead of ours. */
  ahead: number;
}

/**
 * Asks for all lists; fails with an `ApiError`.
 *
 * Where the open tickets come in several pages, `first` gets the most urgent ones beforehand.
 */
export async function loadEverything(first: (part: Everything) => void): Promise<Everything> {
  const [open, { tickets: closed }, duty] = await Promise.all([api.tickets("open"), api.tickets("closed"), api.duty()]);
  const ahead = open.now - Date.now() / 1000;
  if (open.more) first({ tickets: open.tickets, closed, duty, ahead });
  const tickets = [...open.tickets];
  for (let page = open; page.more; tickets.push(...page.tickets)) {
    page = await api.tickets("open", page.tickets.at(-1));
  }
  return { tickets, closed, duty, ahead };
}
