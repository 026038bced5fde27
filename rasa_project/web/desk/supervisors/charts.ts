import { drawing } from "../view/dom";

const HEIGHT = 200;
/** Letters keep their size: on a phone the picture is narrower, not smaller. */
const WIDTHS = { wide: 640, narrow: 360 };
const LEFT = 58;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 28;
const TICKS = 4;

export interface Line {
  name: string;
  /** One value a point; null where there is nothing to draw. */
  values: (number | null)[];
}

export interface Course {
  /** What the picture shows, in words. */
  label: string;
  /** Names of the points, from left to right. */
  points: string[];
  lines: Line[];
  write: (value: number) => string;
  /** Bars from the floor, or lines. */
  bars?: boolean;
  /** The largest value that there can be, where there is one. */
  most?: number;
  /** The values are seconds. */
  time?: boolean;
}

/** Draws how something went: bars, or up to two lines that differ by dashes as well as colour. */
export function courseChart(course: Course): SVGSVGElement {
  const width = matchMedia("(max-width: 860px)").matches ? WIDTHS.narrow : WIDTHS.wide;
  const highest = Math.max(0, ...course.lines.flatMap((line) => present(line.values)));
  const top = Math.min(course.most ?? Infinity, course.time ? niceTime(highest) : nice(highest));
  const svg = drawing("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, class: "chart", role: "img", "aria-label": course.label });
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  for (let tick = 0; tick <= TICKS; tick += 1) {
    const value = (top * tick) / TICKS;
    svg.append(
      drawing("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }),
      drawing("text", { class: "axis", x: LEFT - 7, y: y(value) + 4, "text-anchor": "end" }, tickText(course, value)),
    );
  }
  svg.append(...pointLabels(course.points, width));
  course.lines.forEach((line, index) => {
    svg.append(...(course.bars ? bars(course, line, y, width) : path(course, line, y, index, width)));
  });
  return svg;
}

/** Draws a share of a whole as a bar beside its words. */
export function bar(share: number, kind = ""): SVGSVGElement {
  const width = Math.max(0, Math.min(1, share)) * 100;
  return drawing(
    "svg",
    { viewBox: "0 0 100 10", class: `bar-chart ${kind}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    drawing("rect", { class: "ground", width: 100, height: 10 }),
    drawing("rect", { class: "fill", width, height: 10 }),
  );
}

function bars(course: Course, line: Line, y: (value: number) => number, width: number): SVGElement[] {
  const room = (width - LEFT - RIGHT) / Math.max(1, line.values.length);
  return line.values.flatMap((value, index) => {
    if (value === null || value === 0) return [];
    const box = { x: LEFT + room * (index + 0.15), y: y(value), width: room * 0.7, height: y(0) - y(value) };
    return [drawing("rect", { class: "column", ...box }, title(course, line, index, value))];
  });
}

function path(course: Course, line: Line, y: (value: number) => number, which: number, width: number): SVGElement[] {
  const x = place(line.values.length, width);
  const pieces: string[] = [];
  const dots: SVGElement[] = [];
  let drawn = false;
  line.values.forEach((value, index) => {
    if (value !== null) {
      const at = { x: round(x(index)), y: round(y(value)) };
      pieces.push(`${drawn ? "L" : "M"}${at.x} ${at.y}`);
      dots.push(drawing("circle", { class: `point p${which}`, cx: at.x, cy: at.y, r: 3 }, title(course, line, index, value)));
    }
    drawn = value !== null;
  });
  return [drawing("path", { class: `course c${which}`, d: pieces.join("") }), ...dots];
}

function title(course: Course, line: Line, index: number, value: number): SVGElement {
  return drawing("title", {}, `${course.points[index] ?? ""} · ${line.name}: ${course.write(value)}`);
}

function pointLabels(points: string[], width: number): SVGElement[] {
  const x = place(points.length, width);
  const every = Math.max(1, Math.ceil(points.length / (width / 105)));
  return points.flatMap((name, index) => {
    if (index % every !== 0 || (index > 0 && width - RIGHT - x(index) < 24)) return [];
    const anchor = points.length === 1 ? "middle" : index === 0 ? "start" : "middle";
    return [drawing("text", { class: "axis", x: index === 0 && points.length > 1 ? LEFT : x(index), y: HEIGHT - 8, "text-anchor": anchor }, name)];
  });
}

function place(count: number, width: number): (index: number) => number {
  const room = (width - LEFT - RIGHT) / Math.max(1, count);
  return (index) => LEFT + room * (index + 0.5);
}

function tickText(course: Course, value: number): string {
  // A count has no halves.
  return course.bars && !Number.isInteger(value) ? "" : course.write(value);
}

function present(values: (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

/** Rounds up to a number that is easily divided into ticks. */
function nice(value: number): number {
  if (value <= 0) return TICKS;
  const unit = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 8, 10].find((step) => step * unit >= value) ?? 10) * unit;
}

/** The same for seconds: whole minutes and hours. */
function niceTime(seconds: number): number {
  const steps = [20, 40, 60, 120, 240, 480, 1200, 2400, 3600, 7200, 14_400, 28_800, 57_600, 86_400];
  return steps.find((step) => step >= seconds) ?? nice(seconds / 86_400) * 86_400;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
