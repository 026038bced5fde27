/** Small ways to make elements; text goes in as text, never as markup. */

type Attributes = Record<string, string>;
type Child = Node | string;

/** Makes an element with a class, attributes and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Makes a button that submits no form of the page around it. */
export function button(className: string, label: string, onPress: () => void): HTMLButtonElement {
  const node = element("button", className, { type: "button" }, label);
  node.addEventListener("click", onPress);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Draws a 24 by 24 icon from one path; screen readers pass over it. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(shape);
  return svg;
}

export const ICONS = {
  chat: "M12 3c-5 0-9 3.4-9 7.8 0 2.4 1.2 4.5 3.1 6l-.7 3.1c-.1.5.4.9.9.7l3.6-1.7c.7.1 1.4.2 2.1.2 5 0 9-3.5 9-8.1S17 3 12 3z",
  close: "M6.4 5 5 6.4l5.6 5.6L5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6L19 6.4 17.6 5 12 10.6z",
  send: "M3.4 20.4 21 12.9c.8-.3.8-1.5 0-1.8L3.4 3.6c-.7-.3-1.4.3-1.2 1l1.8 6.3L13 12l-9 1.1-1.8 6.3c-.2.7.5 1.3 1.2 1z",
  down: "M12 15.6 5.7 9.3l1.4-1.4 4.9 4.9 4.9-4.9 1.4 1.4z",
} as const;
