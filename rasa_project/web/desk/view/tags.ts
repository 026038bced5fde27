import type { CaseworkTexts } from "../texts/casework";
import { button, element } from "./dom";

const KNOWN_ID = "known-tags";

/** A conversation's tags, with a field to add one. */
export class TagEditor {
  readonly element = element("div", "tags");
  private readonly list = element("ul");
  private readonly field: HTMLInputElement;
  private readonly known = element("datalist", "", { id: KNOWN_ID });
  private tags: string[] = [];

  constructor(
    private readonly texts: CaseworkTexts,
    private readonly onChange: (tags: string[]) => Promise<boolean>,
  ) {
    const { add, placeholder } = texts.tags;
    this.field = element("input", "", { "aria-label": add, placeholder, list: KNOWN_ID, maxlength: "40", autocomplete: "off" });
    const form = element("form", "", {}, this.field, this.known);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = this.field.value.trim();
      if (name) void this.change([...this.tags, name]);
    });
    this.element.append(this.list, form);
  }

  update(tags: string[], known: string[]): void {
    if (tags.join("\n") !== this.tags.join("\n")) {
      this.tags = tags;
      this.list.replaceChildren(...tags.map((tag) => this.chip(tag)));
    }
    const free = known.filter((tag) => !tags.includes(tag));
    if (this.known.childElementCount !== free.length) {
      this.known.replaceChildren(...free.map((tag) => element("option", "", { value: tag })));
    }
  }

  private chip(tag: string): HTMLElement {
    const remove = button("link", "×", () => {
      this.field.focus();
      void this.change(this.tags.filter((other) => other !== tag));
    });
    remove.setAttribute("aria-label", this.texts.tags.remove(tag));
    return element("li", "mark", {}, element("span", "", { dir: "auto" }, tag), remove);
  }

  private async change(tags: string[]): Promise<void> {
    if (await this.onChange(tags)) this.field.value = "";
  }
}
