import { api, newId } from "../data/api";
import type { Desk } from "../data/desk";
import type { FilesTaken, ReplyFile } from "../data/types";
import type { Texts } from "../texts";
import { button, element } from "./dom";
import { size } from "./files";

/** Refusals that another try may not meet; the first is that of a line that broke. */
const PASSING: ReadonlySet<string> = new Set(["", "files_unreachable", "file_unscanned", "file_unavailable", "file_too_fast"]);

interface Upload {
  id: string;
  file: File;
  row: HTMLElement;
  state: HTMLElement;
  request: XMLHttpRequest | null;
  kept: ReplyFile | null;
}

/** Files that go with the answer an agent writes; they outlive a look at another conversation. */
export class ReplyFiles {
  readonly list: HTMLElement;
  readonly add: HTMLButtonElement;
  /** Called when there are others or one of them is done. */
  changed: () => void = () => undefined;
  private readonly chooser = element("input", "", { type: "file", multiple: "", tabindex: "-1" });
  private taken: FilesTaken | null = null;
  private uploads: Upload[] = [];

  constructor(
    private readonly texts: Texts,
    private readonly desk: Desk,
    private readonly ticket: number,
  ) {
    const { add, title } = texts.files;
    this.list = element("ul", "reply-files", { "aria-label": title, "aria-live": "polite" });
    this.add = button("attach", "📎", () => { this.chooser.click(); });
    this.add.setAttribute("aria-label", add);
    this.add.title = add;
    this.add.disabled = true;
    this.chooser.addEventListener("change", () => {
      this.take(this.chooser.files);
      this.chooser.value = "";
    });
    void this.ask();
  }

  get busy(): boolean {
    return this.uploads.some((upload) => upload.request !== null);
  }

  get ready(): ReplyFile[] {
    return this.uploads.flatMap((upload) => upload.kept ?? []);
  }

  /** Hands over what goes with the answer. */
  handOver(): ReplyFile[] {
    const { ready } = this;
    for (const upload of this.uploads.filter((one) => one.kept)) this.remove(upload);
    return ready;
  }

  /** Takes files that were pasted, dropped or chosen; says whether there were any. */
  take(files: FileList | null | undefined): boolean {
    if (!files || files.length === 0) return false;
    for (const file of files) this.begin(file);
    return true;
  }

  /** Takes what is dropped onto a part of the page. */
  takeDrops(place: HTMLElement): void {
    const over = (event: DragEvent, inside: boolean) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // else the browser would leave the desk for the file
      place.classList.toggle("dropping", inside);
    };
    place.addEventListener("dragover", (event) => { over(event, true); });
    place.addEventListener("dragleave", (event) => { over(event, false); });
    place.addEventListener("drop", (event) => {
      over(event, false);
      this.take(event.dataTransfer?.files);
    });
  }

  private async ask(): Promise<void> {
    this.taken = (await this.desk.attempt(() => api.filesTaken(this.ticket))) ?? null;
    if (this.taken?.takes) {
      this.chooser.accept = this.taken.accept;
      this.add.disabled = false;
    } else {
      this.add.title = this.why();
      this.add.setAttribute("aria-label", this.why());
    }
  }

  /** Why this customer can be sent no files. */
  private why(): string {
    const { none } = this.texts.files;
    return none[this.taken?.takes === false ? this.taken.why : "unreachable"] ?? none.channel ?? "";
  }

  private begin(file: File): void {
    const state = element("span", "upload-state");
    const name = element("span", "upload-name", { dir: "auto" }, file.name);
    const row = element("li", "", {}, name, state);
    const upload: Upload = { id: newId(), file, row, state, request: null, kept: null };
    const remove = button("remove", "✕", () => { this.remove(upload); });
    remove.setAttribute("aria-label", this.texts.files.remove(file.name));
    row.append(remove);
    this.uploads.push(upload);
    this.list.append(row);
    const problem = this.problem(file);
    if (problem) this.fail(upload, problem);
    else this.start(upload);
    this.changed();
  }

  private problem(file: File): string {
    const { tooLarge, tooMany, kind } = this.texts.files;
    const { taken } = this;
    if (!taken?.takes) return this.why();
    if (this.uploads.length > taken.most) return tooMany(taken.most);
    if (file.size > taken.max_bytes) return tooLarge(size(taken.max_bytes));
    const end = /\.\w+$/.exec(file.name.toLowerCase())?.[0];
    return end && !taken.accept.split(",").includes(end) ? kind : "";
  }

  private start(upload: Upload): void {
    const { id, file, state, row } = upload;
    const request = new XMLHttpRequest();
    const bar = element("progress", "", { max: "1", value: "0", "aria-label": file.name });
    upload.request = request;
    row.classList.remove("failed");
    state.replaceChildren(bar);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => { bar.value = loaded / total; };
    request.onloadend = () => { this.ended(upload, request); };
    const query = new URLSearchParams({ id, name: file.name });
    request.open("POST", `api/tickets/${this.ticket}/files?${query.toString()}`);
    request.setRequestHeader("X-Attune-Desk", "1");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  }

  private ended(upload: Upload, request: XMLHttpRequest): void {
    if (upload.request !== request) return; // taken away
    upload.request = null;
    const answer = request.response as { file?: ReplyFile; code?: string; error?: string } | null;
    upload.kept = request.status === 200 ? (answer?.file ?? null) : null;
    const { refused, ready } = this.texts.files;
    if (upload.kept) upload.state.replaceChildren(element("span", "soft", {}, `${ready} · ${size(upload.kept.size)}`));
    else this.fail(upload, refused[answer?.code ?? ""] ?? answer?.error ?? this.texts.message.failed, PASSING.has(answer?.code ?? ""));
    this.changed();
  }

  private fail(upload: Upload, problem: string, again = false): void {
    upload.row.classList.add("failed");
    upload.state.replaceChildren(problem);
    if (again) upload.state.append(" ", button("link", this.texts.message.again, () => { this.start(upload); this.changed(); }));
  }

  private remove(upload: Upload): void {
    const { request } = upload;
    upload.request = null;
    request?.abort();
    if (upload.row.contains(document.activeElement)) this.add.focus();
    upload.row.remove();
    this.uploads = this.uploads.filter((other) => other !== upload);
    this.changed();
  }
}
