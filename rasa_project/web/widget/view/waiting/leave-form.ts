/** Where a customer leaves a message and a contact while nobody is there. */

import type { Chat } from "../../chat/chat";
import type { Texts } from "../../texts";
import { element } from "../dom";
import { EMAIL, field, note, tell } from "../fields";

/** As the desk reads numbers: from abroad, with a leading zero, or a Chinese mobile phone's. */
const PHONE = /^((\+|\(?0)[\d ()/.-]{7,}|1[3-9]\d{9})$/;

export class LeaveForm {
  readonly root: HTMLFormElement;
  readonly #chat: Chat;
  readonly #texts: Texts;
  readonly #text: HTMLTextAreaElement;
  readonly #contact: HTMLInputElement;
  readonly #send: HTMLButtonElement;
  readonly #note: HTMLElement;
  readonly #left: () => void;
  /** The message that was made of it, on its way. */
  #id: string | null = null;

  constructor(chat: Chat, texts: Texts, left: () => void) {
    this.#chat = chat;
    this.#texts = texts;
    this.#left = left;
    this.#text = element("textarea", "", { rows: "3", dir: "auto", required: "" });
    this.#contact = element("input", "", { autocomplete: "email", dir: "auto", maxlength: "120" });
    this.#send = element("button", "reply", { type: "submit" }, texts.leaveSend);
    this.#note = note();
    this.root = element(
      "form", "more-form", { novalidate: "", "aria-label": texts.leave },
      field(texts.leaveText, this.#text), field(texts.leaveContact, this.#contact), this.#note, this.#send,
    );
    this.root.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
    chat.onChange(() => { this.#follow(); });
  }

  show(shown: boolean): void {
    this.root.hidden = !shown;
    if (!shown) return;
    this.#text.focus();
    this.root.scrollIntoView({ block: "nearest" }); // with its button
  }

  #submit(): void {
    if (this.#id !== null) {
      this.#chat.retry(this.#id);
      return;
    }
    const text = this.#text.value = this.#text.value.trim();
    const contact = this.#contact.value.trim();
    this.#contact.setCustomValidity(!contact || EMAIL.test(contact) || PHONE.test(contact) ? "" : this.#texts.contactWrong);
    if (!this.root.reportValidity()) return; // the browser says it, beside the field
    this.#id = this.#chat.say(contact ? `${text}\n${this.#texts.contact}: ${contact}` : text);
    this.#follow();
  }

  /** Shows how far the message has got. */
  #follow(): void {
    if (this.#id === null) return;
    const message = this.#chat.messages.find(({ id }) => id === this.#id);
    const delivery = message?.delivery ?? "sent";
    const failed = delivery === "failed" || delivery === "rejected";
    this.#send.disabled = !failed;
    this.#text.readOnly = this.#contact.readOnly = true;
    if (failed) this.#failed(delivery === "rejected", message?.reason ?? "");
    else if (delivery === "sent") this.#done();
    else this.#say(delivery === "queued" ? this.#texts.leaveWaits : "");
  }

  #failed(refused: boolean, reason: string): void {
    this.#say(reason || this.#texts.failed, true);
    if (!refused) return; // the same message can go again
    this.#id = null;
    this.#text.readOnly = this.#contact.readOnly = false;
  }

  #done(): void {
    this.#id = null;
    this.#text.value = "";
    this.#text.readOnly = this.#contact.readOnly = this.#send.disabled = false;
    this.#say("");
    this.#left();
  }

  #say(text: string, wrong = false): void {
    tell(this.#note, text, wrong);
  }
}
