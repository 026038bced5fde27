import { api } from "../data/api";
import type { Detail, Presence } from "../data/types";
import type { Texts } from "../texts";
import { element, setText } from "./dom";

const EVERY_MS = 3_000;
// Who pauses for longer than this has ceased to write.
const WRITES_FOR_MS = 4_000;

/** Whether the customer is there, writes, and has read; and tells the customer the same of us. */
export class PresenceLine {
  readonly element = element("p", "customer-presence soft");
  private found: Presence = { known: false };
  private asked = 0;
  private wrote = 0;
  private told = false;
  private asking = false;

  constructor(
    private readonly texts: Texts,
    private detail: Detail,
  ) {}

  update(detail: Detail): void {
    this.detail = detail;
    this.show();
  }

  /** The agent types. */
  writes(): void {
    this.wrote = Date.now();
    if (!this.told) void this.ask();
  }

  /** The answer is sent; the customer's page sees that by itself. */
  sent(): void {
    this.wrote = 0;
    this.told = false;
  }

  /** Asks anew when it is time to; called every second. */
  tick(): void {
    if (!document.hidden && Date.now() - this.asked >= EVERY_MS) void this.ask();
  }

  private async ask(): Promise<void> {
    const { ticket } = this.detail;
    if (this.asking || (ticket.state !== "agent" && ticket.state !== "queued")) return;
    this.asking = true;
    this.asked = Date.now();
    const writes = Date.now() - this.wrote < WRITES_FOR_MS;
    const typing = writes || this.told ? writes : undefined;
    this.told = writes;
    try {
      this.found = await api.presence(ticket.id, typing, !document.hidden);
    } catch {
      this.found = { known: false }; // it is asked again in a moment
    }
    this.asking = false;
    this.show();
  }

  private show(): void {
    const { online, away, writes, read, delivered } = this.texts.presence;
    const { found } = this;
    const parts: string[] = [];
    if (found.known) {
      parts.push(found.typing ? writes : found.online ? online : away);
      if (this.has(found.read)) parts.push(read);
      else if (this.has(found.delivered)) parts.push(delivered);
    }
    setText(this.element, parts.join(" · "));
    this.element.classList.toggle("writes", found.known && found.typing === true);
  }

  /** Whether the agent's latest answer is among those up to a message. */
  private has(id: string | null | undefined): boolean {
    const said = this.detail.messages.filter((message) => message.message_id !== null);
    const until = said.findIndex((message) => id === message.message_id || id?.startsWith(`${message.message_id ?? ""}.`));
    const last = said.map((message) => message.sender).lastIndexOf("agent");
    return last >= 0 && until >= last;
  }
}
