/** Where a customer stands who waits for a person: in line, or before a closed door. */

import type { Chat } from "../../chat/chat";
import { object, type Fields } from "../../chat/messages";
import type { Texts } from "../../texts";
import { button, element } from "../dom";
import { LeaveForm } from "./leave-form";

export class StandingView {
  readonly root: HTMLElement;
  readonly #texts: Texts;
  readonly #language: string;
  readonly #says: HTMLElement;
  readonly #form: LeaveForm;
  readonly #leave: HTMLButtonElement;
  readonly #hours: HTMLElement;
  readonly #hoursToggle: HTMLButtonElement;
  readonly #answers: HTMLElement;
  #left = false;
  #standing: Fields = {};

  constructor(chat: Chat, texts: Texts, language: string) {
    this.#texts = texts;
    this.#language = language;
    this.#says = element("p", "", { role: "status" });
    this.#form = new LeaveForm(chat, texts, () => {
      this.#left = true;
      this.#showForm(false);
      this.#draw();
      this.#leave.focus();
    });
    this.#leave = button("quiet", texts.leave, () => { this.#showForm(this.#form.root.hidden); });
    this.#hours = element("dl", "hours", { "aria-label": texts.hours });
    this.#hoursToggle = button("quiet", texts.hours, () => { this.#showHours(this.#hours.hidden); });
    this.#answers = element("div", "answers", {}, this.#hoursToggle, this.#leave);
    this.root = element("section", "standing", { tabindex: "0", "aria-label": texts.waiting }, this.#says, this.#answers, this.#hours, this.#form.root);
    this.#showForm(false);
    this.#showHours(false);
  }

  show(told: unknown): void {
    const standing = object(told);
    if (standing.state !== this.#standing.state) this.#left = false;
    this.#standing = standing;
    this.#draw();
  }

  #draw(): void {
    const { state, left, zone } = this.#standing;
    const absent = state !== "queued";
    const hours = this.#worded("hours");
    const lines = Array.isArray(hours) ? (hours as unknown[][]) : [];
    const says = [this.#worded("says"), this.#left || left === true ? this.#texts.left : ""].join(" ").trim();
    this.root.hidden = typeof state !== "string";
    if (this.#says.textContent !== says) this.#says.textContent = says; // it is read out at each change
    this.#answers.hidden = !absent;
    this.#hoursToggle.hidden = !lines.length;
    this.#hours.replaceChildren(
      ...lines.flatMap(([days, times]) => [element("dt", "", {}, String(days)), element("dd", "", {}, String(times))]),
      element("dd", "zone", {}, String(zone)),
    );
    if (absent && !this.root.hidden) return;
    this.#showForm(false);
    this.#showHours(false);
  }

  /** What the desk says, in the chat's language, else in English. */
  #worded(what: string): unknown {
    const said = object(this.#standing[what]);
    return said[this.#language] ?? said.en;
  }

  #showForm(shown: boolean): void {
    this.#form.show(shown);
    this.#leave.setAttribute("aria-expanded", String(shown));
  }

  #showHours(shown: boolean): void {
    this.#hours.hidden = !shown;
    this.#hoursToggle.setAttribute("aria-expanded", String(shown));
  }
}
