import type { Desk } from "../data/desk";
import type { Detail, Language, Ticket } from "../data/types";
import type { Texts } from "../texts";
import { duration } from "./clock";
import { Composer } from "./composer";
import { askNote } from "./dialogs";
import { button, element, setText } from "./dom";
import { reasonWords, sidePanel } from "./side";
import { Transcript } from "./transcript";

/** The open conversation: who has it, what was said, why it is here, and the agent's answer. */
export class Conversation {
  readonly element: HTMLElement;
  readonly id: number;
  private readonly state = element("span", "state");
  private readonly actions = element("div", "actions");
  private readonly transcript: Transcript;
  private readonly foot = element("div", "foot");
  private readonly side: HTMLDetailsElement;
  private readonly about = element("div");
  private readonly summary = element("summary");
  private composer: Composer | null = null;
  private shape = "";
  private detail: Detail;

  constructor(
    private readonly texts: Texts,
    language: Language,
    private readonly desk: Desk,
    detail: Detail,
    private readonly kept: { text: string },
    onBack: () => void,
  ) {
    this.id = detail.ticket.id;
    this.detail = detail;
    this.transcript = new Transcript(texts, language, desk);
    const { conversation } = texts;
    const back = button("back", "←", onBack);
    back.setAttribute("aria-label", conversation.back);
    const title = element("h2", "", { tabindex: "-1" }, conversation.name(this.id));
    const header = element("header", "", {}, back, element("div", "title", {}, title, this.state), this.actions);
    this.side = element("details", "side", {}, this.summary, this.about);
    this.side.open = matchMedia("(min-width: 1180px)").matches;
    const main = element("div", "talk", {}, this.transcript.element, this.foot);
    const label = conversation.name(this.id);
    this.element = element("section", "conversation", { "aria-label": label }, header, this.side, main);
    this.update(detail);
  }

  update(detail: Detail): void {
    this.detail = detail;
    const { ticket } = detail;
    const shape = `${ticket.state}/${ticket.agent?.id ?? ""}`;
    if (shape !== this.shape) this.reshape(ticket);
    this.shape = shape;
    this.about.replaceChildren(sidePanel(this.texts, detail));
    const reason = ticket.reasons[0];
    setText(this.summary, reason ? reasonWords(this.texts, reason) : this.texts.side.title);
    this.transcript.update(detail);
    this.tick();
  }

  /** Lets the waiting time run. */
  tick(): void {
    const { ticket } = this.detail;
    const { states } = this.texts.conversation;
    const words = this.isMine(ticket) ? states.mine : states[ticket.state];
    const parts = [words];
    if (ticket.state === "queued") parts[0] = `${words} ${duration(this.desk.now() - ticket.opened_at)}`;
    if (ticket.agent && !this.isMine(ticket)) parts.push(ticket.agent.display_name);
    if (ticket.channel) parts.push(ticket.channel);
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
    if (this.detail.ticket.state === "queued") void this.desk.claim(this.id).then(() => { this.focus(); });
  }

  finish(how: "handBack" | "resolve"): void {
    if (!this.isMine(this.detail.ticket)) return;
    askNote(this.texts, how, (note) => void this.desk.finish(this.id, how, note));
  }

  private isMine(ticket: Ticket): boolean {
    return ticket.state === "agent" && ticket.agent?.id === this.desk.me.id;
  }

  private reshape(ticket: Ticket): void {
    const { conversation } = this.texts;
    this.composer = null;
    this.actions.replaceChildren();
    if (ticket.state === "queued") {
      this.actions.append(button("primary take", conversation.take, () => { this.take(); }));
      this.foot.replaceChildren(element("p", "soft", {}, conversation.takeFirst));
    } else if (this.isMine(ticket)) {
      this.composer = new Composer(this.texts, this.kept, (text) => void this.desk.send(this.id, text));
      this.actions.append(
        button("hand-back", conversation.handBack, () => { this.finish("handBack"); }),
        button("resolve", conversation.resolve, () => { this.finish("resolve"); }),
      );
      this.foot.replaceChildren(this.composer.element);
    } else {
      const agent = ticket.agent?.display_name ?? "";
      const words = ticket.state === "agent" ? conversation.colleagueHas(agent) : conversation.over;
      this.foot.replaceChildren(element("p", "soft", {}, words));
    }
  }
}
