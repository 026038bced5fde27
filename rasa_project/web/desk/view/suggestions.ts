import type { Suggestion } from "../data/casework";
import type { CaseworkTexts } from "../texts/casework";
import { button, element } from "./dom";

/** Answers that fit what the customer wrote; choosing one puts it into the box, unsent. */
export class Suggestions {
  readonly element = element("section", "suggestions", { hidden: "" });
  private shown: Suggestion[] = [];
  private drawn = "";

  constructor(
    private readonly texts: CaseworkTexts,
    private readonly onChoose: (text: string) => void,
    private readonly fill: (text: string) => string,
  ) {
    this.element.setAttribute("aria-label", texts.suggest.title);
  }

  update(list: Suggestion[]): void {
    const drawn = JSON.stringify(list);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.shown = list;
    this.element.hidden = list.length === 0;
    const { title } = this.texts.suggest;
    const rows = list.map((suggestion, index) => element("li", "", {}, this.row(suggestion, index)));
    this.element.replaceChildren(element("h3", "", {}, title), element("ul", "", {}, ...rows));
  }

  /** Chooses one by its number, from 0; says whether there is one. */
  choose(number: number): boolean {
    const suggestion = this.shown[number];
    if (suggestion) this.onChoose(suggestion.text);
    return suggestion !== undefined;
  }

  private row(suggestion: Suggestion, index: number): HTMLElement {
    const { library, past, insert } = this.texts.suggest;
    const from = suggestion.kind === "library" ? `${library} /${suggestion.shortcut ?? ""}` : past;
    const node = button("", "", () => { this.choose(index); });
    node.setAttribute("aria-keyshortcuts", insert(index + 1));
    node.append(
      element("span", "text", { dir: "auto" }, this.fill(suggestion.text)),
      element("span", "from", {}, `${from} · ${insert(index + 1)}`),
    );
    return node;
  }
}
