/** What the server says, read with care: it may be older, newer, or another one altogether. */

import { object, readEntry, type Entry } from "./messages";

/** How the shop says who the customer is: a JWT, or a user id with its HMAC. */
export type Identity = string | { user_id: string; hash: string };

/** What became of a conversation that was to be mailed. */
export interface Mailed {
  id: unknown;
  sent: boolean;
}

/** A stretch of the conversation. */
export interface Page {
  entries: Entry[];
  /** Whether there are further ones in the direction asked for. */
  more: boolean;
  /** The number of the latest message. */
  last: number;
  /** Whether an answer is being prepared. */
  working: boolean;
}

/** Which files may be sent. */
export interface Taken {
  maxBytes: number;
  /** Extensions, as a file chooser wants them. */
  accept: string;
  /** In one message. */
  most: number;
}

/** What a session request is answered with. */
export interface Opened extends Page {
  token: string;
  thread: string;
  /** Whether the shop vouched for the customer. */
  customer: boolean;
  /** Null where no files may be sent. */
  files: Taken | null;
  /** How voice notes are taken: "transcript", "sound", or not at all. */
  voice: unknown;
  /** Whether the server mails conversations. */
  mail: unknown;
  /** Where the customer stands who waits for a person; read by `view/waiting/standing-view.ts`. */
  standing: unknown;
}

/** Why something was not done, in words, and when to ask again. */
export interface Refusal {
  reason: string;
  text: string;
  /** Milliseconds, or null where asking again would change nothing. */
  retryAfter: number | null;
}

/** What became of a message; "lost" where the server said nothing in time. */
export type Outcome =
  | { status: "accepted"; seq: number; working: boolean }
  | { status: "rejected"; refusal: Refusal }
  | { status: "unavailable" }
  | { status: "lost" };

export function readPage(data: unknown, base = ""): Page | null {
  const fields = object(data);
  if (!Array.isArray(fields.messages)) return null;
  return {
    entries: fields.messages.map((one) => readEntry(one, base)).filter((entry) => entry !== null),
    more: fields.more === true,
    last: typeof fields.last === "number" ? fields.last : 0,
    working: fields.working === true,
  };
}

export function readOpened(data: unknown, base = ""): Opened | null {
  const { session, thread, customer, files, voice, mail, standing } = object(data);
  const page = readPage(data, base);
  if (page === null || typeof session !== "string" || typeof thread !== "string") return null;
  return { ...page, token: session, thread, customer: customer === true, files: readTaken(files), voice, mail, standing };
}

function readTaken(data: unknown): Taken | null {
  const { max_bytes: maxBytes, accept, most } = object(data);
  return typeof maxBytes === "number" ? { maxBytes, accept: String(accept), most: Number(most) } : null;
}

/** Finds the address in the shop's signed words, whose signature the server alone can check. */
export function emailOf(identity: Identity): string {
  if (typeof identity !== "string") return "";
  try {
    const [, claims = ""] = identity.split(".");
    const email = String(object(JSON.parse(atob(claims.replace(/-/g, "+").replace(/_/g, "/")))).email);
    return /^[!-~]+@[!-~]+$/.test(email) ? email : "";
  } catch {
    return "";
  }
}

export function readRefusal(data: unknown): Refusal | null {
  const { reason, text, retry_after: seconds } = object(data);
  if (typeof reason !== "string") return null;
  return {
    reason,
    text: typeof text === "string" ? text : "",
    retryAfter: typeof seconds === "number" ? seconds * 1000 : null,
  };
}

export function readOutcome(data: unknown): Outcome {
  const { status, seq, state } = object(data);
  const refusal = readRefusal(data);
  if ((status === "accepted" || status === "duplicate") && typeof seq === "number") {
    const working = state === "waiting" || state === "running";
    return { status: "accepted", seq, working };
  }
  if (status === "rejected" && refusal) return { status: "rejected", refusal };
  return status === "failed" ? { status: "unavailable" } : { status: "lost" };
}
