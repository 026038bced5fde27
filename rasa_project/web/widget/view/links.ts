import { element, outwardLink } from "./dom";

const ADDRESS = /https?:\/\/[^\s<>"'“”「」《》，。！？；、（）]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
// Punctuation that ends a sentence around an address, not the address.
const TRAILING = /[.,:;!?)\]}'*_]$/;

/** Splits a text into text nodes and links; nothing in it is ever read as markup. */
export function linkify(text: string, opensInNewTab: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[0]);
    nodes.push(document.createTextNode(text.slice(end, match.index)), link(address, opensInNewTab));
    end = match.index + address.length;
  }
  nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}

function withoutTrailing(address: string): string {
  let end = address.length;
  while (TRAILING.test(address.slice(0, end))) {
    const kept = address.slice(0, end);
    // An address may itself hold a bracket pair, as encyclopedias' do.
    if (kept.endsWith(")") && kept.split("(").length >= kept.split(")").length) break;
    end -= 1;
  }
  return address.slice(0, end);
}

function link(address: string, opensInNewTab: string): HTMLAnchorElement {
  if (!/^https?:/i.test(address)) return element("a", "", { href: `mailto:${address}` }, address);
  return outwardLink("", address, opensInNewTab, address);
}
