import { arrange, element, setText } from "./dom";

/** Makes one entry of a list, the one chosen last or the first, the only one that Tab goes to. */
export function letOneBeTabbed(list: HTMLElement, chosen: HTMLElement | null = null): void {
  const before = [...list.querySelectorAll<HTMLElement>("button.ticket[tabindex='0']")];
  const one = chosen ?? before[0] ?? list.querySelector<HTMLElement>("button.ticket");
  for (const other of before) if (other !== one) other.tabIndex = -1;
  if (one && one.tabIndex !== 0) one.tabIndex = 0;
}

/** A titled part of the list; some stand open, the others open on demand and stay as they were left. */
export class Group {
  readonly element: HTMLElement;
  private readonly count = element("span", "count");
  private readonly list: HTMLUListElement;

  constructor(title: string, onDemand: boolean) {
    this.list = element("ul", "", { "aria-label": title });
    if (onDemand) {
      const summary = element("summary", "", {}, title, this.count);
      this.element = element("details", "group", {}, summary, this.list);
    } else {
      this.element = element("section", "group", {}, element("h3", "", {}, title, this.count), this.list);
    }
  }

  show(items: HTMLElement[]): void {
    setText(this.count, String(items.length));
    arrange(this.list, items);
    letOneBeTabbed(this.list);
  }
}
