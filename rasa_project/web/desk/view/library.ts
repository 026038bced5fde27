import { ApiError } from "../data/api";
import { EMOTIONS, type Canned, type CaseworkStore } from "../data/casework";
import { sentence, type Texts } from "../texts";
import { open as openDialog } from "./dialogs";
import { button, element } from "./dom";

/** The library of answers as supervisors keep it: a list, and a form for one answer. */
export class LibraryDialog {
  private readonly stage = element("div", "library");
  private readonly list = element("ul", "answers");
  private readonly search: HTMLInputElement;
  private readonly dialog: HTMLDialogElement;

  constructor(
    private readonly texts: Texts,
    private readonly store: CaseworkStore,
  ) {
    const { library } = texts.casework;
    this.search = element("input", "", { type: "search", "aria-label": library.search, placeholder: library.search });
    this.search.addEventListener("input", () => { this.showList(); });
    this.dialog = openDialog(this.stage);
    this.dialog.classList.add("wide");
    this.overview();
    void store.loadLibrary().then(() => { this.showList(); });
  }

  private overview(): void {
    const { library } = this.texts.casework;
    const add = button("primary", library.add, () => { this.edit(null); });
    const close = button("", library.close, () => { this.dialog.close(); });
    this.showList();
    this.stage.replaceChildren(
      element("h2", "", { id: "dialog-title" }, library.title),
      element("p", "soft", {}, library.explain),
      this.search,
      this.list,
      element("div", "actions", {}, close, add),
    );
    this.search.focus();
  }

  private showList(): void {
    const { library } = this.texts.casework;
    const wanted = this.search.value.trim().toLowerCase();
    const found = this.store.library.filter((answer) =>
      [answer.shortcut, ...Object.values(answer.texts)].some((text) => text.toLowerCase().includes(wanted)),
    );
    const rows = found.map((answer) => this.row(answer));
    this.list.replaceChildren(...(rows.length > 0 ? rows : [element("li", "soft", {}, library.none)]));
  }

  private row(answer: Canned): HTMLElement {
    const { library } = this.texts.casework;
    const edit = button("quiet", library.edit, () => { this.edit(answer); });
    edit.setAttribute("aria-label", `${library.edit} /${answer.shortcut}`);
    const remove = button("quiet", library.remove, () => {
      if (!confirm(library.sure(answer.shortcut))) return;
      void this.store.remove(answer.id).then(() => { this.overview(); });
    });
    remove.setAttribute("aria-label", `${library.remove} /${answer.shortcut}`);
    const texts = Object.entries(answer.texts).map(([language, text]) => element("p", "", { lang: language }, text));
    return element("li", "", {}, element("div", "row", {}, element("strong", "", {}, `/${answer.shortcut}`), edit, remove), ...texts);
  }

  private edit(answer: Canned | null): void {
    const { library } = this.texts.casework;
    const shortcut = element("input", "", { id: "answer-shortcut", required: "", maxlength: "41", "aria-describedby": "shortcut-hint", autocomplete: "off" });
    const box = (id: string, lang: string) => element("textarea", "", { id, lang, rows: "3", maxlength: "4000", "aria-describedby": "variables-hint" });
    const [en, zh] = [box("answer-en", "en"), box("answer-zh", "zh-CN")];
    const intents = element("input", "", { id: "answer-intents", "aria-describedby": "intents-hint", autocomplete: "off" });
    const feelings = EMOTIONS.map((name) => {
      const tick = element("input", "", { type: "checkbox", value: name, id: `fits-${name}` });
      tick.checked = answer?.emotions.includes(name) ?? false;
      return tick;
    });
    shortcut.value = answer?.shortcut ?? "";
    en.value = answer?.texts.en ?? "";
    zh.value = answer?.texts.zh ?? "";
    intents.value = answer?.intents.join(", ") ?? "";
    const error = element("p", "error", { role: "alert" });
    const form = element(
      "form",
      "",
      {},
      element("h2", "", { id: "dialog-title" }, answer ? `${library.edit} /${answer.shortcut}` : library.add),
      ...field(library.shortcut, shortcut, library.shortcutHint, "shortcut-hint"),
      ...field(library.english, en),
      ...field(library.chinese, zh, library.variables, "variables-hint"),
      element("fieldset", "outcomes", {}, element("legend", "", {}, library.emotions),
        ...feelings.map((tick) => element("label", "radio", { for: tick.id }, tick, this.texts.emotions[tick.value] ?? tick.value)),
        element("p", "hint soft", {}, library.emotionsHint)),
      ...field(library.intents, intents, library.intentsHint, "intents-hint"),
      error,
      element("div", "actions", {}, button("", library.back, () => { this.overview(); }), element("button", "primary", { type: "submit" }, library.save)),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const content = {
        shortcut: shortcut.value,
        texts: { en: en.value, zh: zh.value },
        emotions: feelings.filter((tick) => tick.checked).map((tick) => tick.value),
        intents: intents.value.split(/[,，]/).map((name) => name.trim()).filter((name) => name !== ""),
      };
      void this.save(content, answer?.id ?? null, error);
    });
    this.stage.replaceChildren(form);
    shortcut.focus();
  }

  private async save(content: Omit<Canned, "id">, id: number | null, error: HTMLElement): Promise<void> {
    try {
      await this.store.save(content, id);
      this.overview();
    } catch (refused) {
      if (!(refused instanceof ApiError)) throw refused;
      error.textContent = sentence(this.texts, refused);
    }
  }
}

function field(label: string, control: HTMLElement, hint = "", hintId = ""): HTMLElement[] {
  const nodes: HTMLElement[] = [element("label", "", { for: control.id }, label), control];
  if (hint) nodes.push(element("p", "hint soft", { id: hintId }, hint));
  return nodes;
}
