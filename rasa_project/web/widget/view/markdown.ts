/**
 * A strict subset of Markdown, built as nodes: emphasis, code, links, lists, quotes, headings.
 *
 * What is not of it stays the text that it was; HTML has no meaning here at all. Addresses are set
 * aside before emphasis is looked for, so that `a_b_c` in one stays whole.
 */

import { webAddress } from "../chat/messages";
import { element, outwardLink } from "./dom";
import { linkify } from "./links";

const FENCE = /^\s*```/;
const ITEM = /^\s{0,3}(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;
const QUOTE = /^\s{0,3}>\s?(.*)$/;
const HEADING = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/;

const INLINE = new RegExp(
  [
    /`(?<code>[^`\n]+)`/,
    /\[(?<label>[^\]\n]+)\]\((?<target>[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)/,
    /(?<address>https?:\/\/[^\s<>"'“”「」《》，。！？；、（）]+)/,
    /\*\*(?<bold>\S(?:[^\n]*?\S)?)\*\*/,
    /~~(?<gone>\S(?:[^\n]*?\S)?)~~/,
    /(?<![\w*])\*(?<star>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])/,
    /(?<![\p{L}\p{N}_])_(?<under>[^\s_](?:[^_\n]*[^\s_])?)_(?![\p{L}\p{N}_])/u,
  ].map((pattern) => pattern.source).join("|"),
  "gu",
);

/** Builds the blocks of a text. */
export function markdown(text: string, opensInNewTab: string): HTMLElement[] {
  const blocks: HTMLElement[] = [];
  const lines = text.split("\n");
  while (lines.length) blocks.push(...block(lines, opensInNewTab));
  return blocks;
}

/** Takes one block from the front of the lines; nothing where an empty line stood. */
function block(lines: string[], title: string): HTMLElement[] {
  const line = lines.shift() ?? "";
  if (!line.trim()) return [];
  if (FENCE.test(line)) {
    const code = takeWhile(lines, (next) => !FENCE.test(next));
    lines.shift(); // the closing fence, where there is one
    return [element("pre", "", { tabindex: "0" }, element("code", "", {}, code.join("\n")))];
  }
  const heading = HEADING.exec(line);
  if (heading) return [element("p", "heading", { dir: "auto" }, ...inline(heading[1] ?? "", title))];
  if (QUOTE.test(line)) {
    const quoted = [line, ...takeWhile(lines, (next) => QUOTE.test(next))];
    return [element("blockquote", "", { dir: "auto" }, ...broken(quoted.map((each) => each.replace(QUOTE, "$1")), title))];
  }
  const item = ITEM.exec(line);
  if (item) return [list([line, ...takeWhile(lines, (next) => isLike(item, ITEM.exec(next)))], item[1], title)];
  const rest = takeWhile(lines, (next) => next.trim() !== "" && ![FENCE, HEADING, QUOTE, ITEM].some((sign) => sign.test(next)));
  return [element("p", "", { dir: "auto" }, ...broken([line, ...rest], title))];
}

/** Numbered items and others make lists of their own. */
function isLike(item: RegExpExecArray, next: RegExpExecArray | null): boolean {
  return next !== null && (item[1] === undefined) === (next[1] === undefined);
}

function list(lines: readonly string[], start: string | undefined, title: string): HTMLElement {
  const items = lines.map((line) => element("li", "", { dir: "auto" }, ...inline(ITEM.exec(line)?.[2] ?? "", title)));
  return start ? element("ol", "", { start }, ...items) : element("ul", "", {}, ...items);
}

function broken(lines: readonly string[], title: string): Node[] {
  return lines.flatMap((line, index) => (index ? [element("br"), ...inline(line, title)] : inline(line, title)));
}

function inline(text: string, title: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(...linkify(text.slice(end, match.index), title), ...marked(match, title));
    end = match.index + match[0].length;
  }
  return [...nodes, ...linkify(text.slice(end), title)];
}

function marked(match: RegExpMatchArray, title: string): Node[] {
  const { code, label, target, address, bold, gone, star, under } = match.groups ?? {};
  if (code) return [element("code", "", {}, code)];
  if (label) {
    const url = webAddress(target);
    return url ? [outwardLink("", url, title, label)] : [document.createTextNode(match[0])];
  }
  if (address) return linkify(address, title);
  if (bold) return [element("strong", "", {}, ...inline(bold, title))];
  if (gone) return [element("s", "", {}, ...inline(gone, title))];
  return [element("em", "", {}, ...inline(star ?? under ?? "", title))];
}

function takeWhile(lines: string[], holds: (line: string) => boolean): string[] {
  const taken: string[] = [];
  while (lines.length && holds(lines[0] ?? "")) taken.push(lines.shift() ?? "");
  return taken;
}
