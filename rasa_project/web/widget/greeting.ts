/** When a page greets its visitor: once, on a matching page, after some seconds or some scrolling. */

const REMEMBERED = "attune-greeted:";

/**
 * Greets by the rules in a host's attributes: `greeting` is what is said, `greeting-path` on which
 * pages (`*` stands for anything), `greeting-after` after how many seconds, `greeting-scroll` or
 * after how many percent of the page. With neither of the last two it greets at once.
 *
 * Returns:
 *   What ends the watching.
 */
export function watchForGreeting(host: Element, server: string, greet: (text: string) => void): () => void {
  const text = host.getAttribute("greeting");
  if (!text || !matches(host.getAttribute("greeting-path")) || wasGreeted(server)) return () => undefined;
  const after = number(host.getAttribute("greeting-after"));
  const scroll = number(host.getAttribute("greeting-scroll"));
  const watching = new AbortController();
  const once = () => {
    if (watching.signal.aborted) return;
    watching.abort();
    if (wasGreeted(server)) return; // in another tab meanwhile
    remember(server);
    greet(text);
  };
  if (scroll !== null) {
    addEventListener("scroll", () => { if (scrolled() >= scroll) once(); }, { passive: true, signal: watching.signal });
  }
  const timer = after !== null || scroll === null ? setTimeout(once, (after ?? 0) * 1000) : undefined;
  return () => {
    watching.abort();
    clearTimeout(timer);
  };
}

function matches(pattern: string | null): boolean {
  if (!pattern) return true;
  const literal = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`).test(location.pathname);
}

function number(text: string | null): number | null {
  const value = Number.parseFloat(text ?? "");
  return Number.isFinite(value) && value >= 0 ? value : null;
}

/** How much of the page has been seen, in percent. */
function scrolled(): number {
  const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
  return scrollHeight <= clientHeight ? 100 : (100 * scrollTop) / (scrollHeight - clientHeight);
}

function wasGreeted(server: string): boolean {
  try {
    return localStorage.getItem(REMEMBERED + server) !== null;
  } catch {
    return true; // who allows no memory would be greeted on every page
  }
}

function remember(server: string): void {
  try {
    localStorage.setItem(REMEMBERED + server, new Date().toISOString());
  } catch {
    // see `wasGreeted`
  }
}
