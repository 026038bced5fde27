/** What the script tag's attributes ask for. */

export type Language = "en" | "zh";

export interface Options {
  /** Address of the Rasa server, without a slash at the end. */
  server: string;
  language: Language;
  /** Whether the chat stands open when the page has loaded. */
  open: boolean;
}

/**
 * Reads `data-server`, `data-language` and `data-open`.
 *
 * A missing or malformed server falls back to where the script came from, a missing language to
 * the page's and then the browser's: a mistake in an attribute never breaks the page.
 */
export function readOptions(page: Document): Options {
  const script = page.currentScript ?? page.querySelector<HTMLScriptElement>('script[src*="attune.js"]');
  const tag = script instanceof HTMLScriptElement ? script : null;
  const language = tag?.dataset.language ?? (page.documentElement.lang || navigator.language);
  const open = tag?.dataset.open;
  return {
    server: address(tag?.dataset.server) ?? origin(tag?.src) ?? location.origin,
    language: language.toLowerCase().startsWith("zh") ? "zh" : "en",
    open: open !== undefined && open !== "false",
  };
}

function address(text: string | undefined): string | null {
  const url = parse(text);
  if (url === null && text) console.warn(`attune.js: data-server="${text}" is not an address.`);
  return url && url.origin + url.pathname.replace(/\/+$/, "");
}

function origin(text: string | undefined): string | null {
  return parse(text)?.origin ?? null;
}

function parse(text: string | undefined): URL | null {
  try {
    const url = new URL(text ?? "", location.href);
    return text && /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}
