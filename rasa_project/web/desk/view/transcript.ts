import type { Desk, Draft } from "../data/desk";
import type { Detail, Language, Message } from "../data/types";
import type { Texts } from "../texts";
import { moment } from "./clock";
import { arrange, button, element } from "./dom";
import { emotionChip } from "./emotion";

const NEAR_END_PX = 80;

/** What was said. New messages are read out; the past is not. */
export class Transcript {
  readonly element = element("ol", "log", { tabindex: "0" });
  private readonly nodes = new Map<string, { node: HTMLElement; drawn: string }>();
  /** Whether the agent looks at the end, and so wants to see what comes. */
  private following = true;

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
    private readonly desk: Desk,
  ) {
    this.element.setAttribute("aria-label", texts.conversation.transcript);
    this.element.addEventListener("scroll", () => {
      this.following = this.distanceToEnd() < NEAR_END_PX;
    });
    // The room shrinks when the answer grows or a phone's keyboard opens.
    new ResizeObserver(() => { this.follow(); }).observe(this.element);
  }

  update(detail: Detail): void {
    const first = this.nodes.size === 0;
    const nodes = detail.messages.map((message) =>
      this.keep(String(message.id), JSON.stringify(message), () => this.message(message)),
    );
    for (const draft of this.desk.drafts.filter((entry) => entry.ticket === detail.ticket.id)) {
      if (!this.nodes.has(draft.id)) this.following = true;
      nodes.push(this.keep(draft.id, JSON.stringify(draft), () => this.draft(draft)));
    }
    if (detail.cut) nodes.unshift(this.keep("cut", "", () => this.notice(this.texts.conversation.cut)));
    arrange(this.element, nodes);
    this.follow();
    // Only from now on: a conversation that was just opened is not read from its beginning.
    if (first) requestAnimationFrame(() => { this.listenAloud(); });
  }

  private follow(): void {
    if (this.following) this.element.scrollTop = this.element.scrollHeight;
  }

  private listenAloud(): void {
    this.element.setAttribute("role", "log");
    this.element.setAttribute("aria-live", "polite");
    this.element.setAttribute("aria-relevant", "additions");
  }

  private distanceToEnd(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight;
  }

  private keep(key: string, drawn: string, draw: () => HTMLElement): HTMLElement {
    const kept = this.nodes.get(key);
    if (kept?.drawn === drawn) return kept.node;
    const node = draw();
    this.nodes.set(key, { node, drawn });
    return node;
  }

  private notice(text: string): HTMLElement {
    return element("li", "notice", {}, element("p", "", {}, text));
  }

  private message(message: Message): HTMLElement {
    const node = element("li", `message ${message.sender}`, { "data-message": String(message.id) });
    const bubble = element("div", "bubble", {}, element("p", "", { dir: "auto" }, message.text));
    if (message.buttons.length > 0) {
      const titles = message.buttons.map((title) => element("li", "", {}, title));
      bubble.append(element("ul", "offered", { "aria-label": this.texts.message.offered }, ...titles));
    }
    const time = element("time", "", {}, moment(message.timestamp, this.language));
    const meta = element("div", "meta", {}, element("span", "who", {}, this.who(message)), time);
    if (message.emotion) meta.append(emotionChip(this.texts, message.emotion));
    node.append(bubble, meta, ...this.delivery(message));
    return node;
  }

  private who(message: Message): string {
    const { texts } = this;
    if (message.sender !== "agent") return texts.message[message.sender];
    return message.agent === this.desk.me.display_name ? texts.message.you : (message.agent ?? "");
  }

  private delivery(message: Message): HTMLElement[] {
    const { sending, dead, resend } = this.texts.message;
    if (message.delivery === "pending") return [element("div", "delivery", {}, sending)];
    if (message.delivery !== "dead" || message.message_id === null) return [];
    const id = message.message_id;
    return [element("div", "delivery failed", { role: "alert" }, dead, " ", button("link", resend, () => void this.desk.resend(id)))];
  }

  private draft(draft: Draft): HTMLElement {
    const { you, sending, failed, again } = this.texts.message;
    const state = draft.failed
      ? element("div", "delivery failed", { role: "alert" }, failed, " ", button("link", again, () => void this.desk.sendAgain(draft)))
      : element("div", "delivery", {}, sending);
    const bubble = element("div", "bubble", {}, element("p", "", { dir: "auto" }, draft.text));
    return element("li", "message agent", {}, bubble, element("div", "meta", {}, element("span", "who", {}, you)), state);
  }
}
