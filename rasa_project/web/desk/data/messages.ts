import type { Detail, Message } from "./types";

/** Adds what was said, or is different now, to a conversation; the same one where none of it is its own. */
export function withMessages(detail: Detail, told: Message[]): Detail {
  const byId = new Map(detail.messages.map((message) => [message.id, message]));
  const first = detail.cut ? detail.messages[0] : undefined;
  const own = told.filter((message) => message.conversation === detail.ticket.conversation
    // What stands before the part that is shown comes with its own page.
    && (byId.has(message.id) || !first || order(message, first) > 0));
  if (own.length === 0) return detail;
  for (const message of own) byId.set(message.id, message);
  return { ...detail, messages: [...byId.values()].sort(order) };
}

/** Puts a page of earlier messages before those that are there. */
export function withEarlier(detail: Detail, page: { messages: Message[]; cut: boolean }): Detail {
  return { ...detail, messages: [...page.messages, ...detail.messages], cut: page.cut };
}

/**
 * Takes a conversation as the desk tells it anew, with the latest messages only, and keeps the
 * earlier ones that were fetched before; where some are missing between the two, they go.
 */
export function renewed(before: Detail | null, fresh: Detail): Detail {
  const first = fresh.messages[0];
  if (!fresh.cut || !first || before?.ticket.id !== fresh.ticket.id) return fresh;
  const at = before.messages.findIndex((message) => message.id === first.id);
  if (at <= 0) return fresh;
  return { ...fresh, messages: [...before.messages.slice(0, at), ...fresh.messages], cut: before.cut };
}

function order(a: Message, b: Message): number {
  return a.timestamp - b.timestamp || a.id - b.id;
}
