import { button, element } from "./dom";

/** A button that opens a list of things to do; it closes by itself. */
export function menu(label: string, items: [string, () => void][], ...extra: HTMLElement[]): HTMLElement {
  const summary = element("summary", "", {}, label);
  const box = element("details", "menu", {}, summary);
  const close = (focus: boolean) => {
    box.open = false;
    if (focus) summary.focus();
  };
  const buttons = items.map(([words, act]) => button("quiet", words, () => {
    close(true);
    act();
  }));
  box.append(element("div", "items", {}, ...extra, ...buttons));
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && !box.contains(event.relatedTarget)) close(false);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.open) return;
    event.stopPropagation();
    close(true);
  });
  const outside = (event: PointerEvent) => {
    if (!box.isConnected) document.removeEventListener("pointerdown", outside);
    else if (event.target instanceof Node && !box.contains(event.target)) close(false);
  };
  box.addEventListener("toggle", () => {
    if (box.open) document.addEventListener("pointerdown", outside);
    else document.removeEventListener("pointerdown", outside);
  });
  return box;
}
