/** The parts that forms are made of. */

import { element } from "./dom";

export const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Puts a name above a field. */
export function field(name: string, input: HTMLElement): HTMLElement {
  return element("label", "field", {}, name, input);
}

/** Makes the line that says how it went. */
export function note(): HTMLElement {
  return element("p", "form-note", { role: "status" });
}

/** Says how it went; what it says already is not read out again. */
export function tell(line: HTMLElement, text: string, wrong: boolean): void {
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("error", wrong);
}
