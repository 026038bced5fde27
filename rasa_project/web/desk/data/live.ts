import { io } from "socket.io-client";

import type { Message, Ticket } from "./types";

interface Listener {
  /** The connection stands, for the first time or again: what is shown may be old. */
  connected: () => void;
  disconnected: () => void;
  /** The server lets this page in no more. */
  refused: () => void;
  tickets: (tickets: Ticket[]) => void;
  messages: (messages: Message[]) => void;
}

/** Opens the live connection; what it returns closes it. */
export function listen(listener: Listener): () => void {
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
  return () => {
    socket.removeAllListeners();
    socket.disconnect();
  };
}
