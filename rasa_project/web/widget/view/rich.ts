/** What a message may hold beside text: pictures, files, cards, buttons. */

import type { Attachment, Card, Message, Reply } from "../chat/messages";
import { fill } from "../texts";
import { button, element, icon, ICONS, outwardLink } from "./dom";
import type { Context } from "./message-view";

// The desk's survey after a conversation; its five answers belong side by side.
const RATING = /^\/attune_survey_([1-5])$/;
const FACES = ["😞", "🙁", "😐", "🙂", "😀"];

function pictureView(source: string, alt: string, title: string): HTMLElement {
  const image = element("img", "", { src: source, alt, loading: "lazy", referrerpolicy: "no-referrer" });
  if (source.startsWith("data:")) return element("div", "picture", {}, image);
  return outwardLink("picture", source, title, image);
}

/** What people call a file: of a sound, which is played in place, not how it was written. */
export function titleOf(name: string, sound = false): string {
  return sound ? name.replace(/\.\w+$/, "") : name;
}

export function fileView({ name, url, picture, sound }: Attachment, { texts }: Pick<Context, "texts">): HTMLElement {
  if (picture) return pictureView(url, name || texts.image, texts.opensInNewTab);
  const label = titleOf(name, sound) || texts.attachment;
  if (sound) {
    const player = element("audio", "", { src: url, controls: "", preload: "metadata", "aria-label": label });
    // A browser learns how long its own recordings are no sooner than at their end: the title says it before.
    const title = element("span", "sound-title", { dir: "auto", "aria-hidden": "true" }, label);
    const view = element("div", "sound", {}, title, player);
    // What cannot be played here can still be saved.
    player.onerror = () => { view.replaceWith(fileView({ id: "", name: label, url, picture }, { texts })); };
    return view;
  }
  return outwardLink("file", url, texts.opensInNewTab, icon(ICONS.file), element("span", "", { dir: "auto" }, label));
}

/** Draws a card, or several beside each other to leaf through. */
export function cardsView(messages: readonly Message[], context: Context): HTMLElement {
  const cards = messages.flatMap(({ card }) => (card ? [card] : []));
  const [only] = cards;
  if (only && cards.length === 1) return cardView(only, context);
  const label = fill(context.texts.cards, { count: cards.length });
  const items = cards.map((card) => element("li", "", {}, cardView(card, context)));
  // Focusable, so that the keyboard can leaf through cards without a button.
  const attributes = { role: "region", "aria-label": label, tabindex: "0" };
  return element("div", "carousel", attributes, element("ul", "", {}, ...items));
}

function cardView(card: Card, context: Context): HTMLElement {
  const view = element("div", "card");
  if (card.image) view.append(pictureView(card.image, "", context.texts.opensInNewTab));
  view.append(element("p", "card-title", { dir: "auto" }, card.title));
  if (card.subtitle) view.append(element("p", "card-subtitle", { dir: "auto" }, card.subtitle));
  if (card.replies.length) view.append(repliesView(card.replies, context));
  return view;
}

/** Draws the replies to choose from; a survey's as a row of faces. */
export function repliesView(replies: readonly Reply[], context: Context): HTMLElement {
  const isRating = replies.length > 1 && replies.every(({ payload }) => RATING.test(payload));
  const label = isRating ? context.texts.rating : context.texts.replies;
  const buttons = replies.map((reply) => (isRating ? faceButton(reply, context) : replyButton(reply, context)));
  return element("div", isRating ? "replies rating" : "replies", { role: "group", "aria-label": label }, ...buttons);
}

function replyButton(reply: Reply, context: Context): HTMLElement {
  if (reply.url) return outwardLink("reply", reply.url, context.texts.opensInNewTab, reply.title);
  const choice = button("reply", reply.title, () => { context.onChoose(reply); });
  choice.dataset.once = "";
  return choice;
}

function faceButton(reply: Reply, context: Context): HTMLElement {
  const rating = Number(RATING.exec(reply.payload)?.[1] ?? 3);
  const face = button("face", "", () => { context.onChoose(reply); });
  face.dataset.once = "";
  const drawn = element("span", "", { "aria-hidden": "true" }, FACES[rating - 1] ?? "");
  face.append(drawn, element("span", "face-name", {}, reply.title));
  return face;
}
