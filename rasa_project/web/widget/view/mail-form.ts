/** Where a customer has the conversation mailed to an address: a row of the settings, and the form below it. */

import type { Chat } from "../chat/chat";
import type { Connection } from "../chat/connection";
import { randomId } from "../chat/messages";
import { readRefusal } from "../chat/wire";
import { fill, type Texts } from "../texts";
import { button, element, icon, ICONS } from "./dom";
import { EMAIL, field, note, tell } from "./fields";

const FIELD_NOTE = "attune-mail-note";

export class MailForm {
  /** Hidden where the server mails nothing. */
  readonly row: HTMLButtonElement;
  readonly #form: HTMLFormElement;
  readonly #chat: Chat;
  readonly #connection: Connection;
  readonly #texts: Texts;
  readonly #address: HTMLInputElement;
  readonly #note: HTMLElement;
  /** The mail that this press and each further one asks for; another address is another mail. */
  #id = "";
  /** Nobody has said yet what became of it. */
  #pending = false;
  #asking = "";
  #whose = "";
  #online = false;

  constructor(chat: Chat, connection: Connection, texts: Texts) {
    this.#chat = chat;
    this.#connection = connection;
    this.#texts = texts;
    this.row = button("setting", texts.mail, () => { this.#show(!this.#form.isConnected); });
    this.row.append(icon(ICONS.mail));
    this.#address = element("input", "", { type: "email", autocomplete: "email", maxlength: "254", "aria-describedby": FIELD_NOTE });
    this.#address.addEventListener("input", () => { this.#begin(); });
    this.#note = note();
    this.#note.id = FIELD_NOTE;
    this.#form = element(
      "form", "more-form", { novalidate: "", "aria-label": texts.mail },
      field(texts.mailAddress, this.#address), this.#note, element("button", "reply", { type: "submit" }, texts.mailSend),
    );
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
    this.#form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // the settings stay open
      this.#show(false);
      this.row.focus();
    });
    chat.onChange(() => { this.#follow(); });
    this.#show(false);
    this.#follow();
  }

  #show(shown: boolean): void {
    this.row.setAttribute("aria-expanded", String(shown));
    if (!shown) this.#form.remove();
    else {
      this.row.after(this.#form);
      this.#address.focus();
      this.#form.scrollIntoView({ block: "nearest" }); // with its button
    }
  }

  /** What was asked for before counts no more. */
  #begin(): void {
    this.#id = randomId();
    this.#pending = false;
    this.#say("");
  }

  #submit(): void {
    if (EMAIL.test(this.#address.value)) {
      void this.#ask();
    } else {
      this.#say(this.#texts.mailWrong, true);
      this.#address.setAttribute("aria-invalid", "true");
      this.#address.focus();
    }
  }

  async #ask(): Promise<void> {
    const id = this.#id;
    if (this.#asking === id) return;
    this.#asking = id;
    this.#pending = true;
    this.#say(this.#filled(this.#texts.mailOnWay));
    const answer = await this.#connection.mail(id, this.#address.value);
    if (this.#asking === id) this.#asking = "";
    if (id !== this.#id) return; // changed, or settled meanwhile
    const refusal = readRefusal(answer);
    if (refusal) {
      this.#pending = false;
      this.#say(refusal.text, true);
    } else if (!answer) {
      this.#say(this.#online ? this.#texts.failed : this.#texts.leaveWaits, this.#online);
    }
  }

  /** Takes note of what the chat has heard. */
  #follow(): void {
    const { status, opened, mailed, email, thread } = this.#chat;
    const back = status === "online" && !this.#online;
    this.#online = status === "online";
    this.row.hidden = opened.mail !== true;
    if (this.row.hidden) this.#show(false);
    const whose = `${thread} ${email}`;
    if (whose !== this.#whose) {
      this.#whose = whose;
      this.#address.value = email;
      this.#begin();
    } else if (this.#pending && mailed?.id === this.#id) {
      const { sent } = mailed;
      const text = this.#filled(sent ? this.#texts.mailed : this.#texts.mailFailed);
      this.#begin(); // pressed again, it is another mail
      this.#say(text, !sent);
    } else if (back && this.#pending) {
      void this.#ask();
    }
  }

  #filled(text: string): string {
    return fill(text, { address: this.#address.value });
  }

  #say(text: string, wrong = false): void {
    this.#address.removeAttribute("aria-invalid");
    tell(this.#note, text, wrong);
  }
}
