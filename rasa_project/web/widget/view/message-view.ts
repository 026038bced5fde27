import type { Message, Reply } from "../chat/messages";
import type { Texts } from "../texts";
import { button, element } from "./dom";
import { linkify } from "./links";
import { markdown } from "./markdown";
import { cardsView, fileView, repliesView } from "./rich";

/** What a message's view needs to know beside the message. */
export interface Context {
  texts: Texts;
  language: string;
  onChoose(reply: Reply): void;
  onRetry(id: string): void;
  onChange(id: string): void;
}

/** What changes about a message that is shown already. */
export interface Standing {
  /** The first of several by the same speaker shows who it is. */
  first: boolean;
  /** Suggested replies are offered only while nothing newer has been said. */
  latest: boolean;
  /** Whether the message waits and can be taken back to be changed. */
  changeable: boolean;
}

/** Builds one message, or several cards that came as one, as a list item. */
export function messageView(messages: readonly [Message, ...Message[]], context: Context): HTMLLIElement {
  const [message] = messages;
  const item = element("li", `message ${message.sender}`, { "data-id": message.id });
  if (message.sender === "system") {
    item.append(element("p", "notice", { dir: "auto" }, ...linkify(message.text, context.texts.opensInNewTab)));
  } else {
    item.append(speaker(message, context));
    if (message.text) item.append(bubble(message, context));
    item.append(...message.files.map((file) => fileView(file, context)));
    if (message.card) item.append(cardsView(messages, context));
  }
  if (message.replies.length) item.append(repliesView(message.replies, context));
  return item;
}

/** Brings a message's view up to date in place: what is inserted anew is read out anew. */
export function refresh(item: HTMLElement, message: Message, standing: Standing, context: Context): void {
  item.classList.toggle("first", standing.first);
  item.querySelector(".speaker")?.classList.toggle("unseen", !standing.first);
  for (const once of item.querySelectorAll<HTMLElement>("[data-once]")) once.hidden = !standing.latest;
  for (const group of item.querySelectorAll<HTMLElement>(".replies")) {
    group.hidden = [...group.children].every((child) => (child as HTMLElement).hidden);
  }
  const state = `${message.delivery} ${standing.changeable}`;
  if (message.sender !== "user" || item.dataset.state === state) return;
  item.dataset.state = state;
  item.querySelector(".delivery")?.remove();
  item.append(...deliveryView(message, standing, context));
}

function speaker(message: Message, context: Context): HTMLElement {
  const { texts } = context;
  const known = message.sender === "user" ? "name unseen" : "name";
  const name = element("span", known, {}, speakerName(message, texts));
  const clock = element("time", "", { datetime: new Date(message.time).toISOString() });
  clock.textContent = timeOfDay(message.time, context.language);
  // Every message says to a screen reader whose it is; sighted people need it once a group.
  const line = element("div", "speaker", {}, name, clock);
  if (message.sender === "agent") line.prepend(avatar(message));
  return line;
}

export function timeOfDay(time: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(time);
}

export function speakerName({ sender, agent }: Message, texts: Texts): string {
  return { user: texts.you, bot: texts.assistant, agent, system: texts.title }[sender];
}

/** Draws an agent's picture, or the initials where there is none. */
export function avatar({ agent, picture }: Message): HTMLElement {
  if (picture) return element("img", "avatar", { src: picture, alt: "", referrerpolicy: "no-referrer" });
  return element("span", "avatar", { "aria-hidden": "true" }, initials(agent));
}

/** "Ana Lima" → "AL"; a Chinese name is known by its first character. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "").map((word) => Array.from(word)[0] ?? "");
  return ([words[0], words.length > 1 ? words.at(-1) : ""].join("") || "?").toUpperCase();
}

function bubble(message: Message, context: Context): HTMLElement {
  const title = context.texts.opensInNewTab;
  // The text's own direction, so that Arabic or Hebrew reads right inside any page.
  if (message.sender === "user") return element("p", "bubble plain", { dir: "auto" }, ...linkify(message.text, title));
  return element("div", "bubble", {}, ...markdown(message.text, title));
}

function deliveryView(message: Message, standing: Standing, context: Context): HTMLElement[] {
  const { texts } = context;
  const { id } = message;
  switch (message.delivery) {
    case "queued": {
      const note = element("p", "delivery", {}, texts.queued);
      if (standing.changeable) note.append(" ", button("retry", texts.change, () => { context.onChange(id); }));
      return [note];
    }
    case "failed": {
      const again = button("retry", texts.retry, () => { context.onRetry(id); });
      return [element("p", "delivery error", {}, `${texts.failed} `, again)];
    }
    case "rejected":
      return [element("p", "delivery error", {}, texts.rejected)];
    case "sending":
    case "sent":
      return [];
  }
}
