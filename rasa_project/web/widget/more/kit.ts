/** What the chat lends to the parts that are fetched later, so that nothing is fetched twice. */

import type { Chat } from "../chat/chat";
import type { Connection } from "../chat/connection";
import type { fill, Texts } from "../texts";
import type { button, element, iconButton } from "../view/dom";

export interface Kit {
  chat: Chat;
  connection: Connection;
  texts: Texts;
  language: string;
  element: typeof element;
  button: typeof button;
  iconButton: typeof iconButton;
  fill: typeof fill;
  /** The icon of what goes away. */
  cancel: string;
  addStyles(css: string): void;
}
