/** Files that a customer adds: sent to the server at once, to go with the next message. */

import type { Chat } from "../chat/chat";
import type { Connection } from "../chat/connection";
import { object, randomId, stored, type Attachment } from "../chat/messages";
import { fill, type Texts } from "../texts";
import { button, element, iconButton, ICONS } from "./dom";
import { fileView, titleOf } from "./rich";

interface Upload {
  id: string;
  file: File;
  title: HTMLElement;
  row: HTMLElement;
  state: HTMLElement;
  request: XMLHttpRequest | null;
  /** What the server made of it. */
  kept: Attachment | null;
}

export class Uploads {
  readonly root = element("ul", "uploads", { "aria-live": "polite" });
  readonly toggle: HTMLButtonElement;
  readonly #chat: Chat;
  readonly #texts: Texts;
  readonly #connection: Connection;
  readonly #changed: () => void;
  readonly #chooser = element("input", "", { type: "file", multiple: "", tabindex: "-1" });
  #uploads: Upload[] = [];

  constructor(chat: Chat, texts: Texts, connection: Connection, changed: () => void) {
    this.#chat = chat;
    this.#texts = texts;
    this.#connection = connection;
    this.#changed = changed;
    this.toggle = iconButton("tool", texts.attach, ICONS.clip, () => { this.#chooser.click(); });
    this.#chooser.addEventListener("change", () => {
      this.add(this.#chooser.files);
      this.#chooser.value = ""; // so that the same file can be chosen again
    });
    this.update();
  }

  get busy(): boolean {
    return this.#uploads.some(({ request }) => request);
  }

  get failed(): boolean {
    return this.#uploads.some(({ request, kept }) => !request && !kept);
  }

  get ready(): Attachment[] {
    return this.#uploads.flatMap(({ kept }) => kept ?? []);
  }

  /** Hands over what has arrived, for the message that it goes with. */
  take(): Attachment[] {
    const ready = this.ready;
    for (const upload of this.#uploads.filter(({ kept }) => kept)) this.#remove(upload);
    return ready;
  }

  update(): void {
    this.toggle.hidden = !this.#chat.files;
    this.#chooser.accept = this.#chat.files?.accept ?? "";
  }

  paste(event: ClipboardEvent): void {
    if (this.add(event.clipboardData?.files)) event.preventDefault();
  }

  /** Takes files that are dropped anywhere on the chat. */
  takeDrops(panel: HTMLElement): void {
    const over = (event: DragEvent, inside: boolean) => {
      if (!this.#chat.files || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // else the browser would open the file in place of the page
      panel.classList.toggle("dropping", inside);
    };
    for (const name of ["dragover", "dragleave", "drop"] as const) {
      panel.addEventListener(name, (event) => {
        over(event, name === "dragover");
        if (name === "drop") this.add(event.dataTransfer?.files);
      });
    }
  }

  add(files: Iterable<File> | null | undefined): boolean {
    const all = [...(files ?? [])];
    if (this.#chat.files) for (const file of all) this.#begin(file);
    return all.length > 0;
  }

  #begin(file: File): void {
    const state = element("span", "upload-state");
    const name = titleOf(file.name, file.type.startsWith("audio/"));
    const title = element("span", "upload-name", {}, name);
    const upload: Upload = { id: randomId(), file, title, row: element("li", "", {}, title, state), state, request: null, kept: null };
    const label = fill(this.#texts.removeFile, { name });
    upload.row.append(iconButton("tool", label, ICONS.close, () => { this.#remove(upload); }));
    this.#uploads.push(upload);
    this.root.append(upload.row);
    const problem = this.#problem(file);
    if (problem) this.#fail(upload, problem);
    else this.#start(upload);
    this.#changed();
  }

  /** What need not be sent to be refused. */
  #problem({ name, size }: File): string {
    if (!this.#chat.files) return "";
    const { maxBytes, accept, most } = this.#chat.files;
    if (this.#uploads.length > most || size > maxBytes) return fill(this.#texts.fileLimits, { count: most, megabytes: maxBytes / 1e6 });
    const end = /\.\w+$/.exec(name.toLowerCase())?.[0];
    return end && !accept.split(",").includes(end) ? this.#texts.fileType : "";
  }

  #start(upload: Upload): void {
    const place = this.#connection.place;
    const { id, file, title, state, row } = upload;
    const request = new XMLHttpRequest();
    const bar = element("progress", "", { max: "1", value: "0", "aria-label": title.textContent });
    upload.request = request;
    row.classList.remove("error");
    state.replaceChildren(bar);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => { bar.value = loaded / total; };
    request.onloadend = () => { this.#ended(upload, request); };
    const query = new URLSearchParams({ id, name: file.name, language: place?.language ?? "" });
    request.open("POST", `${place?.server.replace(/\/+$/, "") ?? ""}/webhooks/webchat/files?${query}`);
    request.setRequestHeader("Authorization", `Bearer ${place?.token ?? ""}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  }

  #ended(upload: Upload, request: XMLHttpRequest): void {
    if (upload.request !== request) return; // cancelled
    upload.request = null;
    const answer = object(request.response);
    upload.kept = request.status === 200 ? stored(answer, this.#connection.place?.server ?? "") : null;
    if (upload.kept) {
      const { title, state } = upload;
      state.replaceChildren(element("span", "unseen", {}, fill(this.#texts.fileReady, { name: title.textContent })));
      // The player shows the title itself, and needs the room.
      if (upload.kept.sound) title.replaceWith(fileView(upload.kept, { texts: this.#texts }));
    }
    else if (typeof answer.text === "string" && !answer.retry_after) this.#fail(upload, answer.text);
    else this.#fail(upload, `${this.#texts.fileFailed} `, true);
    this.#changed();
  }

  #fail(upload: Upload, problem: string, again = false): void {
    upload.row.className = "error";
    upload.state.replaceChildren(problem);
    if (again) upload.state.append(button("retry", this.#texts.retry, () => { this.#start(upload); }));
  }

  #remove(upload: Upload): void {
    const { request } = upload;
    upload.request = null;
    request?.abort();
    if (upload.row.contains((this.root.getRootNode() as ShadowRoot).activeElement)) this.toggle.focus();
    upload.row.remove();
    this.#uploads = this.#uploads.filter((other) => other !== upload);
    this.#changed();
  }
}
