import { io, type Socket } from "socket.io-client";

import { readMessage, type Message } from "./messages";
import type { SessionStore } from "./session-store";

/** What the server says became of a message; "lost" where it said nothing in time. */
export type Outcome = "handled" | "duplicate" | "failed" | "rejected" | "lost";

export interface Listener {
  /** The connection stands; `changed` if it is for another conversation than before. */
  ready(changed: boolean): void;
  disconnected(): void;
  message(message: Message): void;
}

// Rasa gives a turn up to a minute before it breaks the conversation's lock.
const TURN_TIMEOUT_MS = 65_000;
const HISTORY_TIMEOUT_MS = 10_000;

/** The wire: one socket to one server, with a session that outlives it. */
export class Connection {
  readonly #server: string;
  readonly #sessions: SessionStore;
  /** This page's own: another tab may have stored another one since. */
  #token: string | null = null;
  #socket: Socket | null = null;
  #listener: Listener | null = null;

  constructor(server: string, sessions: SessionStore) {
    this.#server = server;
    this.#sessions = sessions;
  }

  open(listener: Listener): void {
    if (this.#socket) return;
    this.#listener = listener;
    const url = new URL(this.#server);
    const socket = io(url.origin, {
      path: `${url.pathname.replace(/\/+$/, "")}/socket.io`,
      // WebSockets need no stickiness of a load balancer; polling is for networks that cut them.
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 10_000,
    });
    this.#socket = socket;
    socket.on("connect", () => {
      socket.emit("session_request", { session_id: this.#sessions.read() });
    });
    socket.on("session_confirm", (token: unknown) => { this.#confirm(token); });
    socket.on("disconnect", (reason) => {
      listener.disconnected();
      // The one case in which the client does not come back by itself.
      if (reason === "io server disconnect") socket.connect();
    });
    socket.on("connect_error", () => { listener.disconnected(); });
    for (const event of ["bot_uttered", "user_echo"]) {
      socket.on(event, (data: unknown) => {
        const message = readMessage(data);
        if (message) listener.message(message);
      });
    }
  }

  /** Gets the transcript, or null if the server cannot give it now. */
  async history(): Promise<Message[] | null> {
    const answer = await this.#ask("history_request", {}, HISTORY_TIMEOUT_MS);
    const messages = answer?.messages;
    if (!Array.isArray(messages)) return null;
    return messages.map(readMessage).filter((message) => message !== null);
  }

  /** Sends a message of the customer and waits until its turn is over. */
  async send(id: string, text: string, title: string, language: string): Promise<Outcome> {
    const metadata = { message_id: id, language, ...(title !== text && { title }) };
    const answer = await this.#ask("user_uttered", { message: text, metadata }, TURN_TIMEOUT_MS);
    switch (answer?.status) {
      case "handled":
      case "duplicate":
      case "failed":
      case "rejected":
        return answer.status;
      default:
        return "lost";
    }
  }

  async #ask(event: string, data: object, timeout: number): Promise<Record<string, unknown> | null> {
    if (!this.#socket?.connected) return null;
    try {
      const answer: unknown = await this.#socket.timeout(timeout).emitWithAck(event, data);
      return typeof answer === "object" ? (answer as Record<string, unknown> | null) : null;
    } catch {
      return null; // the connection broke or the answer is overdue
    }
  }

  #confirm(token: unknown): void {
    if (typeof token !== "string") return;
    const changed = token !== this.#token;
    this.#token = token;
    this.#sessions.write(token);
    this.#listener?.ready(changed);
  }
}
