import type { Chat } from "../chat/chat";
import type { Connection } from "../chat/connection";
import type { Texts } from "../texts";
import type { Attention } from "./attention";
import { button, element, icon, iconButton, ICONS } from "./dom";
import { MailForm } from "./mail-form";
import { saveConversation } from "./saving";
import type { Tone } from "./tone";

/** What the customer may set, and take along: a panel below the header. */
export class Settings {
  readonly root: HTMLElement;
  readonly toggle: HTMLButtonElement;
  readonly #texts: Texts;
  readonly #connection: Connection;
  readonly #problem = element("p", "settings-problem", { role: "status" });

  constructor(chat: Chat, connection: Connection, texts: Texts, attention: Attention, tone: Tone) {
    this.#texts = texts;
    this.#connection = connection;
    this.toggle = iconButton("head-button", texts.settings, ICONS.more, () => { this.show(this.root.hidden); });
    this.toggle.setAttribute("aria-controls", "attune-settings");
    this.root = element(
      "section", "settings", { id: "attune-settings", "aria-label": texts.settings },
      switchRow(texts.sound, () => attention.sound, (on) => { attention.sound = on; }),
      switchRow(texts.notifications, () => attention.notifications, (on) => this.#notify(attention, on)),
      this.#problem,
      toneRow(texts, tone),
      saveRow(texts.saveText, () => void this.#save("txt")),
      saveRow(texts.saveHtml, () => void this.#save("html")),
      new MailForm(chat, connection, texts).row,
    );
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // the chat stays open
      this.show(false);
      this.toggle.focus();
    });
    this.show(false);
  }

  show(shown: boolean): void {
    this.root.hidden = !shown;
    this.toggle.setAttribute("aria-expanded", String(shown));
    if (shown) this.root.querySelector("button")?.focus();
  }

  async #save(kind: "txt" | "html"): Promise<void> {
    const saved = await saveConversation(kind, this.#connection, this.#texts);
    this.#problem.textContent = saved ? "" : this.#texts.offline;
  }

  async #notify(attention: Attention, on: boolean): Promise<void> {
    const granted = await attention.setNotifications(on);
    this.#problem.textContent = on && !granted ? this.#texts.notificationsDenied : "";
  }
}

function toneRow(texts: Texts, tone: Tone): HTMLElement {
  const row = switchRow(texts.toneSwitch, () => tone.allowed, (on) => { tone.allow(on); });
  tone.onChange(() => { row.setAttribute("aria-checked", String(tone.allowed)); });
  return row;
}

function switchRow(label: string, read: () => boolean, write: (on: boolean) => void | Promise<void>): HTMLElement {
  const row = button("setting", label, () => {
    void Promise.resolve(write(!read())).then(() => { row.setAttribute("aria-checked", String(read())); });
  });
  row.setAttribute("role", "switch");
  row.setAttribute("aria-checked", String(read()));
  row.append(element("span", "switch", { "aria-hidden": "true" }));
  return row;
}

function saveRow(label: string, save: () => void): HTMLElement {
  const row = button("setting", label, save);
  row.append(icon(ICONS.save));
  return row;
}
