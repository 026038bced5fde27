import { newId } from "../data/api";
import type { Texts } from "../texts";
import { button, element } from "./dom";

/** Where an agent leaves word for colleagues: a button that opens into a box. */
export class NoteBox {
  readonly element = element("div", "note-foot");
  private readonly opener: HTMLButtonElement;
  private readonly box: HTMLTextAreaElement;
  private readonly form: HTMLFormElement;
  /** Stays the same until it is saved, so that trying again never doubles it. */
  private id = newId();

  constructor(
    texts: Texts,
    private readonly kept: { note?: string },
    private readonly onSave: (id: string, text: string) => Promise<boolean>,
  ) {
    const { note } = texts.casework;
    this.opener = button("quiet note-button", note.button, () => { this.open(); });
    this.opener.setAttribute("aria-keyshortcuts", "Alt+I");
    this.box = element("textarea", "", {
      rows: "2", maxlength: "4000", dir: "auto", placeholder: note.placeholder,
      "aria-label": note.label, "aria-describedby": "note-hint",
    });
    this.box.value = kept.note ?? "";
    const cancel = button("", note.cancel, () => { this.close(); });
    const save = element("button", "primary", { type: "submit" }, note.save);
    const hint = element("p", "hint", { id: "note-hint" }, note.hint);
    this.form = element("form", "note-form", {}, this.box, element("div", "actions", {}, hint, cancel, save));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
    this.box.addEventListener("input", () => { this.kept.note = this.box.value; });
    this.box.addEventListener("keydown", (event) => { this.key(event); });
    this.element.append(this.box.value ? this.form : this.opener);
  }

  open(): void {
    this.element.replaceChildren(this.form);
    this.box.focus();
  }

  private close(): void {
    // Who went on to something else while the note was on its way is not called back.
    const here = this.form.contains(document.activeElement);
    this.element.replaceChildren(this.opener);
    if (here) this.opener.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void this.save();
    }
  }

  private async save(): Promise<void> {
    const typed = this.box.value;
    const text = typed.trim();
    if (text === "" || !(await this.onSave(this.id, text))) return;
    this.id = newId();
    if (this.box.value !== typed) return; // typed on: that is the next note
    this.box.value = "";
    delete this.kept.note;
    this.close();
  }
}
