/** Small ways to make elements; text goes in as text, never as markup. */

type Child = Node | string | null;

/** Makes an element with a class, attributes and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** Makes a button that does something when it is pressed. */
export function button(className: string, label: string, onPress: () => void): HTMLButtonElement {
  const node = element("button", className, { type: "button" }, label);
  node.addEventListener("click", onPress);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Makes an SVG element. */
export function drawing<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number>,
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** The same pulse as in the page's icon. */
export function logo(): SVGSVGElement {
  return drawing(
    "svg",
    { viewBox: "0 0 32 32", class: "logo", "aria-hidden": "true" },
    drawing("rect", { width: 32, height: 32, rx: 9 }),
    drawing("path", { d: "M6 17h4l3-8 5 15 3-9 1.5 2H26" }),
  );
}

/** Shows children in a parent in this order, keeping nodes that are there already and the focus. */
export function arrange(parent: Element, children: Node[]): void {
  const focused = document.activeElement;
  const wanted = new Set(children);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let next = parent.firstChild;
  for (const child of children) {
    if (next === child) next = next.nextSibling;
    else parent.insertBefore(child, next);
  }
  if (focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}

/** Sets a node's text where it differs, so that nothing is announced or selected anew. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
