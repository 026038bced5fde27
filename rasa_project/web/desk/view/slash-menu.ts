import type { Canned } from "../data/casework";
import type { CaseworkTexts } from "../texts/casework";
import { element, setText } from "./dom";

const MAX_SHOWN = 8;
const LIST_ID = "slash-list";

interface Source {
  library: () => Canned[];
  /** The customer's language, whose text is preferred. */
  language: () => string;
  /** Puts an answer into the box; `from` and `to` bound what was typed to find it. */
  insert: (text: string, from: number, to: number) => void;
}

interface Match {
  answer: Canned;
  text: string;
  foreign: boolean;
}

/** The library's answers, found by a slash in the box where the agent writes . */
export class SlashMenu {
  readonly list = element("ul", "slash", { role: "listbox", id: LIST_ID, hidden: "", tabindex: "0" });
  readonly status = element("div", "unseen", { role: "status" });
  private matches: Match[] = [];
  private active = 0;
  /** Where the slash stands, while the menu is open. */
  private from: number | null = null;
  /** A slash that the agent said no to by Escape. */
  private dismissed: number | null = null;

  constructor(
    private readonly texts: CaseworkTexts,
    private readonly box: HTMLTextAreaElement,
    private readonly source: Source,
  ) {
    this.list.setAttribute("aria-label", texts.slash.list);
    box.setAttribute("aria-autocomplete", "list");
    box.addEventListener("blur", () => { this.close(); });
    this.list.addEventListener("pointerdown", (event) => { event.preventDefault(); }); // the focus stays in the box
    box.addEventListener("click", () => { this.look(); });
  }

  /** Looks whether a slash is being typed, and shows what fits. */
  look(): void {
    const typed = /(?:^|\s)\/([^\s/]*)$/.exec(this.box.value.slice(0, this.box.selectionStart));
    const from = typed ? this.box.selectionStart - (typed[1] ?? "").length - 1 : null;
    if (from === null || from === this.dismissed) {
      if (from === null) this.dismissed = null;
      this.close();
      return;
    }
    this.from = from;
    this.matches = find(this.source.library(), typed?.[1] ?? "", this.source.language());
    this.active = 0;
    this.show();
  }

  /** Takes a key that belongs to the menu; says whether it did. */
  key(event: KeyboardEvent): boolean {
    if (this.from === null || event.isComposing) return false;
    if (event.key === "Escape") {
      this.dismissed = this.from;
      this.close();
      return true;
    }
    if (this.matches.length === 0) return false;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      this.active = (this.active + step + this.matches.length) % this.matches.length;
      this.mark();
      return true;
    }
    if (event.key !== "Enter" && event.key !== "Tab") return false;
    this.choose(this.active);
    return true;
  }

  close(): void {
    this.from = null;
    this.list.hidden = true;
    for (const name of ["aria-controls", "aria-haspopup", "aria-activedescendant"]) {
      this.box.removeAttribute(name);
    }
    setText(this.status, "");
  }

  private show(): void {
    const { slash } = this.texts;
    const rows = this.matches.map((match, index) => {
      const name = element("span", "slash-name", {}, `/${match.answer.shortcut}`);
      const text = element("span", "slash-text", { dir: "auto" }, match.text);
      const other = match.foreign ? element("span", "mark", {}, slash.other) : null;
      const row = element("li", "", { role: "option", id: `${LIST_ID}-${index}` }, name, other, text);
      row.addEventListener("pointerdown", () => { this.choose(index); });
      return row;
    });
    this.list.replaceChildren(...(rows.length > 0 ? rows : [element("li", "soft", { "aria-disabled": "true", role: "option" }, slash.none)]));
    this.list.hidden = false;
    // A box of several lines may be no combobox; what one of those has, a text box may have as well.
    const states = { "aria-controls": LIST_ID, "aria-haspopup": "listbox" };
    for (const [name, value] of Object.entries(states)) this.box.setAttribute(name, value);
    setText(this.status, rows.length > 0 ? slash.found(rows.length) : slash.none);
    this.mark();
  }

  private mark(): void {
    [...this.list.children].forEach((row, index) => {
      row.setAttribute("aria-selected", String(index === this.active && this.matches.length > 0));
    });
    if (this.matches.length === 0) return;
    this.box.setAttribute("aria-activedescendant", `${LIST_ID}-${this.active}`);
    this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
  }

  private choose(index: number): void {
    const match = this.matches[index];
    const from = this.from;
    if (!match || from === null) return;
    this.close();
    this.source.insert(match.text, from, this.box.selectionStart);
  }
}

/** Finds answers by shortcut or words: the beginning of a shortcut first, then the rest. */
export function find(library: Canned[], query: string, language: string): Match[] {
  const wanted = query.toLowerCase();
  const rank = (answer: Canned): number => {
    if (answer.shortcut.startsWith(wanted)) return 0;
    if (answer.shortcut.includes(wanted)) return 1;
    return Object.values(answer.texts).some((text) => text.toLowerCase().includes(wanted)) ? 2 : 3;
  };
  return library
    .map((answer) => ({ answer, rank: rank(answer) }))
    .filter((entry) => entry.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.answer.shortcut.localeCompare(b.answer.shortcut))
    .slice(0, MAX_SHOWN)
    .map(({ answer }) => {
      const own = answer.texts[language];
      return { answer, text: own ?? Object.values(answer.texts)[0] ?? "", foreign: own === undefined };
    });
}
