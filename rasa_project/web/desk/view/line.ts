import type { Duty, Language, Priority, Ticket, Timer } from "../data/types";
import type { Texts } from "../texts";
import { percent } from "../texts/en";
import { duration } from "./clock";
import { element, setText } from "./dom";

const LIKELY = 0.6;
const POSSIBLE = 0.35;

/** Words the chance that a customer ends dissatisfied, with its figure; null where it is not known. */
export function forecastWords(texts: Texts, forecast: number | null): string | null {
  if (forecast === null) return null;
  const { likely, possible, unlikely } = texts.line.forecast;
  const words = forecast >= LIKELY ? likely : forecast >= POSSIBLE ? possible : unlikely;
  return words(percent(forecast));
}

/** Shows the forecast in words and as a bar. */
export function forecastBar(texts: Texts, forecast: number | null): HTMLElement {
  const { hint, unknown } = texts.line.forecast;
  const words = forecastWords(texts, forecast);
  if (forecast === null || words === null) return element("p", "soft", {}, unknown);
  const bar = element("meter", "forecast", {
    min: "0", max: "1", low: String(POSSIBLE), high: String(LIKELY), optimum: "0", value: String(forecast),
    "aria-label": hint,
  });
  return element("figure", "", {}, element("p", "", {}, words), bar, element("figcaption", "soft", {}, hint));
}

/** Marks a priority that somebody set; nothing for the normal one. */
export function priorityMark(texts: Texts, priority: Priority): HTMLElement | null {
  if (priority === "normal") return null;
  const tone = priority === "low" ? "calm" : "urgent";
  const { title } = texts.line.priority;
  return element("span", `mark ${tone}`, { title }, `${title}: ${texts.line.priority[priority]}`);
}

/** Names a team in the agent's language; one that the desk's file no longer has by its own name. */
export function teamName(duty: Duty | null, id: string, language: Language): string {
  const name = duty?.teams.find((team) => team.id === id)?.name;
  return name?.[language] ?? name?.en ?? id;
}

/** Counts down to the answer that is due; empty where none is. */
export class Countdown {
  readonly element = element("span", "mark countdown");
  private timer: Timer | null = null;

  constructor(private readonly texts: Texts) {}

  update(ticket: Ticket, now: number): void {
    this.timer = ticket.state === "queued" || ticket.state === "agent" ? ticket.timer : null;
    this.tick(now);
  }

  tick(now: number): void {
    const { timer } = this;
    this.element.hidden = timer === null;
    if (timer === null) return;
    const left = timer.due_at - now;
    const { timer: words } = this.texts.line;
    setText(this.element, left < 0 ? words.late(duration(-left)) : words[timer.kind](duration(left)));
    this.element.dataset.due = left < 0 ? "late" : now >= timer.warn_at ? "soon" : "fine";
  }
}
