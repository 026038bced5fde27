import type { Texts } from "../texts";
import { element } from "../view/dom";
import type { Dashboard, Figures } from "./data";
import type { Format } from "./format";

interface Tile {
  name: string;
  value: (figures: Figures) => number | null;
  write: (value: number) => string;
  note: (figures: Figures) => string;
  /** Whether more is better; undefined where it is neither. */
  good?: "more" | "less";
  /** Shares and ratings differ by points, amounts by a share of what was before. */
  points?: boolean;
}

/** The period's figures, each beside the period before. */
export function tiles(texts: Texts, format: Format, { total, before }: Dashboard): HTMLElement {
  const shown = all(texts, format).map((tile) => {
    const value = tile.value(total);
    return element(
      "li",
      "tile",
      {},
      element("h3", "", {}, tile.name),
      element("p", "value", {}, value === null ? "–" : tile.write(value)),
      element("p", "soft", {}, tile.note(total)),
      change(texts, format, tile, value, tile.value(before)),
    );
  });
  return element("ul", "tiles", { "aria-label": texts.supervisors.tiles.title }, ...shown);
}

function all(texts: Texts, format: Format): Tile[] {
  const { tiles } = texts.supervisors;
  const time = (value: number) => format.time(value);
  const share = (value: number) => format.share(value);
  const p90 = (value: number | null) => (value === null ? tiles.none : tiles.p90(time(value)));
  return [
    {
      name: tiles.tickets, value: (row) => row.tickets, write: (value) => format.count(value),
      note: (row) => tiles.abandoned(format.count(row.abandoned)),
    },
    { name: tiles.waited, value: (row) => row.waited_median, write: time, note: (row) => p90(row.waited_p90), good: "less" },
    { name: tiles.handled, value: (row) => row.handled_median, write: time, note: (row) => p90(row.handled_p90), good: "less" },
    {
      name: tiles.recovered, value: (row) => row.recovered, write: share, good: "more", points: true,
      note: (row) => tiles.compared(format.count(row.compared)),
    },
    {
      name: tiles.rating, value: (row) => row.rating, write: (value) => `${format.rating(value)} / 5`, good: "more",
      note: (row) => (row.happy === null ? tiles.none : tiles.happy(share(row.happy), format.count(row.rated))),
    },
    { name: tiles.reopened, value: (row) => row.reopened, write: share, note: () => tiles.reopenedNote, good: "less", points: true },
  ];
}

function change(texts: Texts, format: Format, tile: Tile, now: number | null, before: number | null): HTMLElement {
  const { tiles } = texts.supervisors;
  if (now === null || before === null || (!tile.points && before === 0)) return element("p", "change", {}, tiles.noBefore);
  const grown = tile.points ? now - before : (now - before) / before;
  const size = Math.abs(grown);
  if (size < 0.005) return element("p", "change", {}, tiles.same);
  const kind = tile.good === undefined ? "" : (grown > 0) === (tile.good === "more") ? "better" : "worse";
  const amount = tile.points ? tiles.points(format.count(Math.round(size * 1000) / 10)) : format.share(size);
  const words = grown > 0 ? tiles.more(amount) : tiles.less(amount);
  const judged = kind === "" ? words : `${words} · ${tiles[kind]}`;
  return element("p", `change ${kind}`, {}, element("span", "", { "aria-hidden": "true" }, grown > 0 ? "▲ " : "▼ "), judged);
}
