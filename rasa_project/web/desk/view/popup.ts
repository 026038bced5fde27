import { element } from "./dom";

export interface Choice {
  label: string;
  /** Shown before the label. */
  mark?: HTMLElement;
  checked?: boolean;
  /** A line above it sets it apart. */
  apart?: boolean;
  choose: () => void;
}

/** Opens a menu below a button; arrow keys move in it, Escape gives the focus back. */
export function openPopup(opener: HTMLElement, label: string, choices: Choice[]): void {
  document.querySelector<HTMLElement>(".popup")?.remove();
  const menu = element("div", "popup", { role: "menu", "aria-label": label, tabindex: "-1" });
  const close = (refocus: boolean) => {
    menu.remove();
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (refocus) opener.focus();
  };
  const outside = (event: Event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) close(false);
  };
  const items = choices.map((choice) => item(choice, () => {
    close(true);
    choice.choose();
  }));
  menu.append(element("p", "soft hint", { "aria-hidden": "true" }, label), ...items);
  menu.addEventListener("keydown", (event) => {
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    const next = to[event.key];
    if (event.key === "Escape" || event.key === "Tab") close(true);
    else if (next !== undefined) items[(next + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  opener.setAttribute("aria-expanded", "true");
  (opener.closest("main, dialog") ?? document.body).append(menu);
  place(menu, opener);
  document.addEventListener("pointerdown", outside, true);
  (items.find((_, index) => choices[index]?.checked) ?? items[0])?.focus();
}

function item(choice: Choice, choose: () => void): HTMLButtonElement {
  const role = choice.checked === undefined ? "menuitem" : "menuitemradio";
  const node = element("button", choice.apart ? "apart" : "", { type: "button", role, tabindex: "-1" }, choice.mark ?? null, choice.label);
  if (choice.checked !== undefined) node.setAttribute("aria-checked", String(choice.checked));
  node.addEventListener("click", choose);
  return node;
}

/** Puts the menu below its button, or above where there is no room. */
function place(menu: HTMLElement, opener: HTMLElement): void {
  const { left, top, bottom } = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = bottom + 4 + height <= innerHeight;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${below ? bottom + 4 : Math.max(8, top - height - 4)}px`;
}
