import type { ApiError } from "../data/api";
import type { Language } from "../data/types";
import { en, type Texts } from "./en";
import { zh } from "./zh";

export type { Texts } from "./en";

const ALL: Record<Language, Texts> = { en, zh };
const KEY = "attune-desk-language";

/** The agent's choice, else the browser's language, else English. */
export function currentLanguage(): Language {
  const chosen = localStorage.getItem(KEY) ?? navigator.language.slice(0, 2);
  return chosen === "zh" ? "zh" : "en";
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}

export function textsOf(language: Language): Texts {
  return ALL[language];
}

/** Words a refusal in the agent's language; the server's own sentence is English. */
export function sentence(texts: Texts, error: ApiError): string {
  return (texts.errors[error.code] ?? texts.casework.errors[error.code])?.(error.details) ?? error.message;
}
