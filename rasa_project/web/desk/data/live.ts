import { io, type Socket } from "socket.io-client";

import { ApiError } from "./api";
import type { AtRisk, Message, Ticket } from "./types";

const ASK_MS = 10_000;

interface Listener {
  /** The connection stands, for the first time or again: what is shown may be old. */
  connected: () => void;
  disconnected: () => void;
  /** The server lets this page in no more. */
  refused: () => void;
  tickets: (tickets: Ticket[]) => void;
  messages: (messages: Message[]) => void;
  /** Tickets with other notes or corrections. */
  casework: (tickets: number[]) => void;
  /** Conversations at risk, where the page has said that it looks. */
  floor: (news: { risk: AtRisk[] }) => void;
  watched: (news: { conversation: string; messages: Message[] }) => void;
}

/** The live connection. */
export interface Line {
  /** Asks for something that is told from then on; fails with an `ApiError`. */
  ask: <T>(event: string, what: unknown) => Promise<T>;
  /** Says something that nobody answers. */
  say: (event: string) => void;
  close: () => void;
}

/** Opens the live connection. */
export function listen(listener: Listener): Line {
  const socket = io({ path: "/socket.io", reconnectionDelayMax: 5000 });
  socket.on("connect", listener.connected);
  socket.on("disconnect", (reason) => {
    listener.disconnected();
    if (reason === "io server disconnect") listener.refused();
  });
  socket.on("connect_error", () => {
    listener.disconnected();
    // A server that answered "no" is not asked again by itself; a missing one is.
    if (!socket.active) listener.refused();
  });
  socket.on("tickets", listener.tickets);
  socket.on("messages", listener.messages);
  socket.on("casework", listener.casework);
  socket.on("floor", listener.floor);
  socket.on("watched", listener.watched);
  return {
    ask: <T>(event: string, what: unknown) => ask<T>(socket, event, what),
    say: (event) => { socket.emit(event); },
    close: () => {
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}

async function ask<T>(socket: Socket, event: string, what: unknown): Promise<T> {
  let found: T | Refusal;
  try {
    found = (await socket.timeout(ASK_MS).emitWithAck(event, what)) as T | Refusal;
  } catch {
    throw new ApiError("offline", "The desk cannot be reached.");
  }
  if (isRefusal(found)) throw new ApiError(found.code, found.error, { ...found });
  return found;
}

interface Refusal {
  error: string;
  code: string;
}

function isRefusal(found: unknown): found is Refusal {
  return typeof found === "object" && found !== null && "error" in found && "code" in found;
}
