import type { Kit } from "./kit";

/** Puts a name above a field. */
export function field({ element }: Kit, name: string, input: HTMLElement): HTMLElement {
  return element("label", "field", {}, name, input);
}

/** Makes the line that says how it went. */
export function note({ element }: Kit): HTMLElement {
  return element("p", "form-note", { role: "status" });
}
