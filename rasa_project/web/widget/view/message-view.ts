import type { Card, Message, Reply } from "../chat/messages";
import type { Texts } from "../texts";
import { button, element } from "./dom";
import { linkify } from "./links";

/** What a message's view needs to know beside the message. */
export interface Context {
  texts: Texts;
  language: string;
  /** The first of several by the same speaker shows who it is. */
  first: boolean;
  /** Suggested replies are offered only while nothing newer has been said. */
  latest: boolean;
  onChoose(reply: Reply): void;
  onRetry(id: string): void;
}

/** Two messages with the same signature look the same. */
export function signature(message: Message, context: Context): string {
  return `${message.delivery} ${context.first} ${context.latest}`;
}

/** Builds one message as a list item. */
export function messageView(message: Message, context: Context): HTMLLIElement {
  const item = element("li", `message ${message.sender}`, { "data-id": message.id });
  if (context.first) item.classList.add("first");
  if (message.sender === "system") {
    item.append(element("p", "notice", {}, ...linkify(message.text, context.texts.opensInNewTab)));
    return item;
  }
  item.append(speaker(message, context));
  if (message.text) item.append(bubble(message, context));
  if (message.image) item.append(picture(message.image, context.texts));
  if (message.card) item.append(cardView(message.card, context));
  if (message.sender === "user") item.append(...deliveryView(message, context));
  if (context.latest && message.replies.length) item.append(repliesView(message.replies, context));
  return item;
}

function speaker(message: Message, context: Context): HTMLElement {
  const { texts } = context;
  const names = { user: texts.you, bot: texts.assistant, agent: message.agent, system: "" };
  const known = message.sender === "user" ? "name unseen" : "name";
  const name = element("span", known, {}, names[message.sender]);
  const clock = element("time", "", { datetime: new Date(message.time).toISOString() });
  clock.textContent = new Intl.DateTimeFormat(context.language, {
    hour: "2-digit",
    minute: "2-digit",
  }).format(message.time);
  // Every message says to a screen reader whose it is; sighted people need it once a group.
  const line = element("div", context.first ? "speaker" : "speaker unseen", {}, name, clock);
  if (context.first && message.sender === "agent") line.prepend(initial(message.agent));
  return line;
}

function initial(name: string): HTMLElement {
  return element("span", "avatar", { "aria-hidden": "true" }, Array.from(name)[0] ?? "?");
}

function bubble(message: Message, context: Context): HTMLElement {
  // The text's own direction, so that Arabic or Hebrew reads right inside any page.
  const nodes = linkify(message.text, context.texts.opensInNewTab);
  return element("p", "bubble", { dir: "auto" }, ...nodes);
}

function picture(source: string, texts: Texts): HTMLElement {
  const image = element("img", "", {
    src: source,
    alt: texts.image,
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
  if (source.startsWith("data:")) return element("div", "picture", {}, image);
  const attributes = { href: source, target: "_blank", rel: "noopener noreferrer nofollow" };
  return element("a", "picture", attributes, image);
}

function cardView(card: Card, context: Context): HTMLElement {
  const view = element("div", "card");
  if (card.image) view.append(picture(card.image, context.texts));
  view.append(element("p", "card-title", {}, card.title));
  if (card.subtitle) view.append(element("p", "card-subtitle", {}, card.subtitle));
  if (context.latest && card.replies.length) view.append(repliesView(card.replies, context));
  return view;
}

function repliesView(replies: readonly Reply[], context: Context): HTMLElement {
  const buttons = replies.map((reply) => button("reply", reply.title, () => { context.onChoose(reply); }));
  return element("div", "replies", { role: "group", "aria-label": context.texts.replies }, ...buttons);
}

function deliveryView(message: Message, context: Context): HTMLElement[] {
  const { texts } = context;
  switch (message.delivery) {
    case "queued":
      return [element("p", "delivery", {}, texts.queued)];
    case "failed":
      return [
        element("p", "delivery error", {}, `${texts.failed} `, button("retry", texts.retry, () => { context.onRetry(message.id); })),
      ];
    case "rejected":
      return [element("p", "delivery error", {}, texts.rejected)];
    case "sending":
    case "sent":
      return [];
  }
}
