import { MAX_TEXT, type Chat } from "../chat/chat";
import type { Connection } from "../chat/connection";
import { fill, type Texts } from "../texts";
import { element, iconButton, ICONS } from "./dom";
import { EmojiPicker } from "./emoji";
import { Uploads } from "./uploads";
import { Recorder } from "./voice/recorder";

const MAX_HEIGHT_PX = 132;

/** The box to write in. */
export class Composer {
  readonly root: HTMLElement;
  readonly uploads: Uploads;
  readonly #chat: Chat;
  readonly #texts: Texts;
  readonly #input: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #speak: HTMLButtonElement;
  readonly #box: HTMLElement;
  readonly #language: string;
  /** Enter was pressed over files that were still on their way. */
  #sendsSoon = false;
  readonly #problem = element("p", "problem", { role: "alert" });

  constructor(chat: Chat, texts: Texts, connection: Connection, language: string) {
    this.#chat = chat;
    this.#texts = texts;
    this.#language = language;
    this.#input = element("textarea", "", {
      rows: "1",
      placeholder: texts.placeholder,
      "aria-label": texts.input,
      "aria-describedby": "attune-hint",
      enterkeyhint: "send",
      autocomplete: "off",
    });
    this.#send = iconButton("send", texts.send, ICONS.send, () => { this.#submit(); });
    this.#input.addEventListener("input", () => { this.#fit(); this.#chat.writes(); });
    this.#input.addEventListener("keydown", (event) => { this.#onKey(event); });
    const emoji = new EmojiPicker(texts, (chosen) => { this.#insert(chosen); });
    this.uploads = new Uploads(chat, texts, connection, () => { this.#uploaded(); });
    this.#input.addEventListener("paste", (event) => { this.uploads.paste(event); });
    const hint = element("span", "unseen", { id: "attune-hint" }, texts.hint);
    this.#speak = iconButton("tool", texts.speak, ICONS.mic, () => void this.#record());
    this.#box = element("div", "box", {}, emoji.toggle, this.uploads.toggle, this.#input, this.#speak, this.#send);
    this.root = element("div", "composer", {}, this.#problem, emoji.root, this.uploads.root, this.#box, hint);
    this.#fit();
  }

  focus(): void {
    this.#fit(); // what was hidden had no height
    this.#input.focus({ preventScroll: true });
  }

  /** Takes a message that still waits back into the box, in front of what stands there. */
  change(id: string): void {
    const text = this.#chat.takeBack(id);
    if (text === null) return;
    this.#input.value = [text, this.#input.value].filter((part) => part !== "").join("\n");
    this.focus();
  }

  /** Shows what has changed about what may be sent. */
  update(): void {
    this.uploads.update();
    this.#offerSpeech();
  }

  #offerSpeech(): void {
    const able = "MediaRecorder" in window && "mediaDevices" in navigator; // not on pages without TLS
    const empty = this.#input.value === "" && !this.uploads.ready.length;
    this.#speak.hidden = !able || !empty || !this.#chat.files || !this.#chat.opened.voice;
  }

  async #record(): Promise<void> {
    const { files, opened } = this.#chat;
    if (!files) return;
    let recorder: HTMLElement | null = null;
    const over = () => { recorder?.remove(); this.#box.hidden = false; this.focus(); };
    recorder = await Recorder.begin(this.#texts, {
      language: this.#language,
      accept: files.accept,
      maxBytes: files.maxBytes,
      transcript: opened.voice === "transcript",
      done: (file, text) => { over(); this.uploads.add([file]); this.#insert(text); this.#fit(); },
      gone: (problem) => { over(); this.#problem.textContent = problem; },
    });
    if (!recorder) return;
    this.#box.before(recorder);
    this.#box.hidden = true;
    recorder.querySelector<HTMLElement>(".send")?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    // While an input method is composing, Enter picks a candidate (229: Safari's word for it).
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- no other sign in Safari
    const composing = event.isComposing || event.keyCode === 229;
    if (composing) return;
    if (event.key === "ArrowUp" && this.#input.value === "") {
      const waiting = this.#chat.messages.filter(({ id }) => this.#chat.canTakeBack(id)).at(-1);
      if (!waiting) return;
      event.preventDefault();
      this.change(waiting.id);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    }
  }

  #submit(): void {
    const text = this.#input.value.trim();
    this.#sendsSoon = this.uploads.busy;
    if ((text || this.uploads.ready.length) && text.length <= MAX_TEXT && !this.#sendsSoon) {
      this.#chat.say(text, this.uploads.take());
      this.#input.value = "";
      this.#fit();
    }
    this.focus();
  }

  #uploaded(): void {
    if (!this.#sendsSoon || this.uploads.failed) this.#sendsSoon = false;
    else if (!this.uploads.busy) this.#submit();
    this.#fit();
  }

  #insert(text: string): void {
    this.#input.setRangeText(text, this.#input.selectionStart, this.#input.selectionEnd, "end");
    this.focus();
  }

  #fit(): void {
    const over = this.#input.value.trim().length - MAX_TEXT;
    this.#problem.textContent = over > 0 ? fill(this.#texts.tooLong, { over }) : "";
    this.#send.classList.toggle("ready", over <= 0 && (this.#input.value.trim() !== "" || this.uploads.ready.length > 0));
    this.#offerSpeech();
    this.#input.dir = this.#input.value ? "auto" : ""; // the placeholder's is the frame's
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight, MAX_HEIGHT_PX)}px`;
  }
}
