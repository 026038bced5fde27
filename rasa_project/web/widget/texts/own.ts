/** A page's own texts, from the JSON file that the attribute `texts` names. */
export type Own = Record<string, string>;

/** Fetches the file; what is no text in it is passed over, and a missing file changes nothing. */
export async function fetchOwn(address: string | null): Promise<Own> {
  if (!address) return {};
  try {
    const answer = await fetch(address, { credentials: "omit" });
    const read: unknown = answer.ok ? await answer.json() : null;
    const entries = Object.entries(read ?? {}) as [string, unknown][];
    if (!entries.length) console.warn(`attune: ${address} holds no texts.`);
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    console.warn(`attune: the texts at ${address} cannot be read.`);
    return {};
  }
}

/** Puts values where a text names them in braces. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
