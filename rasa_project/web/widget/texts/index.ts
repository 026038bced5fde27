import { en, type Texts } from "./en";
import type { LauncherTexts } from "./launcher";
import { fill, type Own } from "./own";
import { zh } from "./zh";

export { fill, type Texts };

/** The texts of a language beside those that the launcher has; a page's own go before both. */
export function textsFor(language: string, launcher: LauncherTexts, own: Own = {}): Texts {
  return { ...(language.startsWith("zh") ? zh : en), ...launcher, ...own };
}
