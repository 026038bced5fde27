import { ApiError } from "../data/api";
import type { Token, Words } from "../data/casework";
import type { Texts } from "../texts";
import { button, element } from "./dom";

/** Below this a word moved the score too little to be shaded. */
const LEAST_WEIGHT = 0.005;
const MOST_NAMED = 5;

/** Shows which words moved an emotion, as soon as the model has answered. */
export function wordsPanel(texts: Texts, asked: Promise<Words>): HTMLElement {
  const { words } = texts.casework;
  const content = element("div", "", { role: "status" }, words.loading);
  const panel = element("div", "words", {}, content, button("link", words.close, () => { panel.remove(); }));
  asked.then(
    (found) => { content.replaceChildren(...explained(texts, found)); },
    (error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      content.replaceChildren(element("p", "", {}, error.code === "unexplained" ? words.absent : (texts.errors[error.code]?.({}) ?? error.message)));
    },
  );
  return panel;
}

function explained(texts: Texts, found: Words): HTMLElement[] {
  const { words } = texts.casework;
  const title = element("p", "soft", {}, words.title(texts.emotions[found.label] ?? found.label));
  const strongest = found.tokens.filter((token) => Math.abs(token.weight) >= LEAST_WEIGHT).sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  if (strongest.length === 0) return [title, element("p", "", {}, words.none)];
  const top = Math.abs(strongest[0]?.weight ?? 1);
  // Shading is for the eye alone; the list below says the same.
  const text = element("p", "shaded", { "aria-hidden": "true", dir: "auto" }, ...shaded(found, top));
  const named = strongest.slice(0, MOST_NAMED).map((token) =>
    element("li", "", {}, `${token.text} (${token.weight > 0 ? words.up : words.down}, ${signed(token.weight)})`),
  );
  return [title, text, element("ul", "", {}, ...named)];
}

function shaded(found: Words, top: number): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  // Python counts characters, JavaScript halves of some.
  const letters = Array.from(found.text);
  let at = 0;
  for (const token of found.tokens) {
    nodes.push(letters.slice(at, token.start).join(""), mark(token, top));
    at = token.end;
  }
  nodes.push(letters.slice(at).join(""));
  return nodes;
}

function mark(token: Token, top: number): Node | string {
  if (Math.abs(token.weight) < LEAST_WEIGHT) return token.text;
  const share = Math.abs(token.weight) / top;
  const level = share > 0.66 ? "3" : share > 0.33 ? "2" : "1";
  return element("mark", token.weight > 0 ? "up" : "down", { "data-level": level }, token.text);
}

function signed(weight: number): string {
  return `${weight > 0 ? "+" : "−"}${Math.abs(weight).toFixed(2)}`;
}
