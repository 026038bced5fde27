import { io, type Socket } from "socket.io-client";

import { object, readEntry, readTyping, type Entry, type Typing } from "./messages";
import { SessionStore } from "./session-store";
import {
  readOpened, readOutcome, readPage, readRefusal,
  type Identity, type Mailed, type Opened, type Outcome, type Page, type Refusal,
} from "./wire";

/** What the chat is told by the line. */
export interface Listener {
  /** The connection stands; `opened` holds what is new since the cursor, or the latest. */
  ready(opened: Opened): void;
  disconnected(): void;
  entry(entry: Entry): void;
  /** A turn is over. */
  answered(id: string, failed: boolean, working: boolean): void;
  /** The server has messages up to this number. */
  news(last: number): void;
  /** A session or sign-in was refused. */
  refused(refusal: Refusal): void;
  /** The session was ended, here or in another tab. */
  over(): void;
  typing(typing: Typing): void;
  /** A human has read the customer's messages up to the one with this id. */
  read(id: string): void;
  /** Where the customer stands who waits for a person. */
  standing(told: unknown): void;
  mailed(mailed: Mailed): void;
}

/** Where the chat has got: what is asked for behind it is what was missed. */
export interface Position {
  thread: string | null;
  cursor: number;
}

const ACK_TIMEOUT_MS = 10_000;
const RETRY_DELAY_MS = 2_000;
const RETRY_DELAY_MAX_MS = 15_000;
/** How often a tab looks whether another one has stored the session that replaced its own. */
const SESSION_POLL_MS = 200;
const SESSION_POLLS = 25;
/** A session that was ended while there was no connection is ended at the next one. */
const ENDED = ":ended";

/** The wire: one socket to one server, with a session that outlives it. */
export class Connection {
  readonly #server: string;
  readonly #sessions: SessionStore;
  readonly #ended: SessionStore;
  readonly #language: string;
  /** This page's own: another tab may have stored another one since. */
  #token: string | null = null;
  #socket: Socket | null = null;
  #listener: Listener | null = null;
  #position: () => Position = () => ({ thread: null, cursor: 0 });
  /** Who the customer is, in the shop's own signed words, until the server has heard them. */
  #identity: Identity | null = null;
  #requests = 0;

  constructor(server: string, sessions: SessionStore, language = "en") {
    this.#server = server;
    this.#sessions = sessions;
    this.#ended = new SessionStore(server + ENDED);
    this.#language = language;
  }

  open(listener: Listener, position: () => Position): void {
    if (this.#socket) return;
    this.#listener = listener;
    this.#position = position;
    const url = new URL(this.#server);
    const socket = io(url.origin, {
      path: `${url.pathname.replace(/\/+$/, "")}/socket.io`,
      // WebSockets need no stickiness of a load balancer; polling is for networks that cut them.
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      upgrade: false, // where polling is needed, WebSockets have failed
      withCredentials: url.origin === location.origin, // a balancer's cookie
      forceNew: true, // two chats of one page, for two customers, have a line each
      timeout: ACK_TIMEOUT_MS,
      reconnectionDelay: 500,
      reconnectionDelayMax: 10_000,
    });
    this.#socket = socket;
    this.#listen(socket, listener);
  }

  /** Says who the customer is, at once or with the next connection. */
  identify(identity: Identity): void {
    this.#identity = identity;
    void this.#requestSession();
  }

  /** Ends the session, on the server too, and begins another where a connection stands. */
  async forget(everywhere = false): Promise<void> {
    this.#identity = null;
    const token = this.#sessions.read();
    this.#sessions.clear();
    this.#token = null;
    if (token !== null && (await this.#ask("log_out", { everywhere }))?.status !== "logged_out") {
      this.#ended.write(token);
    }
    await this.#requestSession();
  }

  /** Where files go, and what opens it; null without a session. */
  get place(): { server: string; token: string; language: string } | null {
    return this.#token === null ? null : { server: this.#server, token: this.#token, language: this.#language };
  }

  get isOpen(): boolean {
    return this.#socket !== null;
  }

  close(): void {
    this.#socket?.removeAllListeners();
    this.#socket?.disconnect();
    this.#socket = null;
  }

  /** Gives up a line that stands but carries nothing, for a new one. */
  restart(): void {
    this.#socket?.disconnect().connect();
  }

  /** Gets a stretch of the conversation, or null if the server cannot give it now. */
  async page(range: { after: number } | { before: number }): Promise<Page | null> {
    return readPage(await this.#ask("history_request", range), this.#server);
  }

  /** Says how far the page has got; returns the number of the latest message, or null. */
  async deliver(cursor: number, seen: boolean): Promise<number | null> {
    const last = (await this.#ask("delivered", { seq: cursor, ...(seen && { seen: cursor }) }))?.last;
    return typeof last === "number" ? last : null;
  }

  /** Gets the conversation as a file, or null if the server cannot give it now. */
  async transcript(kind: string, names: object): Promise<string | null> {
    const content = (await this.#ask("save_transcript", { kind, names, zone: zone() }))?.content;
    return typeof content === "string" ? content : null;
  }

  /** Has the conversation mailed, once for each id; gives the server's answer, or null without one. */
  async mail(id: string, address: string): Promise<Record<string, unknown> | null> {
    return this.#ask("mail_transcript", { id, address, zone: zone() });
  }

  /** Says that the customer is writing; nobody answers. */
  writes(): void {
    this.#socket?.emit("typing");
  }

  /** Sends a message of the customer and waits until the server has stored it. */
  async send(
    id: string,
    text: string,
    title: string,
    more: Readonly<Record<string, unknown>> = {},
    files: readonly string[] = [],
  ): Promise<Outcome> {
    const metadata = { ...more, message_id: id, language: this.#language, ...(title !== text && { title }) };
    return readOutcome(await this.#ask("user_uttered", { message: text, metadata, ...(files.length > 0 && { files }) }));
  }

  /** Shows the session anew, or begins another where the server knows it no more. */
  async renew(): Promise<void> {
    await this.#requestSession();
  }

  #listen(socket: Socket, listener: Listener): void {
    socket.on("connect", () => void this.#connected());
    socket.on("disconnect", (reason) => {
      listener.disconnected();
      // The one case in which the client does not come back by itself.
      if (reason === "io server disconnect") setTimeout(() => socket.connect(), RETRY_DELAY_MS);
    });
    socket.on("connect_error", (error) => {
      listener.disconnected();
      // Refused by the server in words: neither does it then.
      const refusal = readRefusal((error as { data?: unknown }).data);
      if (!refusal || socket.active) return;
      listener.refused(refusal);
      setTimeout(() => socket.connect(), refusal.retryAfter ?? RETRY_DELAY_MAX_MS);
    });
    for (const event of ["bot_uttered", "user_echo"]) {
      socket.on(event, (data: unknown) => {
        const entry = readEntry(data, this.#server);
        if (entry) listener.entry(entry);
      });
    }
    socket.on("turn_over", (data: unknown) => {
      const { id, status, last, working } = object(data);
      if (typeof id === "string") listener.answered(id, status === "failed", working === true);
      if (typeof last === "number") listener.news(last);
    });
    socket.on("news", (data: unknown) => {
      const { last } = object(data);
      if (typeof last === "number") listener.news(last);
    });
    socket.on("session_over", (data: unknown) => void this.#over(object(data).reason));
    socket.on("standing", (data: unknown) => { listener.standing(data); });
    socket.on("transcript_mailed", (data: unknown) => {
      const { id, status } = object(data);
      listener.mailed({ id, sent: status === "sent" });
    });
    socket.on("agent_typing", (data: unknown) => { listener.typing(readTyping(data)); });
    socket.on("messages_read", (data: unknown) => {
      const { until } = object(data);
      if (typeof until === "string") listener.read(until);
    });
  }

  async #connected(): Promise<void> {
    const ended = this.#ended.read();
    if (ended !== null) {
      await this.#ask("session_request", { session_id: ended });
      if ((await this.#ask("log_out", {}))?.status === "logged_out") this.#ended.clear();
    }
    await this.#requestSession();
  }

  /** Asks until the server answers; a later request, for another customer, ends an earlier one. */
  async #requestSession(): Promise<void> {
    this.#requests += 1;
    const request = this.#requests;
    const socket = this.#socket;
    for (let attempt = 1; socket?.connected && request === this.#requests; attempt += 1) {
      const identity = this.#identity;
      const answer = await this.#ask("session_request", {
        session_id: this.#sessions.read(),
        language: this.#language,
        ...this.#position(),
        ...(identity !== null && { identity }),
      });
      if (request !== this.#requests) return;
      const opened = readOpened(answer, this.#server);
      if (opened) {
        if (identity === this.#identity) this.#identity = null;
        this.#enter(opened);
        return;
      }
      await delay(this.#afterRefusal(readRefusal(answer), attempt));
    }
  }

  /** How long to wait before the session is asked for again. */
  #afterRefusal(refusal: Refusal | null, attempt: number): number {
    const longer = Math.min(RETRY_DELAY_MS * attempt, RETRY_DELAY_MAX_MS);
    if (!refusal) return longer;
    this.#listener?.refused(refusal);
    if (!refusal.reason.startsWith("identity")) return refusal.retryAfter ?? longer;
    this.#identity = null; // the chat goes on without it
    return 0;
  }

  #enter(opened: Opened): void {
    this.#token = opened.token;
    this.#sessions.write(opened.token);
    this.#listener?.ready(opened);
  }

  /** In a tab that did not do it itself: the customer has signed in or logged out elsewhere. */
  async #over(reason: unknown): Promise<void> {
    const token = this.#token;
    if (token === null) return; // this tab is about to begin another session
    for (let poll = 0; reason === "signed_in" && poll < SESSION_POLLS; poll += 1) {
      if (this.#sessions.read() !== token) break;
      await delay(SESSION_POLL_MS);
    }
    if (this.#token !== token) return;
    if (this.#sessions.read() === token) this.#sessions.clear();
    this.#token = null;
    if (reason !== "signed_in") this.#listener?.over();
    await this.#requestSession();
  }

  async #ask(event: string, data: object): Promise<Record<string, unknown> | null> {
    if (!this.#socket?.connected) return null;
    try {
      const answer: unknown = await this.#socket.timeout(ACK_TIMEOUT_MS).emitWithAck(event, data);
      return object(answer);
    } catch {
      return null; // the connection broke or the answer is overdue
    }
  }
}

/** Where the customer's clock is. */
function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
