import type { Message } from "../data/types";
import type { Texts } from "../texts";
import { drawing } from "./dom";
import { emotionWords } from "./emotion";

const WIDTH = 300;
const HEIGHT = 110;
const LEFT = 12;
const TOP = 14;
const BOTTOM = 96;
const MAX_TURNS = 40;

/**
 * Draws how the customer's mood went, one dot a message, with a line where the conversation was
 * handed over. Returns null while there is nothing to draw.
 */
export function timeline(texts: Texts, messages: Message[], openedAt: number): SVGSVGElement | null {
  const turns = messages.filter((message) => typeof message.emotion?.valence === "number").slice(-MAX_TURNS);
  const [first, last] = [turns[0], turns.at(-1)];
  if (!first?.emotion || !last?.emotion) return null;
  const points = turns.map((turn, index) => ({ turn, x: across(index, turns.length), y: height(turn) }));
  const words = `${texts.side.mood}: ${emotionWords(texts, first.emotion)} → ${emotionWords(texts, last.emotion)}`;
  const svg = drawing("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "timeline", role: "img", "aria-label": words });
  svg.append(drawing("line", { class: "zero", x1: LEFT, x2: WIDTH - LEFT, y1: at(0), y2: at(0) }));
  svg.append(
    drawing("text", { class: "axis", x: LEFT, y: TOP - 3 }, texts.side.pleasant),
    drawing("text", { class: "axis", x: LEFT, y: HEIGHT - 3 }, texts.side.unpleasant),
  );
  const before = turns.filter((turn) => turn.timestamp <= openedAt).length;
  if (before > 0) svg.append(...handover(texts, (across(before - 1, turns.length) + across(before, turns.length)) / 2));
  svg.append(drawing("polyline", { class: "line", points: points.map(({ x, y }) => `${x},${y}`).join(" ") }));
  for (const { turn, x, y } of points) {
    const emotion = turn.emotion;
    if (!emotion) continue;
    const dot = drawing("circle", { cx: x, cy: y, r: 5, "data-emotion": emotion.abstained ? "unclear" : emotion.name });
    dot.append(drawing("title", {}, emotionWords(texts, emotion)));
    svg.append(dot);
  }
  return svg;
}

function handover(texts: Texts, x: number): SVGElement[] {
  const line = Math.min(x, WIDTH - LEFT);
  const left = line > WIDTH / 2;
  return [
    drawing("line", { class: "handover", x1: line, x2: line, y1: TOP - 8, y2: BOTTOM + 4 }),
    drawing(
      "text",
      { class: "axis", x: left ? line - 5 : line + 5, y: TOP - 3, "text-anchor": left ? "end" : "start" },
      texts.side.handedOver,
    ),
  ];
}

function across(index: number, count: number): number {
  const room = WIDTH - 2 * LEFT - 12;
  return round(LEFT + 6 + (count === 1 ? room / 2 : (room * index) / (count - 1)));
}

function height(turn: Message): number {
  return at(turn.emotion?.valence ?? 0);
}

function at(valence: number): number {
  const middle = (TOP + BOTTOM) / 2;
  return round(middle - Math.max(-1, Math.min(1, valence)) * (middle - TOP - 4));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
