import type { Detail } from "./types";

const VARIABLE = /\{([a-z_][a-z0-9_]*)\}/gi;
/** Slots in which bots keep what a customer is called, the usual names first. */
const NAMES = ["customer", "customer_name", "name", "first_name", "full_name"];
/** A greeting reads well without a name; any other blank has to be filled. */
const NAMELESS = /[,，]? ?\{customer\}[，]?/gi;

/** Puts what is known into an answer's `{variables}`; what is not known stays for the agent. */
export function fill(text: string, detail: Detail, agent: string): string {
  const known: Record<string, string | undefined> = { ...detail.facts, agent };
  known.customer = NAMES.map((name) => detail.facts[name]).find((value) => value !== undefined);
  const named = known.customer === undefined ? text.replace(NAMELESS, "").trimStart() : text;
  return named.replace(VARIABLE, (blank, name: string) => known[name.toLowerCase()] ?? blank);
}

/** The variables that are still to be filled, in their order. */
export function blanks(text: string): string[] {
  return [...text.matchAll(VARIABLE)].map((match) => match[0]);
}
