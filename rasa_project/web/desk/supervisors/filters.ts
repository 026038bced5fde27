import type { Texts } from "../texts";
import { element } from "../view/dom";
import { day, zone, type Group, type Span, type Step } from "./data";

const PRESETS: [key: "today" | "week" | "month" | "quarter", days: number, by: Step][] = [
  ["today", 1, "hour"],
  ["week", 7, "day"],
  ["month", 30, "day"],
  ["quarter", 90, "week"],
];
const GROUPS: Group[] = ["channel", "language", "intent"];

/** The last thirty days. */
export function usualSpan(): Span {
  return { first: day(29), last: day(0), by: "day", only: {} };
}

/** Where one chooses what is looked at. */
export class Filters {
  readonly element: HTMLFormElement;
  private readonly preset: HTMLSelectElement;
  private readonly first: HTMLInputElement;
  private readonly last: HTMLInputElement;
  private readonly by: HTMLSelectElement;
  private count = 0;
  private readonly groups = new Map<Group, HTMLSelectElement>();

  constructor(
    private readonly texts: Texts,
    private readonly span: Span,
    private readonly onChange: () => void,
  ) {
    const { filters } = texts.supervisors;
    this.preset = choice([...PRESETS.map(([key]): [string, string] => [key, filters.presets[key]]), ["", filters.presets.own]]);
    this.first = element("input", "", { type: "date", min: "2000-01-01", required: "" });
    this.last = element("input", "", { type: "date", min: "2000-01-01", required: "" });
    this.by = choice((["hour", "day", "week"] as const).map((step) => [step, filters.steps[step]]));
    for (const group of GROUPS) this.groups.set(group, choice([["", filters.all]]));
    const fields = [
      this.field(filters.period, this.preset),
      this.field(filters.first, this.first),
      this.field(filters.last, this.last),
      this.field(filters.by, this.by),
      ...GROUPS.map((group) => this.field(texts.supervisors.groups[group], this.selectOf(group))),
    ];
    const hint = element("p", "hint soft", {}, filters.zone(zone));
    this.element = element("form", "filters", { "aria-label": filters.title }, ...fields, hint);
    this.element.addEventListener("submit", (event) => { event.preventDefault(); });
    this.preset.addEventListener("change", () => { this.takePreset(); });
    for (const node of [this.first, this.last, this.by, ...this.groups.values()]) {
      node.addEventListener("change", () => { this.take(); });
    }
    this.show();
  }

  /** Offers the kinds that there are in the period. */
  offer(choices: Record<Group, string[]>): void {
    for (const group of GROUPS) {
      const select = this.selectOf(group);
      const chosen = this.span.only[group];
      // A value stands behind a mark: the empty one means "not known", not "all".
      const known = new Set([...choices[group], ...(chosen === undefined ? [] : [chosen])]);
      const options: [string, string][] = [...known].map((value) => [`=${value}`, nameOf(this.texts, group, value)]);
      select.replaceChildren(...optionsOf([["", this.texts.supervisors.filters.all], ...options]));
      select.value = chosen === undefined ? "" : `=${chosen}`;
    }
  }

  private takePreset(): void {
    const preset = PRESETS.find(([key]) => key === this.preset.value);
    if (!preset) {
      this.first.focus();
      return;
    }
    const [, days, by] = preset;
    Object.assign(this.span, { first: day(days - 1), last: day(0), by });
    this.show();
    this.onChange();
  }

  private take(): void {
    if (!this.first.value || !this.last.value) return; // a date that is being typed
    const chosen = [...this.groups].filter(([, select]) => select.value !== "");
    Object.assign(this.span, {
      first: this.first.value,
      last: this.last.value,
      by: this.by.value,
      only: Object.fromEntries(chosen.map(([group, select]) => [group, select.value.slice(1)])),
    });
    this.show();
    this.onChange();
  }

  private show(): void {
    const { first, last, by } = this.span;
    this.first.value = first;
    this.last.value = last;
    this.by.value = by;
    const preset = PRESETS.find(([, days]) => last === day(0) && first === day(days - 1));
    this.preset.value = preset?.[0] ?? "";
  }

  private selectOf(group: Group): HTMLSelectElement {
    const select = this.groups.get(group);
    if (!select) throw new Error(`There is no choice of ${group}.`);
    return select;
  }

  private field(label: string, input: HTMLElement): HTMLElement {
    input.id = `filter-${++this.count}`;
    return element("div", "field", {}, element("label", "", { for: input.id }, label), input);
  }
}

/** Names a channel, language or intent. */
export function nameOf(texts: Texts, group: Group, value: string): string {
  if (value === "") return texts.supervisors.unknown;
  return group === "language" ? (texts.languages[value] ?? value) : value.replaceAll("_", " ");
}

function choice(options: [string, string][]): HTMLSelectElement {
  return element("select", "", {}, ...optionsOf(options));
}

function optionsOf(options: [string, string][]): HTMLOptionElement[] {
  return options.map(([value, label]) => element("option", "", { value }, label));
}
