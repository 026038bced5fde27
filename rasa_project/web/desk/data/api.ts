import type { Ending } from "./casework";
import type { Agent, Detail, Duty, FilesTaken, Message, Presence, Priority, Ticket } from "./types";

/** A request that the desk refused, or that never reached it (`code` is "offline" then). */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    sentence: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(sentence);
  }
}

/** Where a conversation goes; neither puts it back into the queue. */
export interface Destination {
  agent?: number;
  team?: string;
}

interface Tickets {
  tickets: Ticket[];
  /** Others follow behind the last one. */
  more: boolean;
  now: number;
}

/** Requests to the desk; each promise fails with an `ApiError`. */
export const api = {
  me: () => request<{ agent: Agent }>("GET", "me"),
  signIn: (name: string, password: string) => request<{ agent: Agent }>("POST", "sign-in", { name, password }),
  choosePassword: (password: string, displayName: string) =>
    request<{ agent: Agent }>("POST", "password", { password, display_name: displayName }),
  signOut: () => request("POST", "sign-out", {}),
  /** A page of a list: the first one, or the one behind the last ticket of the page before. */
  tickets: (view: "open" | "closed", after?: Ticket) =>
    request<Tickets>("GET", `tickets?view=${view}${after ? `&after=${after.id}&after_key=${after.sort_key}` : ""}`),
  ticket: (id: number) => request<Detail>("GET", `tickets/${id}`),
  earlier: (id: number, before: number) =>
    request<{ messages: Message[]; cut: boolean }>("GET", `tickets/${id}/messages?before=${before}`),
  takeOver: (id: number) => request<Detail>("POST", `tickets/${id}/take-over`, {}),
  resendTo: (id: number, desk: string) =>
    request<Detail>("POST", `tickets/${id}/connectors/${encodeURIComponent(desk)}/resend`, {}),
  claim: (id: number) => request<Detail>("POST", `tickets/${id}/claim`, {}),
  answer: (id: number, messageId: string, text: string, files: string[]) =>
    request<Detail>("POST", `tickets/${id}/messages`, { id: messageId, text, files }),
  presence: (id: number, typing: boolean | undefined, looking: boolean) =>
    request<Presence>("POST", `tickets/${id}/presence`, { typing, looking }),
  filesTaken: (id: number) => request<FilesTaken>("GET", `tickets/${id}/files`),
  handBack: (id: number, note: string) => request<Detail>("POST", `tickets/${id}/hand-back`, { note }),
  resolve: (id: number, note: string, ending?: Ending) =>
    request<Detail>("POST", `tickets/${id}/resolve`, { note, ...ending }),
  duty: () => request<Duty>("GET", "queue"),
  passOn: (id: number, to: Destination, note: string) =>
    request<Detail>("POST", `tickets/${id}/pass-on`, { id: newId(), ...to, note }),
  setPriority: (id: number, priority: Priority) =>
    request<Detail>("POST", `tickets/${id}/priority`, { id: newId(), priority }),
  snooze: (id: number, until: number | null) =>
    request<Detail>("POST", `tickets/${id}/snooze`, { id: newId(), until }),
  merge: (id: number, ticket: number) => request<Detail>("POST", `tickets/${id}/merge`, { id: newId(), ticket }),
  resend: (messageId: string) => request<Detail>("POST", `messages/${encodeURIComponent(messageId)}/resend`, {}),
};

/** Asks the desk for something below `/api/`. */
export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { "X-Attune-Desk": "1" };
  const options: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer: Response;
  let content: unknown;
  try {
    answer = await fetch(`api/${path}`, options);
    content = await answer.json();
  } catch {
    throw new ApiError("offline", "The desk cannot be reached.");
  }
  if (answer.ok) return content as T;
  const refused = content as { error?: string; code?: string } & Record<string, unknown>;
  throw new ApiError(refused.code ?? "fault", refused.error ?? answer.statusText, refused);
}

/** Makes an id for a message, so that sending it again never doubles it. */
export function newId(): string {
  // randomUUID exists on https and localhost only.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
