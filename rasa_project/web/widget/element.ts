import { ATTRIBUTES, isOn, SWITCHES, type Attribute } from "./options";
import type { Identity } from "./chat/wire";
import { Stage } from "./stage";

/** Where this script came from; the chat's own file lies next to it. */
let script = location.href;

/** Attributes that a chat takes from the start; a change of one begins it anew. */
const FROM_THE_START = new Set<string>(["server", "language", "texts", "inline", "heading", "tone-notice"]);

/** `<attune-chat>`: a chat on any page; `docs/widget.md` lists its attributes, methods and events. */
export class AttuneChat extends HTMLElement {
  static readonly observedAttributes: readonly string[] = ATTRIBUTES;
  #stage: Stage | null = null;
  #renewing = false;

  connectedCallback(): void {
    if (this.#stage) return; // moved within the page
    this.#stage = new Stage(this, script);
    if (isOn(this, "opened")) this.#stage.open(false);
    this.dispatchEvent(new CustomEvent("attune-ready", { bubbles: true, composed: true }));
  }

  disconnectedCallback(): void {
    // Frameworks move elements by taking them out and in again at once.
    queueMicrotask(() => { if (!this.isConnected) this.#end(); });
  }

  attributeChangedCallback(name: Attribute, before: string | null, now: string | null): void {
    if (!this.#stage || before === now) return;
    if (FROM_THE_START.has(name)) this.#renew();
    else if (name === "opened") this.#stage[isOn(this, "opened") ? "open" : "close"]();
  }

  /** Opens the chat and puts the focus into it. */
  open(): void {
    this.#stage?.open();
  }

  close(): void {
    this.#stage?.close();
  }

  toggle(): void {
    this.#stage?.toggle();
  }

  /** Sends a message as if the customer had written it. */
  send(text: string): void {
    this.#stage?.send(text);
  }

  /** Greets the customer beside the closed chat. */
  greet(text: string): void {
    this.#stage?.greet(text);
  }

  /** Says who the customer is, in words that the shop's own server has signed. */
  setUser(identity: Identity): void {
    this.#stage?.setUser(identity);
  }

  /** Forgets the conversation in this browser. */
  logOut(): void {
    this.#stage?.logOut();
  }

  /** A framework may set several attributes in a row. */
  #renew(): void {
    if (this.#renewing) return;
    this.#renewing = true;
    queueMicrotask(() => {
      this.#renewing = false;
      if (!this.#stage) return;
      this.#end();
      if (this.isConnected) this.connectedCallback();
    });
  }

  #end(): void {
    this.#stage?.end();
    this.#stage = null;
  }
}

for (const name of ATTRIBUTES) {
  const property = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  Object.defineProperty(AttuneChat.prototype, property, {
    configurable: true,
    enumerable: true,
    get(this: AttuneChat) {
      return SWITCHES.includes(name) ? isOn(this, name) : this.getAttribute(name);
    },
    set(this: AttuneChat, value: string | boolean | null | undefined) {
      if (value === null || value === undefined || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? "" : value);
    },
  });
}

/** Makes `<attune-chat>` known to the page, once. */
export function define(address: string): void {
  script = address;
  if (!customElements.get("attune-chat")) customElements.define("attune-chat", AttuneChat);
}
