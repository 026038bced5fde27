/** Puts the chat on the page that the script tag stands in. */

import { Chat } from "./chat/chat";
import { Connection } from "./chat/connection";
import { SessionStore } from "./chat/session-store";
import { readOptions, type Options } from "./options";
import { textsFor } from "./texts";
import { Widget } from "./view/widget";

const HOST = "attune-chat";

function mount(options: Options): void {
  const mounted = [...document.querySelectorAll<HTMLElement>(HOST)];
  // A page that loads the tag twice, as single-page shops do, still has one chat.
  if (mounted.some((host) => host.dataset.server === options.server)) return;

  const host = document.createElement(HOST);
  host.dataset.server = options.server;
  const sessions = new SessionStore(options.server);
  const chat = new Chat(new Connection(options.server, sessions), options.language);
  const widget = new Widget(host, chat, textsFor(options.language), options.language);
  document.body.append(host);

  // A returning customer hears of an agent's answer; a new one costs the server nothing.
  if (sessions.read() !== null) chat.connect();
  if (options.open) widget.open();
}

// Read at once: only while the script runs does the page know which tag it came from.
const options = readOptions(document);
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", () => { mount(options); }, { once: true });
} else {
  mount(options);
}
