import type { Agent, Detail, Ticket } from "./types";

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

interface Tickets {
  tickets: Ticket[];
  now: number;
}

/** Requests to the desk; each promise fails with an `ApiError`. */
export const api = {
  me: () => request<{ agent: Agent }>("GET", "me"),
  signIn: (name: string, password: string) => request<{ agent: Agent }>("POST", "sign-in", { name, password }),
  choosePassword: (password: string, displayName: string) =>
    request<{ agent: Agent }>("POST", "password", { password, display_name: displayName }),
  signOut: () => request("POST", "sign-out", {}),
  tickets: (view: "open" | "closed") => request<Tickets>("GET", `tickets?view=${view}`),
  ticket: (id: number) => request<Detail>("GET", `tickets/${id}`),
  claim: (id: number) => request<Detail>("POST", `tickets/${id}/claim`, {}),
  answer: (id: number, messageId: string, text: string) =>
    request<Detail>("POST", `tickets/${id}/messages`, { id: messageId, text }),
  handBack: (id: number, note: string) => request<Detail>("POST", `tickets/${id}/hand-back`, { note }),
  resolve: (id: number, note: string) => request<Detail>("POST", `tickets/${id}/resolve`, { note }),
  resend: (messageId: string) => request<Detail>("POST", `messages/${encodeURIComponent(messageId)}/resend`, {}),
};

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
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
