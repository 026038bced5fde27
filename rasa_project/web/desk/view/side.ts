import type { Detail, Earlier, Language, Reason } from "../data/types";
import type { Texts } from "../texts";
import { moment } from "./clock";
import { button, element } from "./dom";
import { forecastBar } from "./line";
import { moodTable, timeline } from "./timeline";

/** Words a reason in the agent's language; an unknown one in the words it came with. */
export function reasonWords(texts: Texts, reason: Reason): string {
  const says = reason.says ?? "";
  return texts.reasons[reason.signal ?? ""]?.(reason.value, says) ?? says;
}

/** Everything around the transcript: why the customer is here, the mood so far, known facts. */
export function sidePanel(
  texts: Texts,
  language: Language,
  detail: Detail,
  onOpen: (id: number) => void,
): HTMLElement {
  return element(
    "div",
    "about",
    {},
    section(texts.side.why, reasons(texts, detail.ticket.reasons)),
    section(texts.line.forecast.title, forecastBar(texts, detail.ticket.forecast)),
    ...survey(texts, detail.survey),
    section(texts.side.mood, mood(texts, language, detail)),
    ...facts(texts, detail.facts),
    ...earlier(texts, language, detail.earlier, onOpen),
  );
}

function earlier(texts: Texts, language: Language, list: Earlier[], onOpen: (id: number) => void): HTMLElement[] {
  if (list.length === 0) return [];
  const items = list.map((one) => {
    const words = [moment(one.opened_at, language), one.agent ?? texts.line.noAgent];
    if (one.reasons[0]) words.push(reasonWords(texts, one.reasons[0]));
    const name = `#${one.id} · ${words.join(" · ")}`;
    return element("li", "", {}, button("link", name, () => { onOpen(one.id); }));
  });
  return [section(texts.line.earlier, element("ul", "earlier", {}, ...items))];
}

/** What the customer answered when asked how it was. */
function survey(texts: Texts, found: Detail["survey"]): HTMLElement[] {
  if (!found) return [];
  const { survey: words, ratings } = texts.supervisors;
  const rating = found.rating === null ? words.open : `${found.rating} / 5 · ${ratings[found.rating - 1] ?? ""}`;
  const comment = found.comment === null ? null : element("blockquote", "", { dir: "auto" }, found.comment);
  return [section(words.title, element("div", "survey", {}, element("p", "", {}, rating), comment))];
}

function section(title: string, content: Node): HTMLElement {
  return element("section", "", {}, element("h3", "", {}, title), content);
}

function reasons(texts: Texts, list: Reason[]): HTMLElement {
  const words = list.map((reason) => reasonWords(texts, reason)).filter((text) => text !== "");
  if (words.length === 0) return element("p", "soft", {}, texts.side.noWhy);
  return element("ul", "reasons", {}, ...words.map((text) => element("li", "", {}, text)));
}

function mood(texts: Texts, language: Language, detail: Detail): HTMLElement {
  const { messages, ticket } = detail;
  const chart = timeline(texts, messages, ticket.opened_at);
  if (!chart) return element("p", "soft", {}, texts.side.noMood);
  const table = element("details", "mood-table", {}, element("summary", "", {}, texts.casework.mood.table));
  table.addEventListener("toggle", () => {
    if (table.open && table.childElementCount === 1) table.append(moodTable(texts, language, messages, ticket.opened_at));
  });
  return element("figure", "", {}, chart, element("figcaption", "soft", {}, texts.side.moodHint), table);
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
