import type { Language, Ticket } from "../data/types";
import type { Texts } from "../texts";
import { moment } from "./clock";
import { element, setText } from "./dom";

const SOON_SECONDS = 3600;

/** Until when the customer's channel takes answers: some services close a day after the latest message. */
export class ReplyWindow {
  readonly element = element("p", "reply-window", { role: "status" });
  private until: number | null = null;

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
  ) {}

  update(ticket: Ticket, now: number): void {
    this.until = ticket.state === "queued" || ticket.state === "agent" ? ticket.reply_until : null;
    this.tick(now);
  }

  tick(now: number): void {
    const { until } = this;
    this.element.hidden = until === null;
    if (until === null) return;
    const { open, over } = this.texts.line.replyUntil;
    const left = until - now;
    setText(this.element, (left > 0 ? open : over)(moment(until, this.language)));
    this.element.dataset.left = left <= 0 ? "none" : left < SOON_SECONDS ? "little" : "enough";
  }
}
