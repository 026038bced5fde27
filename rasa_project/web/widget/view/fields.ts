/** The parts that forms are made of. */

import { element } from "./dom";

/** Puts a name above a field. */
export function field(name: string, input: HTMLElement): HTMLElement {
  return element("label", "field", {}, name, input);
}

/** Makes the line that says how it went. */
export function note(): HTMLElement {
  return element("p", "form-note", { role: "status" });
}
