/** The script tag: puts a chat on the page that the tag stands in. */

import { api } from "./api";
import { define } from "./element";
import { copyFromTag, readOptions } from "./options";

const CHAT = "attune-chat";

// Read at once: only while the script runs does the page know which tag it came from.
const running = document.currentScript ?? document.querySelector('script[src*="attune.js"]');
const tag = running instanceof HTMLScriptElement ? running : null;
const address = tag?.src ?? location.href;

function place(): void {
  define(address);
  const host = document.createElement(CHAT);
  if (tag) copyFromTag(tag, host);
  const { server } = readOptions(host, address);
  const others = [...document.querySelectorAll(CHAT)];
  // A page that loads the tag twice, as single-page shops do, or has a chat of its own for the
  // same server, has one chat there.
  if (!others.some((other) => readOptions(other, address).server === server)) document.body.append(host);
}

window.Attune = api;
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", place, { once: true });
} else {
  place();
}
