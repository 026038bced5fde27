/** The conversation as a file for the customer. */

import type { Connection } from "../chat/connection";
import type { Texts } from "../texts";

/** Has the browser save the conversation, as text or as a page; says whether the server gave it. */
export async function saveConversation(kind: "txt" | "html", connection: Connection, texts: Texts): Promise<boolean> {
  const content = await connection.transcript(kind, { user: texts.you, bot: texts.assistant, system: texts.title });
  if (content === null) return false;
  const type = `text/${kind === "txt" ? "plain" : kind};charset=utf-8`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = `${texts.savedName}-${new Date().toISOString().slice(0, 10)}.${kind}`;
  link.click();
  setTimeout(() => { URL.revokeObjectURL(link.href); }, 10_000);
  return true;
}
