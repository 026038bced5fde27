import { api } from "../data/api";
import type { Desk } from "../data/desk";
import type { Detail, Language, Ticket } from "../data/types";
import type { Texts } from "../texts";
import { CasePanel } from "./case-panel";
import { duration, moment } from "./clock";
import { Composer, type Kept } from "./composer";
import { ask, askNote } from "./dialogs";
import { button, element, setText } from "./dom";
import { Countdown, teamName } from "./line";
import { deskName, elsewhereBadges, holderElsewhere } from "./elsewhere";
import { menu } from "./menu";
import { NoteBox } from "./note-box";
import { askDestination, askOther, askTime, priorityChoice } from "./plan";
import { askEnding } from "./resolve-dialog";
import { ReplyWindow } from "./reply-window";
import { PresenceLine } from "./presence";
import { reasonWords, sidePanel } from "./side";
import { withMood } from "./timeline";
import { Transcript } from "./transcript";

/** The open conversation: who has it, what was said, why it is here, and the agent's answer. */
export class Conversation {
  readonly element: HTMLElement;
  readonly id: number;
  private readonly state = element("span", "state");
  private readonly countdown: Countdown;
  private readonly strip = element("div", "strip");
  private readonly elsewhere = element("div", "elsewhere");
  private readonly actions = element("div", "actions");
  private readonly transcript: Transcript;
  private readonly replyWindow: ReplyWindow;
  private readonly foot = element("div", "foot");
  private readonly side: HTMLDetailsElement;
  private readonly about = element("div");
  private readonly summary = element("summary");
  private readonly notes: NoteBox;
  private readonly panel: CasePanel;
  private readonly talk = element("div", "talk");
  private drops = false;
  private readonly presence: PresenceLine;
  private composer: Composer | null = null;
  private shape = "";
  private beside = "";
  private detail: Detail;

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
    private readonly desk: Desk,
    detail: Detail,
    private readonly kept: Kept,
    onBack: () => void,
  ) {
    this.id = detail.ticket.id;
    this.detail = detail;
    this.transcript = new Transcript(texts, language, desk);
    this.countdown = new Countdown(texts);
    this.replyWindow = new ReplyWindow(texts, language);
    this.presence = new PresenceLine(texts, detail);
    this.notes = new NoteBox(texts, kept, (id, text) => desk.casework.note(this.id, id, text));
    const toMessage = (message: number) => void this.transcript.show(message);
    this.panel = new CasePanel(texts, language, desk.casework, this.id, toMessage);
    const { conversation } = texts;
    const back = button("back", "←", onBack);
    back.setAttribute("aria-label", conversation.back);
    const title = element("h2", "", { tabindex: "-1" }, conversation.name(this.id));
    const header = element("header", "", {}, back, element("div", "title", {}, title, this.state, this.countdown.element, this.elsewhere), this.actions);
    this.side = element("details", "side", {}, this.summary, this.panel.top, this.about, this.panel.element);
    this.side.open = matchMedia("(min-width: 1180px)").matches;
    this.talk.append(this.strip, this.transcript.element, this.transcript.news, this.presence.element, this.replyWindow.element, this.foot, this.notes.element);
    const label = conversation.name(this.id);
    this.element = element("section", "conversation", { "aria-label": label }, header, this.side, this.talk);
    this.update(detail);
  }

  update(detail: Detail): void {
    this.detail = detail;
    const { ticket } = detail;
    const there = holderElsewhere(ticket);
    const holder = `${there?.desk ?? ""}/${there?.agent ?? ""}`;
    const shape = `${ticket.state}/${ticket.agent?.id ?? ""}/${ticket.priority}/${ticket.snoozed_until ?? ""}/${holder}`;
    this.countdown.update(ticket, this.desk.now());
    this.replyWindow.update(ticket, this.desk.now());
    this.showStrip(detail);
    if (shape !== this.shape) this.reshape(ticket);
    this.shape = shape;
    this.showElsewhere(ticket);
    this.showSide(detail);
    this.panel.update(detail);
    this.composer?.update(detail);
    const reason = ticket.reasons[0];
    setText(this.summary, reason ? reasonWords(this.texts, reason) : this.texts.side.title);
    this.transcript.update(detail);
    this.presence.update(detail);
    this.tick();
  }

  /** Lets the waiting time run. */
  tick(): void {
    const { ticket } = this.detail;
    this.countdown.tick(this.desk.now());
    this.replyWindow.tick(this.desk.now());
    this.presence.tick();
    const { states } = this.texts.conversation;
    const words = this.isMine(ticket) ? states.mine : states[ticket.state];
    const parts = [words];
    if (ticket.state === "queued") parts[0] = `${words} ${duration(this.desk.now() - ticket.opened_at)}`;
    if (ticket.agent && !this.isMine(ticket)) parts.push(ticket.agent.display_name);
    if (ticket.channel) parts.push(ticket.channel);
    if (ticket.team !== null) parts.push(teamName(this.desk.duty, ticket.team, this.language));
    if (ticket.language) parts.push(this.texts.languages[ticket.language] ?? ticket.language);
    setText(this.state, parts.join(" · "));
  }

  /** Goes to where the agent goes on: the answer, or the button that lets them. */
  focus(): void {
    if (this.composer && matchMedia("(pointer: coarse)").matches) return; // no keyboard over the transcript
    if (this.composer) this.composer.focus();
    else (this.actions.querySelector("button") ?? this.element.querySelector<HTMLElement>("h2"))?.focus();
  }

  take(): void {
    if (holderElsewhere(this.detail.ticket) && !this.isMine(this.detail.ticket)) this.takeOver();
    else if (this.detail.ticket.state === "queued") void this.desk.claim(this.id).then(() => { this.focus(); });
  }

  private showElsewhere(ticket: Ticket): void {
    const drawn = JSON.stringify(ticket.elsewhere);
    if (drawn === this.elsewhere.dataset.drawn) return;
    this.elsewhere.dataset.drawn = drawn;
    const resend = (desk: string) => void this.desk.resendTo(this.id, desk);
    this.elsewhere.replaceChildren(...elsewhereBadges(this.texts, ticket, resend));
  }

  /** Asks first: somebody at another desk would find the conversation gone. */
  private takeOver(): void {
    const there = holderElsewhere(this.detail.ticket);
    if (!there?.agent) return;
    const { takeOver } = this.texts.elsewhere;
    const words = { ...takeOver, explain: takeOver.explain(there.agent, deskName(there.desk)) };
    ask(this.texts, words, () => void this.desk.takeOver(this.id).then(() => { this.focus(); }));
  }

  finish(how: "handBack" | "resolve"): void {
    if (!this.isMine(this.detail.ticket)) return;
    if (how === "resolve") {
      askEnding(this.texts, (note, ending) => void this.desk.finish(this.id, how, note, ending));
      return;
    }
    askNote(this.texts, how, (note) => void this.desk.finish(this.id, how, note));
  }

  passOn(): void {
    if (this.mayPlan) void askDestination(this.texts, this.language, this.desk, this.detail.ticket);
  }

  snooze(): void {
    if (this.mayPlan) askTime(this.texts, this.desk, this.detail.ticket);
  }

  /** It waits, or is one's own. */
  private get mayPlan(): boolean {
    return this.detail.ticket.state === "queued" || this.isMine(this.detail.ticket);
  }

  /** What the one who had it last, or the customer, left to know. */
  private showStrip(detail: Detail): void {
    const { line } = this.texts;
    const { ticket } = detail;
    const left: HTMLElement[] = [];
    const passed = detail.events.filter((event) => event.kind === "passed_on" && event.note).at(-1);
    if (passed?.note) left.push(element("p", "", {}, element("strong", "", {}, `${line.noteFrom(passed.who)}: `), passed.note));
    if (ticket.contact !== null) left.push(element("p", "", {}, line.contact(ticket.contact)));
    if (ticket.snoozed_until !== null) left.push(element("p", "", {}, line.until(moment(ticket.snoozed_until, this.language))));
    const words = left.map((node) => node.textContent).join("\n");
    if (this.strip.dataset.words === words) return;
    this.strip.dataset.words = words;
    this.strip.replaceChildren(...left);
  }

  private plan(ticket: Ticket): HTMLElement {
    const { line } = this.texts;
    const { passOn, snooze, merge } = line;
    const items: [string, () => void][] = [
      [passOn.open, () => { this.passOn(); }],
      [snooze.open, () => { this.snooze(); }],
      [merge.open, () => { askOther(this.texts, this.desk, ticket); }],
    ];
    if (ticket.snoozed_until !== null) {
      items.unshift([snooze.back, () => void this.desk.change(() => api.snooze(this.id, null))]);
    }
    const label = element("label", "choice", {}, line.priority.title, priorityChoice(this.texts, this.desk, ticket));
    return menu(line.more, items, label);
  }

  /** Opens the box for a note to colleagues. */
  note(): void {
    this.notes.open();
  }

  /** Puts one of the suggested answers into the box. */
  suggest(number: number): void {
    this.composer?.suggest(number);
  }

  /** Draws what stands beside the transcript anew, where it is different: a table may be open. */
  private showSide(detail: Detail): void {
    const drawn = JSON.stringify([withMood(detail.messages), detail.facts, detail.ticket.reasons, detail.ticket.opened_at, detail.ticket.forecast, detail.earlier, detail.survey]);
    if (drawn === this.beside) return;
    this.beside = drawn;
    this.about.replaceChildren(sidePanel(this.texts, this.language, detail, (id) => void this.desk.open(id)));
  }

  private isMine(ticket: Ticket): boolean {
    return ticket.state === "agent" && ticket.agent?.id === this.desk.me.id;
  }

  private reshape(ticket: Ticket): void {
    const { conversation } = this.texts;
    this.composer = null;
    this.actions.replaceChildren();
    const there = holderElsewhere(ticket);
    if (there?.agent && !this.isMine(ticket)) {
      const { takeOver, has } = this.texts.elsewhere;
      this.actions.append(button("take", takeOver.submit, () => { this.takeOver(); }));
      this.foot.replaceChildren(element("p", "soft", {}, has(there.agent, deskName(there.desk))));
    } else if (ticket.state === "queued") {
      this.actions.append(button("primary take", conversation.take, () => { this.take(); }), this.plan(ticket));
      this.foot.replaceChildren(element("p", "soft", {}, conversation.takeFirst));
    } else if (this.isMine(ticket)) {
      this.composer = new Composer(this.texts, this.kept, this.desk, this.detail, this.presence);
      if (!this.drops) this.composer.takeDrops(this.talk);
      this.drops = true;
      this.actions.append(
        button("hand-back", conversation.handBack, () => { this.finish("handBack"); }),
        button("resolve", conversation.resolve, () => { this.finish("resolve"); }),
        this.plan(ticket),
      );
      this.foot.replaceChildren(this.composer.element);
    } else {
      const agent = ticket.agent?.display_name ?? "";
      const words = ticket.state === "agent" ? conversation.colleagueHas(agent) : conversation.over;
      this.foot.replaceChildren(element("p", "soft", {}, words));
    }
  }
}
