import type { Options } from "../options";

const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)\b/;

/** A constructed sheet is no inline style, so a strict Content-Security-Policy lets it be. */
export function addStyles(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

/**
 * Keeps the frame's theme and side as the host's attributes and the system ask for.
 *
 * Returns:
 *   What ends it.
 */
export function layOut(host: HTMLElement, frame: HTMLElement, options: Options): () => void {
  const night = matchMedia("(prefers-color-scheme: dark)");
  frame.dir = RIGHT_TO_LEFT.test(options.language) ? "rtl" : "ltr";
  frame.classList.toggle("inline", options.inline);
  const apply = () => {
    const theme = host.getAttribute("theme");
    const dark = theme === "dark" || (theme !== "light" && night.matches);
    frame.dataset.theme = dark ? "dark" : "light";
    const side = host.getAttribute("position") ?? (frame.dir === "rtl" ? "left" : "right");
    frame.dataset.side = side === "left" ? "left" : "right";
  };
  apply();
  night.addEventListener("change", apply);
  const watcher = new MutationObserver(apply);
  watcher.observe(host, { attributeFilter: ["theme", "position"] });
  watcher.observe(frame, { attributeFilter: ["dir"] });
  return () => {
    night.removeEventListener("change", apply);
    watcher.disconnect();
  };
}
