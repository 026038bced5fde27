import type { Identity } from "./chat/wire";
import type { AttuneChat } from "./element";

const EVENTS = ["ready", "open", "close", "message", "unread", "greeting"] as const;

type EventName = (typeof EVENTS)[number];

function first(): AttuneChat | null {
  return document.querySelector<AttuneChat>("attune-chat");
}

/** `window.Attune`: the page's first chat, for those who have no element at hand. */
export const api = {
  open: () => { first()?.open(); },
  close: () => { first()?.close(); },
  toggle: () => { first()?.toggle(); },
  send: (text: string) => { first()?.send(text); },
  greet: (text: string) => { first()?.greet(text); },
  setUser: (identity: Identity) => { first()?.setUser(identity); },
  logOut: () => { first()?.logOut(); },

  /**
   * Listens to the chats of the page.
   *
   * Returns:
   *   What ends it.
   */
  on: (name: EventName, listener: (detail: unknown) => void): (() => void) => {
    if (!EVENTS.includes(name)) throw new TypeError(`Attune knows the events ${EVENTS.join(", ")}. Received: ${name}`);
    const hear = (event: Event) => { listener((event as CustomEvent<unknown>).detail); };
    document.addEventListener(`attune-${name}`, hear);
    return () => { document.removeEventListener(`attune-${name}`, hear); };
  },
};

declare global {
  interface Window {
    Attune?: typeof api;
  }
}
