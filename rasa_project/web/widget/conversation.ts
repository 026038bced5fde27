/** The part of the widget that is fetched when a customer wants to talk. */

import { Chat } from "./chat/chat";
import { Connection } from "./chat/connection";
import { SessionStore } from "./chat/session-store";
import type { Surroundings } from "./stage";
import { textsFor } from "./texts";
import { addStyles } from "./view/look";
import { Panel } from "./view/panel";
import composer from "./view/styles/composer.css?inline";
import forms from "./view/styles/forms.css?inline";
import messages from "./view/styles/messages.css?inline";
import panel from "./view/styles/panel.css?inline";
import voice from "./view/styles/voice.css?inline";
import waiting from "./view/styles/waiting.css?inline";

export type { Panel };

/** Puts the chat into its frame, closed and not yet connected. */
export function furnish(surroundings: Surroundings): Panel {
  const { options, own, root, texts } = surroundings;
  const { server, language } = options;
  const connection = new Connection(server, new SessionStore(server), language);
  const chat = new Chat(connection, server);
  addStyles(root, panel + messages + composer + voice + waiting + forms);
  return new Panel(surroundings, chat, connection, textsFor(options.language, texts, own));
}
