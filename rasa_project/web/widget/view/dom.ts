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

/** Makes a button that shows an icon and says its label. */
export function iconButton(className: string, label: string, path: string, onPress: () => void): HTMLButtonElement {
  const node = button(className, "", onPress);
  node.setAttribute("aria-label", label);
  node.title = label;
  node.append(icon(path));
  return node;
}

/** Makes a link that opens beside the page. */
export function outwardLink(className: string, address: string, title: string, ...children: Child[]): HTMLAnchorElement {
  // The other page learns neither where the customer came from nor reaches back.
  const attributes = { href: address, target: "_blank", rel: "noopener noreferrer nofollow", title };
  return element("a", className, attributes, ...children);
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
  more: "M5 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm7 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm7 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  smile:
    "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19zm0 1.8a7.7 7.7 0 1 1 0 15.4 7.7 7.7 0 0 1 0-15.4zM8.7 8.6a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zm6.6 0a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM7.4 13.6c.7 2 2.5 3.5 4.6 3.5s3.9-1.5 4.6-3.5H15c-.6 1.2-1.7 2-3 2s-2.4-.8-3-2z",
  file: "M6 2.5h8.2L19 7.3V20a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 20V4a1.5 1.5 0 0 1 1-1.5zM13.5 4.3V8h3.7zM8 12v1.6h8V12zm0 3.6v1.6h8v-1.6z",
  clip: "M16.5 6v11.5a4 4 0 0 1-8 0V5a2.5 2.5 0 0 1 5 0v10.5a1 1 0 0 1-2 0V6H10v9.5a2.5 2.5 0 0 0 5 0V5a4 4 0 0 0-8 0v12.5a5.5 5.5 0 0 0 11 0V6z",
  mic: "M12 14.5a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5.5a3 3 0 0 0 3 3zm5.2-3a5.2 5.2 0 0 1-10.4 0H5a7 7 0 0 0 6 6.9v3.1h2v-3.1a7 7 0 0 0 6-6.9z",
  mail: "M3 5h18v14H3zM5 17h14V8.2l-7 4.6-7-4.6zM6.2 7l5.8 3.8L17.8 7z",
  save: "M11 3h2v9.2l3.3-3.3 1.4 1.4L12 16l-5.7-5.7 1.4-1.4 3.3 3.3zM4 18.5h16v2H4z",
} as const;
