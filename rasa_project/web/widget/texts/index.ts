import type { Language } from "../options";
import { en, type Texts } from "./en";
import { zh } from "./zh";

export type { Texts };

const ALL: Record<Language, Texts> = { en, zh };

export function textsFor(language: Language): Texts {
  return ALL[language];
}
