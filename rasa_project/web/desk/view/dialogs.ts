import type { Texts } from "../texts";
import { button, element } from "./dom";

type Finish = "handBack" | "resolve";

/** Asks for the note with which a conversation is given away. */
export function askNote(texts: Texts, how: Finish, onConfirm: (note: string) => void): void {
  const { title, explain, submit } = texts.finish[how];
  const note = element("textarea", "", { rows: "3", maxlength: "1000", id: "finish-note", dir: "auto", "aria-describedby": "finish-hint" });
  const form = element(
    "form",
    "",
    { method: "dialog" },
    element("h2", "", { id: "dialog-title" }, title),
    element("p", "soft", {}, explain),
    element("label", "", { for: "finish-note" }, texts.finish.note),
    note,
    element("p", "hint soft", { id: "finish-hint" }, texts.finish.noteHint),
  );
  const dialog = open(form);
  const cancel = button("", texts.finish.cancel, () => { dialog.close(); });
  const confirm = element("button", "primary", { type: "submit" }, submit);
  form.append(element("div", "actions", {}, cancel, confirm));
  form.addEventListener("submit", () => { onConfirm(note.value.trim()); });
  note.focus();
}

/** Asks before something is done that others notice. */
export function ask(texts: Texts, words: { title: string; explain: string; submit: string }, onConfirm: () => void): void {
  const form = element(
    "form",
    "",
    { method: "dialog" },
    element("h2", "", { id: "dialog-title" }, words.title),
    element("p", "soft", {}, words.explain),
  );
  const dialog = open(form);
  const cancel = button("", texts.finish.cancel, () => { dialog.close(); });
  const confirm = element("button", "primary", { type: "submit" }, words.submit);
  form.append(element("div", "actions", {}, cancel, confirm));
  form.addEventListener("submit", onConfirm);
  cancel.focus();
}

/** Shows what the keyboard can do. */
export function showShortcuts(texts: Texts): void {
  const rows = [...texts.shortcuts.list, ...texts.casework.shortcuts].flatMap(([keys, does]) => [
    element("dt", "", {}, element("kbd", "", {}, keys)),
    element("dd", "", {}, does),
  ]);
  const content = element(
    "div",
    "",
    {},
    element("h2", "", { id: "dialog-title" }, texts.shortcuts.title),
    element("dl", "shortcuts", {}, ...rows),
  );
  const dialog = open(content);
  const close = button("primary", texts.shortcuts.close, () => { dialog.close(); });
  content.append(element("div", "actions", {}, close));
  close.focus();
}

/** Shows content over the page until it is closed. */
export function open(content: HTMLElement): HTMLDialogElement {
  document.querySelector("dialog")?.close();
  const dialog = element("dialog", "", { "aria-labelledby": "dialog-title" }, content);
  dialog.addEventListener("close", () => { dialog.remove(); });
  document.body.append(dialog);
  dialog.showModal(); // keeps the focus inside, and Escape closes it
  return dialog;
}
