import type { Detail, Reason } from "../data/types";
import type { Texts } from "../texts";
import { element } from "./dom";
import { timeline } from "./timeline";

/** Words a reason in the agent's language; an unknown one in the words it came with. */
export function reasonWords(texts: Texts, reason: Reason): string {
  const says = reason.says ?? "";
  return texts.reasons[reason.signal ?? ""]?.(reason.value, says) ?? says;
}

/** Everything around the transcript: why the customer is here, the mood so far, known facts. */
export function sidePanel(texts: Texts, detail: Detail): HTMLElement {
  return element(
    "div",
    "about",
    {},
    section(texts.side.why, reasons(texts, detail.ticket.reasons)),
    section(texts.side.mood, mood(texts, detail)),
    ...facts(texts, detail.facts),
  );
}

function section(title: string, content: Node): HTMLElement {
  return element("section", "", {}, element("h3", "", {}, title), content);
}

function reasons(texts: Texts, list: Reason[]): HTMLElement {
  const words = list.map((reason) => reasonWords(texts, reason)).filter((text) => text !== "");
  if (words.length === 0) return element("p", "soft", {}, texts.side.noWhy);
  return element("ul", "reasons", {}, ...words.map((text) => element("li", "", {}, text)));
}

function mood(texts: Texts, detail: Detail): HTMLElement {
  const chart = timeline(texts, detail.messages, detail.ticket.opened_at);
  if (!chart) return element("p", "soft", {}, texts.side.noMood);
  return element("figure", "", {}, chart, element("figcaption", "soft", {}, texts.side.moodHint));
}

function facts(texts: Texts, all: Record<string, string>): HTMLElement[] {
  const rows = Object.entries(all).flatMap(([name, value]) => [
    element("dt", "", {}, texts.factNames[name] ?? titled(name)),
    element("dd", "", {}, value),
  ]);
  return rows.length === 0 ? [] : [section(texts.side.facts, element("dl", "", {}, ...rows))];
}

function titled(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
