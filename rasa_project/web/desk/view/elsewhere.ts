import type { Elsewhere, Ticket } from "../data/types";
import type { Texts } from "../texts";
import { button, element } from "./dom";

/** Who has a conversation at another help desk, if somebody has. */
export function holderElsewhere(ticket: Ticket): Elsewhere | null {
  const open = ticket.state === "queued" || ticket.state === "agent";
  return (open ? ticket.elsewhere.find((there) => there.agent !== null) : undefined) ?? null;
}

/** Where a conversation is besides here: a link each, who has it there, and what did not arrive. */
export function elsewhereBadges(texts: Texts, ticket: Ticket, onResend: (desk: string) => void): HTMLElement[] {
  return ticket.elsewhere.map((there) => badge(texts, there, onResend));
}

/** The name of another desk as people write it. */
export function deskName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function badge(texts: Texts, there: Elsewhere, onResend: (desk: string) => void): HTMLElement {
  const words = texts.elsewhere;
  const desk = deskName(there.desk);
  const says = there.agent ? words.has(there.agent, desk) : words.at(desk);
  const name = there.url
    ? element("a", "", { href: there.url, target: "_blank", rel: "noopener noreferrer" }, says, " ↗", element("span", "unseen", {}, words.newWindow))
    : element("span", "", {}, says);
  const node = element("span", "elsewhere-badge", { "data-state": there.state }, name);
  if (there.state === "pending") node.append(element("span", "soft", {}, words.waiting));
  if (there.state === "dead") {
    const again = button("link", words.again, () => { onResend(there.desk); });
    again.setAttribute("aria-label", words.againAt(desk));
    node.append(element("span", "failed", { role: "alert" }, words.dead, there.error ? `: ${there.error}` : ""), again);
  }
  return node;
}
