/** What the attributes of `<attune-chat>`, or `data-…` on the script tag, ask for. */

/** Every attribute, as `docs/widget.md` lists them. */
export const ATTRIBUTES = [
  "server",
  "language",
  "texts",
  "heading",
  "theme",
  "position",
  "inline",
  "opened",
  "tone-notice",
  "greeting",
  "greeting-after",
  "greeting-scroll",
  "greeting-path",
] as const;

export type Attribute = (typeof ATTRIBUTES)[number];

/** Those that are there or not, whatever they hold. */
export const SWITCHES: readonly Attribute[] = ["inline", "opened"];

export interface Options {
  /** Address of the Rasa server, without a slash at the end. */
  server: string;
  /** A language tag such as `en` or `zh`. */
  language: string;
  /** Address of a JSON file with texts, or null. */
  texts: string | null;
  heading: string | null;
  inline: boolean;
  toneNotice: boolean;
}

/**
 * Reads the attributes of one chat.
 *
 * A missing or malformed server falls back to where the script came from, a missing language to
 * the page's and then the browser's: a mistake in an attribute never breaks the page.
 */
export function readOptions(host: Element, scriptAddress: string): Options {
  const asked = host.getAttribute("language") ?? (document.documentElement.lang || navigator.language);
  const texts = host.getAttribute("texts");
  return {
    server: address(host.getAttribute("server")) ?? parse(scriptAddress)?.origin ?? location.origin,
    language: languageOf(asked.toLowerCase(), texts !== null),
    texts,
    heading: host.getAttribute("heading"),
    inline: isOn(host, "inline"),
    toneNotice: host.getAttribute("tone-notice") !== "off",
  };
}

/** Another language than the two built in is one only where the page brings its texts. */
function languageOf(asked: string, hasTexts: boolean): string {
  if (asked.startsWith("zh")) return "zh";
  return hasTexts ? asked || "en" : "en";
}

/** Whether a switch is set; `opened="false"` is how some frameworks say that it is not. */
export function isOn(host: Element, name: Attribute): boolean {
  return (host.getAttribute(name) ?? "false") !== "false";
}

/** Hands the script tag's `data-…` to the element that it puts on the page. */
export function copyFromTag(tag: HTMLScriptElement, host: Element): void {
  for (const name of ATTRIBUTES) {
    const value = tag.getAttribute(`data-${name}`);
    if (value !== null) host.setAttribute(name, value);
  }
  const open = tag.getAttribute("data-open"); // how `data-opened` was called at first
  if (open !== null && !host.hasAttribute("opened")) host.setAttribute("opened", open);
}

function address(text: string | null): string | null {
  const url = parse(text);
  if (url === null && text) console.warn(`attune: server="${text}" is not an address.`);
  return url && url.origin + url.pathname.replace(/\/+$/, "");
}

function parse(text: string | null): URL | null {
  try {
    const url = new URL(text ?? "", location.href);
    return text && /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}
