import { request } from "../data/api";
import type { Agent } from "../data/types";

export interface Session { id: string; address: string; browser: string; created_at: number; last_seen_at: number; current: boolean }
export interface Person {
  name: string; display_name: string; role: string; email: string | null; service: boolean; disabled: boolean;
  must_change_password: boolean; conversations: number; last_seen_at: number | null;
}
export interface Token {
  id: number; name: string; owner: string; service: boolean; role: string; expires_at: number; last_used_at: number | null;
}
export interface Entry {
  id: number; at: number; actor: string; via: string; action: string; ticket: number | null;
  details: Record<string, unknown>; address: string;
}
interface People { people: Person[] }
interface WithPassword extends People { name: string; one_time_password: string }
interface Sessions { sessions: Session[] }
interface Tokens { tokens: Token[] }

const of = (name: string) => `people/${encodeURIComponent(name)}`;

/** Requests about people, tokens and the audit log. */
export const office = {
  doors: () => request<{ openid: string | null }>("GET", "doors"),
  active: () => request("POST", "me/active", {}),
  rename: (name: string) => request<{ agent: Agent }>("POST", "me/name", { display_name: name }),
  changePassword: (current: string, password: string) => request("POST", "password/change", { current, password }),
  sessions: () => request<Sessions>("GET", "sessions"),
  endSession: (id: string) => request<Sessions>("POST", `sessions/${id}/end`, {}),
  signOutEverywhere: () => request("POST", "sign-out-everywhere", {}),
  people: () => request<People>("GET", "people"),
  add: (name: string, role: string, email: string) =>
    request<WithPassword>("POST", "people", { name, role, email: email || null }),
  setRole: (name: string, role: string) => request<People>("POST", `${of(name)}/role`, { role }),
  disable: (name: string) => request<People>("POST", `${of(name)}/disable`, {}),
  enable: (name: string) => request<People>("POST", `${of(name)}/enable`, {}),
  resetPassword: (name: string) => request<WithPassword>("POST", `${of(name)}/password`, {}),
  tokens: () => request<Tokens>("GET", "tokens"),
  makeToken: (name: string, role: string, days: number, service: string) =>
    request<Tokens & { token: string }>("POST", "tokens", { name, role, days, service: service || null }),
  revoke: (id: number) => request<Tokens>("POST", `tokens/${id}/revoke`, {}),
  log: (query: URLSearchParams) =>
    request<{ entries: Entry[]; more: boolean; actions: string[] }>("GET", `audit?${query.toString()}`),
};
