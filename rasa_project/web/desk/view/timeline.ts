import type { Language, Message } from "../data/types";
import { percent, type Texts } from "../texts/en";
import { moment } from "./clock";
import { drawing, element } from "./dom";
import { emotionWords } from "./emotion";

const WIDTH = 300;
const HEIGHT = 158;
const LEFT = 12;
/** The upper band holds the valence, -1 to 1; the lower one the intensity, 0 to 1. */
const VALENCE = { top: 16, bottom: 92 };
const INTENSITY = { top: 108, bottom: 138 };
const MAX_TURNS = 40;

interface Point {
  turn: Message;
  x: number;
  valence: number;
  intensity: number;
}

/**
 * Draws how the customer's mood went: above whether it was pleasant, one dot a message, below how
 * strong it was, with a line where the conversation was handed over. Returns null while there is
 * nothing to draw.
 */
export function timeline(texts: Texts, messages: Message[], openedAt: number): SVGSVGElement | null {
  const turns = withMood(messages);
  const [first, last] = [turns[0], turns.at(-1)];
  if (!first?.emotion || !last?.emotion) return null;
  const points = turns.map((turn, index) => point(turn, across(index, turns.length)));
  const words = `${texts.side.mood}: ${emotionWords(texts, first.emotion)} → ${emotionWords(texts, last.emotion)}`;
  const svg = drawing("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "timeline", role: "img", "aria-label": words });
  svg.append(...axes(texts), strength(points));
  const before = turns.filter((turn) => turn.timestamp <= openedAt).length;
  if (before > 0) svg.append(...handover(texts, (across(before - 1, turns.length) + across(before, turns.length)) / 2));
  svg.append(drawing("polyline", { class: "line", points: points.map(({ x, valence }) => `${x},${valence}`).join(" ") }));
  svg.append(...points.map((entry) => dot(texts, entry)));
  return svg;
}

/** The same as a table, for those who cannot or would rather not read a drawing. */
export function moodTable(texts: Texts, language: Language, messages: Message[], openedAt: number): HTMLElement {
  const { mood } = texts.casework;
  const heads = [mood.when, mood.what, mood.feels, mood.valence, mood.intensity];
  const rows: HTMLElement[] = [];
  let before = true;
  for (const turn of withMood(messages)) {
    if (before && turn.timestamp > openedAt) {
      rows.push(element("tr", "handover", {}, element("td", "", { colspan: String(heads.length) }, mood.handover)));
      before = false;
    }
    const { emotion } = turn;
    const cells = [moment(turn.timestamp, language), turn.text.slice(0, 80), emotion ? emotionWords(texts, emotion) : "", signed(emotion?.valence), percent(emotion?.intensity)];
    rows.push(element("tr", "", {}, ...cells.map((text) => element("td", "", { dir: "auto" }, text))));
  }
  const head = element("tr", "", {}, ...heads.map((text) => element("th", "", { scope: "col" }, text)));
  const table = element("table", "", {}, element("thead", "", {}, head), element("tbody", "", {}, ...rows));
  return element("div", "scroll", { tabindex: "0", role: "group", "aria-label": texts.side.mood }, table);
}

/** The latest messages that say how the customer felt, the oldest first. */
export function withMood(messages: Message[]): Message[] {
  const found: Message[] = [];
  for (let at = messages.length - 1; at >= 0 && found.length < MAX_TURNS; at -= 1) {
    const message = messages[at];
    if (typeof message?.emotion?.valence === "number") found.push(message);
  }
  return found.reverse();
}

function point(turn: Message, x: number): Point {
  const { emotion } = turn;
  const valence = between(-1, emotion?.valence ?? 0, 1);
  const intensity = emotion?.abstained ? 0 : between(0, emotion?.intensity ?? 0, 1);
  const middle = (VALENCE.top + VALENCE.bottom) / 2;
  return {
    turn,
    x,
    valence: round(middle - valence * (middle - VALENCE.top - 5)),
    intensity: round(INTENSITY.bottom - intensity * (INTENSITY.bottom - INTENSITY.top)),
  };
}

function axes(texts: Texts): SVGElement[] {
  const middle = (VALENCE.top + VALENCE.bottom) / 2;
  const line = (y: number) => drawing("line", { class: "zero", x1: LEFT, x2: WIDTH - LEFT, y1: y, y2: y });
  const words = (y: number, text: string) => drawing("text", { class: "axis", x: LEFT, y }, text);
  return [
    line(middle),
    line(INTENSITY.bottom),
    words(VALENCE.top - 4, texts.side.pleasant),
    words(VALENCE.bottom + 2, texts.side.unpleasant),
    words(HEIGHT - 6, texts.casework.mood.intensity),
  ];
}

/** Draws the intensity as a line over its filled ground. */
function strength(points: Point[]): SVGElement {
  const line = points.map(({ x, intensity }) => `${x},${intensity}`).join(" ");
  const [from, to] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
  return drawing(
    "g",
    { class: "strength" },
    drawing("polygon", { points: `${from},${INTENSITY.bottom} ${line} ${to},${INTENSITY.bottom}` }),
    drawing("polyline", { points: line }),
    ...points.map(({ x, intensity }) => drawing("circle", { cx: x, cy: intensity, r: 2 })),
  );
}

function dot(texts: Texts, { turn, x, valence }: Point): SVGElement {
  const { emotion } = turn;
  const name = !emotion || emotion.abstained ? "unclear" : emotion.name;
  const node = drawing("circle", { class: "turn", cx: x, cy: valence, r: 5, "data-emotion": name });
  if (emotion) node.append(drawing("title", {}, emotionWords(texts, emotion)));
  return node;
}

function handover(texts: Texts, x: number): SVGElement[] {
  const line = Math.min(x, WIDTH - LEFT);
  const left = line > WIDTH / 2;
  return [
    drawing("line", { class: "handover", x1: line, x2: line, y1: 4, y2: INTENSITY.bottom }),
    drawing(
      "text",
      { class: "axis", x: left ? line - 5 : line + 5, y: VALENCE.top - 4, "text-anchor": left ? "end" : "start" },
      texts.side.handedOver,
    ),
  ];
}

function across(index: number, count: number): number {
  const room = WIDTH - 2 * LEFT - 12;
  return round(LEFT + 6 + (count === 1 ? room / 2 : (room * index) / (count - 1)));
}

function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

function signed(value: number | null | undefined): string {
  return typeof value === "number" ? `${value > 0 ? "+" : ""}${value.toFixed(2)}` : "";
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
