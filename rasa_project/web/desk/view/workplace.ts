import { api, type ApiError } from "../data/api";
import { Desk } from "../data/desk";
import type { Happening } from "../data/happenings";
import type { Agent, Language, Ticket } from "../data/types";
import { openOffice, showActive } from "../office/office";
import { Views } from "../supervisors/views";
import { sentence, type Texts } from "../texts";
import { Alerts } from "./alerts";
import { Bar } from "./bar";
import { Conversation } from "./conversation";
import { showShortcuts } from "./dialogs";
import { arrange, button, element, setText } from "./dom";
import { LibraryDialog } from "./library";
import { Queue } from "./queue";

const PROBLEM_SECONDS = 8;

/** The whole page of an agent who is signed in. */
export class Workplace {
  readonly element: HTMLElement;
  private readonly desk: Desk;
  private readonly bar: Bar;
  private readonly queue: Queue;
  private readonly alerts: Alerts;
  private readonly stage = element("div", "stage");
  private readonly offline: HTMLElement;
  private readonly problem = element("div", "problem", { role: "alert" });
  private readonly news = element("div", "unseen", { role: "status" });
  private readonly views: Views | null;
  private conversation: Conversation | null = null;
  private focusWhenOpen = false;
  private readonly clock: number;
  private readonly endActive: () => void;
  private readonly onKey = (event: KeyboardEvent) => {
    this.shortcut(event);
  };

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
    me: Agent,
    private readonly kept: Map<number, { text: string }>,
    onLanguage: (language: Language) => void,
    onSignedOut: (ended: boolean) => void,
  ) {
    this.desk = new Desk(me, {
      changed: () => { this.update(); },
      problem: (error) => { this.tell(error); },
      signedOut: () => { onSignedOut(true); },
      happened: (what, ticket) => { this.alert(what, ticket); },
      taken: (ticket) => { this.show(texts.supervisors.floor.taken(ticket.id, ticket.agent?.display_name ?? "")); },
    });
    this.alerts = new Alerts(texts, (id) => { this.open(id); }, (sentence) => { this.show(sentence); });
    const actions = {
      onLanguage,
      onShortcuts: () => { showShortcuts(texts); },
      onMe: () => { this.toOffice(me, onSignedOut); },
      onSignOut: () => void api.signOut().finally(() => { onSignedOut(false); }),
    };
    this.bar = new Bar(texts, language, me, actions, this.alerts.element);
    if (me.role !== "agent") {
      const library = button("quiet library-button", texts.casework.library.button, () => new LibraryDialog(texts, this.desk.casework));
      this.bar.place(library);
    }
    this.queue = new Queue(texts, language, this.desk, (id) => { this.open(id); });
    this.offline = element("p", "offline", { role: "status" });
    const body = element("main", "body", {}, this.queue.element, this.stage);
    this.element = element("div", "workplace", {}, this.bar.element, this.offline, body, this.problem, this.news);
    this.views = me.role === "agent" ? null : new Views(texts, language, this.element, body, this.desk, (id) => { this.open(id); }, (error) => this.isOut(error, onSignedOut));
    if (this.views) this.bar.place(this.views.element);
    this.clock = window.setInterval(() => { this.tick(); }, 1000);
    document.addEventListener("keydown", this.onKey);
    this.endActive = showActive();
    this.update();
  }

  /** The conversation that is open, to open it again after a change of language. */
  get selected(): number | null {
    return this.desk.selected;
  }

  open(id: number): void {
    this.focusWhenOpen = true;
    void this.desk.open(id);
  }

  stop(): void {
    this.alerts.stop();
    this.desk.stop();
    this.views?.stop();
    clearInterval(this.clock);
    this.endActive();
    document.removeEventListener("keydown", this.onKey);
    document.title = "Attune desk";
  }

  /** Goes to the door where the session has ended; says whether it has. */
  private isOut(error: ApiError, onSignedOut: (ended: boolean) => void): boolean {
    if (error.code !== "signed_out") return false;
    onSignedOut(true);
    return true;
  }

  private toOffice(me: Agent, onSignedOut: (ended: boolean) => void): void {
    openOffice(this.language, me, {
      renamed: (name) => {
        me.display_name = name;
        this.bar.rename(name);
      },
      signedOut: () => { onSignedOut(false); },
    });
  }

  private update(): void {
    const { desk, texts } = this;
    this.bar.update(desk.online);
    setText(this.offline, desk.online ? "" : texts.offline);
    this.queue.update();
    const waiting = desk.waiting().length;
    document.title = waiting > 0 ? `(${waiting}) Attune ${texts.desk}` : `Attune ${texts.desk}`;
    if (waiting > 0) setText(this.news, texts.arrived(waiting));
    else setText(this.news, "");
    this.element.toggleAttribute("data-conversation", desk.selected !== null);
    desk.casework.notice(desk.detail);
    this.showConversation();
  }

  private showConversation(): void {
    const { desk, texts } = this;
    if (!desk.detail) {
      this.conversation = null;
      const { none, noneHint, loading } = texts.conversation;
      const words = desk.selected === null
        ? element("div", "nothing", {}, element("p", "", {}, none), element("p", "soft", {}, noneHint))
        : element("div", "nothing", {}, element("p", "soft", {}, loading));
      this.stage.replaceChildren(words);
      return;
    }
    const { id } = desk.detail.ticket;
    if (this.conversation?.id === id) {
      this.conversation.update(desk.detail);
    } else {
      const kept = this.kept.get(id) ?? { text: "" };
      this.kept.set(id, kept);
      this.conversation = new Conversation(texts, this.language, desk, desk.detail, kept, () => { this.toQueue(); });
      arrange(this.stage, [this.conversation.element]);
      this.conversation.update(desk.detail); // scrolls to the end, now that it has a height
    }
    if (this.focusWhenOpen) this.conversation.focus();
    this.focusWhenOpen = false;
  }

  private toQueue(): void {
    this.desk.leave();
    this.queue.focus();
  }

  private tick(): void {
    this.queue.tick();
    this.conversation?.tick();
  }

  private alert(what: Happening, ticket: Ticket): void {
    const inView = what === "wrote" && this.desk.selected === ticket.id && document.hasFocus();
    this.alerts.tell(what, ticket, inView);
  }

  private tell(error: ApiError): void {
    this.show(sentence(this.texts, error));
  }

  private show(sentence: string): void {
    const close = button("quiet", this.texts.dismiss, () => { this.problem.replaceChildren(); });
    const words = element("span", "", {}, sentence);
    this.problem.replaceChildren(words, close);
    window.setTimeout(() => { if (this.problem.contains(words)) this.problem.replaceChildren(); }, PROBLEM_SECONDS * 1000);
  }

  private shortcut(event: KeyboardEvent): void {
    if (!event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog")) return;
    const actions: Record<string, () => void> = {
      KeyN: () => { this.openNext(); },
      KeyT: () => this.conversation?.take(),
      KeyR: () => this.conversation?.focus(),
      KeyB: () => this.conversation?.finish("handBack"),
      KeyS: () => this.conversation?.finish("resolve"),
      KeyP: () => this.conversation?.passOn(),
      KeyZ: () => this.conversation?.snooze(),
      KeyI: () => this.conversation?.note(),
      Digit1: () => this.conversation?.suggest(0),
      Digit2: () => this.conversation?.suggest(1),
      Digit3: () => this.conversation?.suggest(2),
      KeyQ: () => { this.queue.focus(); },
      KeyK: () => { showShortcuts(this.texts); },
    };
    const action = actions[event.code];
    if (!action) return;
    event.preventDefault();
    action();
  }

  private openNext(): void {
    const next = this.desk.waiting()[0];
    if (next) this.open(next.id);
  }
}
