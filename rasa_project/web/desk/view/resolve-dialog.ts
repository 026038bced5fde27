import { OUTCOMES, type Ending, type OutcomeKind } from "../data/casework";
import type { Texts } from "../texts";
import { open as openDialog } from "./dialogs";
import { button, element } from "./dom";

/** Asks how a conversation ended, and for a word to the customer. */
export function askEnding(texts: Texts, onConfirm: (note: string, ending: Ending) => void): void {
  const { finish, casework } = texts;
  const { title, explain, submit } = finish.resolve;
  const { outcome } = casework;
  const radios = OUTCOMES.map((kind) => element("input", "", { type: "radio", name: "outcome", value: kind, id: `outcome-${kind}` }));
  const rows = radios.map((radio) => element("label", "radio", { for: radio.id }, radio, outcome.kinds[radio.value] ?? radio.value));
  const detail = element("input", "", { maxlength: "1000", id: "outcome-detail", dir: "auto", "aria-describedby": "outcome-hint" });
  const note = element("textarea", "", { rows: "3", maxlength: "1000", id: "finish-note", dir: "auto", "aria-describedby": "finish-hint" });
  const form = element(
    "form",
    "",
    { method: "dialog" },
    element("h2", "", { id: "dialog-title" }, title),
    element("p", "soft", {}, explain),
    element("fieldset", "outcomes", {}, element("legend", "", {}, outcome.title), ...rows),
    element("label", "", { for: "outcome-detail" }, outcome.detail),
    detail,
    element("p", "hint soft", { id: "outcome-hint" }, outcome.detailHint),
    element("label", "", { for: "finish-note" }, finish.note),
    note,
    element("p", "hint soft", { id: "finish-hint" }, finish.noteHint),
  );
  const dialog = openDialog(form);
  const cancel = button("", finish.cancel, () => { dialog.close(); });
  form.append(element("div", "actions", {}, cancel, element("button", "primary", { type: "submit" }, submit)));
  form.addEventListener("submit", () => {
    const chosen = radios.find((radio) => radio.checked)?.value as OutcomeKind | undefined;
    onConfirm(note.value.trim(), { outcome: chosen ?? null, detail: detail.value.trim() });
  });
  radios[0]?.focus();
}
