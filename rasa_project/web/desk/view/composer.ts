import type { Desk } from "../data/desk";
import type { Detail } from "../data/types";
import { blanks, fill } from "../data/variables";
import type { Texts } from "../texts";
import { element, setText } from "./dom";
import type { PresenceLine } from "./presence";
import { ReplyFiles } from "./reply-files";
import { SlashMenu } from "./slash-menu";
import { Suggestions } from "./suggestions";

const MAX_CHARACTERS = 4000;

/** What is begun and not sent, of one conversation. */
export interface Kept {
  text: string;
  note?: string;
  /** Variables of inserted answers that the agent has still to fill. */
  blanks?: string[];
  files?: ReplyFiles;
}

/** Where the agent writes; what is not sent yet is kept for each conversation. */
export class Composer {
  readonly element: HTMLElement;
  private readonly suggestions: Suggestions;
  private readonly box: HTMLTextAreaElement;
  private readonly sendButton: HTMLButtonElement;
  private readonly hint = element("p", "hint soft", { id: "composer-hint" });
  private readonly menu: SlashMenu;
  private readonly files: ReplyFiles;

  constructor(
    private readonly texts: Texts,
    private readonly kept: Kept,
    private readonly desk: Desk,
    private detail: Detail,
    private readonly presence: PresenceLine,
  ) {
    const { label, placeholder, send } = texts.composer;
    this.box = element("textarea", "", {
      rows: "1", placeholder, "aria-label": label, "aria-describedby": "composer-hint", dir: "auto",
    });
    this.box.value = kept.text;
    this.menu = new SlashMenu(texts.casework, this.box, {
      library: () => desk.casework.library,
      language: () => this.detail.ticket.language ?? "en",
      insert: (text, from, to) => { this.insert(text, from, to); },
    });
    this.sendButton = element("button", "primary", { type: "submit" }, send);
    this.suggestions = new Suggestions(texts.casework, (text) => { this.take(text); }, (text) => this.filled(text));
    this.files = kept.files ??= new ReplyFiles(texts, desk, detail.ticket.id);
    this.files.changed = () => { this.changed(); };
    const form = element(
      "form", "composer", {}, this.menu.list, this.files.list, this.files.add, this.box, this.sendButton, this.hint, this.menu.status,
    );
    this.element = element("div", "answering", {}, this.suggestions.element, form);
    this.box.addEventListener("paste", (event) => {
      if (this.files.take(event.clipboardData?.files)) event.preventDefault();
    });
    this.box.addEventListener("input", () => {
      if (this.box.value !== "") presence.writes();
      this.changed();
      this.menu.look();
    });
    this.box.addEventListener("keydown", (event) => { this.key(event); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.changed();
  }

  update(detail: Detail): void {
    this.detail = detail;
    this.suggestions.update(this.desk.casework.suggestions);
  }

  /** Takes files that are dropped onto the conversation. */
  takeDrops(place: HTMLElement): void {
    this.files.takeDrops(place);
  }

  focus(): void {
    this.box.focus();
  }

  /** Inserts the suggestion with this number, from 0; nothing where there is none. */
  suggest(number: number): void {
    if (!this.suggestions.choose(number)) this.focus();
  }

  /** Puts a suggestion after what is written already. */
  private take(text: string): void {
    const end = this.box.value.trimEnd().length;
    this.box.setRangeText(end === 0 ? "" : "\n", end, this.box.value.length, "end");
    this.insert(text, this.box.value.length, this.box.value.length);
  }

  private filled(text: string): string {
    return fill(text, this.detail, this.desk.me.display_name);
  }

  private key(event: KeyboardEvent): void {
    if (this.menu.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    // While an input method is composing, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  /** Puts an answer in place of what was typed to find it, and goes to its first blank. */
  private insert(text: string, from: number, to: number): void {
    const filled = this.filled(text);
    this.box.setRangeText(filled, from, to, "end");
    this.kept.blanks = [...(this.kept.blanks ?? []), ...blanks(filled)];
    this.changed();
    this.box.focus();
    this.toBlank();
  }

  private openBlanks(): string[] {
    return (this.kept.blanks ?? []).filter((blank) => this.box.value.includes(blank));
  }

  private toBlank(): boolean {
    const places = this.openBlanks().map((blank) => [this.box.value.indexOf(blank), blank.length] as const);
    const first = places.sort((a, b) => a[0] - b[0])[0];
    if (!first) return false;
    this.box.focus();
    this.box.setSelectionRange(first[0], first[0] + first[1]);
    return true;
  }

  private changed(): void {
    this.kept.text = this.box.value;
    const over = this.box.value.trim().length - MAX_CHARACTERS;
    const open = [...new Set(this.openBlanks())];
    const { hint, over: tooLong } = this.texts.composer;
    const { blanks: fillIn, slash } = this.texts.casework;
    setText(this.hint, over > 0 ? tooLong(over) : open.length > 0 ? fillIn(open.join(", ")) : `${hint} · ${slash.hint}`);
    this.hint.classList.toggle("failed", over > 0 || open.length > 0);
    this.sendButton.disabled = over > 0 || this.files.busy || (this.box.value.trim() === "" && this.files.ready.length === 0);
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  private send(): void {
    if (this.sendButton.disabled || this.toBlank()) return;
    const text = this.box.value.trim();
    this.box.value = "";
    this.kept.blanks = [];
    this.changed();
    this.presence.sent();
    void this.desk.drafts.send(this.detail.ticket.id, text, this.files.handOver());
  }
}
