import type { Texts } from "../texts";
import { element } from "../view/dom";
import { bar, courseChart, type Line } from "./charts";
import { supervisors, type Figures, type Group, type Span, type Tables } from "./data";
import { nameOf } from "./filters";
import type { Format } from "./format";
import { table, type Column } from "./table";

const GROUPS: Group[] = ["channel", "language", "intent"];

/** Draws the figures: each card a picture with its table and CSV, or a table where that says more. */
export class Cards {
  constructor(
    private readonly texts: Texts,
    private readonly format: Format,
    private readonly span: Span,
    private readonly tables: Tables,
  ) {}

  all(): HTMLElement[] {
    return [...this.courses(), this.emotions(), this.reasons(), this.ratings(), ...GROUPS.map((group) => this.group(group))];
  }

  private courses(): HTMLElement[] {
    const { cards, columns } = this.texts.supervisors;
    const time = (value: number) => this.format.time(value);
    const share = (value: number) => this.format.share(value);
    const median = (name: "waited" | "handled") => [
      this.line(columns.median, (row) => row[`${name}_median`]),
      this.line(columns.p90, (row) => row[`${name}_p90`]),
    ];
    return [
      this.course(cards.volume, [this.line(columns.tickets, (row) => row.tickets)], (value) => this.format.count(value), "bars"),
      this.course(cards.waited, median("waited"), time, "time"),
      this.course(cards.handled, median("handled"), time, "time"),
      this.course(cards.recovered, [this.line(columns.recovered, (row) => row.recovered)], share, "line", 1),
      this.course(cards.rating, [this.line(columns.rating, (row) => row.rating)], (value) => this.format.rating(value), "line", 5),
      this.course(cards.reopened, [this.line(columns.reopened, (row) => row.reopened)], share, "line", 1),
    ];
  }

  private line(name: string, read: (row: Figures) => number | null): Line {
    return { name, values: this.tables.over_time.map(read) };
  }

  private course(name: string, lines: Line[], write: (value: number) => string, kind: "line" | "bars" | "time" = "line", most?: number): HTMLElement {
    const rows = this.tables.over_time;
    const points = rows.map((row) => this.format.moment(row.start, this.span.by));
    const values = lines.flatMap((line) => line.values).filter((value) => value !== null && value !== 0);
    if (values.length === 0) return this.card(name, this.nothing());
    const label = this.texts.supervisors.pictured(name, points[0] ?? "", points.at(-1) ?? "", write(Math.max(...(values as number[]))));
    const shape = { label, points, lines, write, bars: kind === "bars", time: kind === "time" };
    const picture = courseChart(most === undefined ? shape : { ...shape, most });
    const columns: Column<number>[] = [
      { name: this.texts.supervisors.filters.steps[this.span.by], write: (index) => points[index] ?? "" },
      ...lines.map((line) => ({ name: line.name, number: true, write: (index: number) => written(line.values[index], write) })),
    ];
    const legend = lines.length < 2 ? null : element("ul", "legend", { "aria-hidden": "true" },
      ...lines.map((line, index) => element("li", `l${index}`, {}, line.name)));
    return this.card(name, element("div", "", {}, picture, legend), "over_time", table(name, columns, [...rows.keys()]));
  }

  private emotions(): HTMLElement {
    const { cards, columns } = this.texts.supervisors;
    const rows = this.tables.emotions;
    if (rows.length === 0) return this.card(cards.emotions, this.nothing());
    const sums = { arrival: sum(rows, (row) => row.arrival), end: sum(rows, (row) => row.end) };
    const side = (row: (typeof rows)[number], when: "arrival" | "end") => {
      const part = sums[when] === 0 ? 0 : row[when] / sums[when];
      return element("span", "side-by-side", {}, element("span", "soft", {}, columns[when]), bar(part, when), element("span", "number", {}, this.format.share(part)));
    };
    const items = rows.map((row) =>
      element("li", "", { "data-emotion": row.key }, element("span", "what", {}, this.emotion(row.key)), side(row, "arrival"), side(row, "end")),
    );
    const columnsOf: Column<(typeof rows)[number]>[] = [
      { name: columns.emotion, write: (row) => this.emotion(row.key) },
      { name: columns.arrival, number: true, write: (row) => this.format.count(row.arrival) },
      { name: columns.end, number: true, write: (row) => this.format.count(row.end) },
    ];
    const card = this.card(cards.emotions, element("ul", "bars", {}, ...items), "emotions", table(cards.emotions, columnsOf, rows), cards.emotionsHint);
    card.classList.add("tall");
    return card;
  }

  private reasons(): HTMLElement {
    const { cards, columns, signals } = this.texts.supervisors;
    return this.counted(cards.reasons, "reasons", columns.reason, columns.tickets, this.tables.reasons.map(({ key, tickets }) => [signals[key] ?? key.replaceAll("_", " "), tickets]));
  }

  private ratings(): HTMLElement {
    const { cards, columns, ratings } = this.texts.supervisors;
    const rows = this.tables.ratings.map(({ key, answers }): [string, number] => [ratings[key - 1] ?? String(key), answers]);
    return this.counted(cards.ratings, "ratings", columns.rating, columns.answers, rows.reverse());
  }

  private counted(name: string, key: "reasons" | "ratings", what: string, how: string, rows: [string, number][]): HTMLElement {
    const most = Math.max(0, ...rows.map(([, count]) => count));
    if (most === 0) return this.card(name, this.nothing());
    const items = rows.map(([label, count]) =>
      element("li", "", {}, element("span", "what", {}, label), bar(count / most), element("span", "number", {}, this.format.count(count))),
    );
    const columns: Column<[string, number]>[] = [
      { name: what, write: ([label]) => label },
      { name: how, number: true, write: ([, count]) => this.format.count(count) },
    ];
    return this.card(name, element("ul", "bars single", {}, ...items), key, table(name, columns, rows));
  }

  private group(group: Group): HTMLElement {
    const { cards, groups } = this.texts.supervisors;
    const rows = this.tables[group];
    const name = cards.by(groups[group]);
    if (rows.length === 0) return this.card(name, this.nothing());
    const first: Column<Figures & { key: string }> = { name: groups[group], write: (row) => nameOf(this.texts, group, row.key) };
    const card = this.card(name, table(name, [first, ...this.figures()], rows), group);
    card.classList.add("wide");
    return card;
  }

  private figures(): Column<Figures>[] {
    const { columns } = this.texts.supervisors;
    const column = (name: string, read: (row: Figures) => number | null, write: (value: number) => string) => ({
      name, number: true, write: (row: Figures) => written(read(row), write),
    });
    const time = (value: number) => this.format.time(value);
    const share = (value: number) => this.format.share(value);
    return [
      column(columns.tickets, (row) => row.tickets, (value) => this.format.count(value)),
      column(columns.waitedMedian, (row) => row.waited_median, time),
      column(columns.waitedP90, (row) => row.waited_p90, time),
      column(columns.handledMedian, (row) => row.handled_median, time),
      column(columns.handledP90, (row) => row.handled_p90, time),
      column(columns.recovered, (row) => row.recovered, share),
      column(columns.rating, (row) => row.rating, (value) => this.format.rating(value)),
      column(columns.reopened, (row) => row.reopened, share),
    ];
  }

  private card(name: string, content: HTMLElement, csv?: keyof Tables, grid?: HTMLElement, hint?: string): HTMLElement {
    const { asTable, csv: asCsv, csvOf } = this.texts.supervisors;
    const link = csv && element("a", "csv", { href: supervisors.csv(this.span, csv), download: "", "aria-label": csvOf(name) }, asCsv);
    const more = grid && element("details", "", {}, element("summary", "", {}, asTable), grid);
    return element(
      "section",
      "card",
      { "aria-label": name },
      element("header", "", {}, element("h3", "", {}, name), link ?? null),
      hint === undefined ? null : element("p", "hint soft", {}, hint),
      content,
      more ?? null,
    );
  }

  private nothing(): HTMLElement {
    return element("p", "none soft", {}, this.texts.supervisors.nothing);
  }

  private emotion(key: string): string {
    return key === "unclear" ? this.texts.unclear : (this.texts.emotions[key] ?? key);
  }
}

function written(value: number | null | undefined, write: (value: number) => string): string {
  return value === null || value === undefined ? "–" : write(value);
}

function sum<Row>(rows: Row[], read: (row: Row) => number): number {
  return rows.reduce((all, row) => all + read(row), 0);
}
