import type { Agent, Language } from "../data/types";
import type { Texts } from "../texts";
import { officeTexts } from "../texts/office";
import { button, element, logo, setText } from "./dom";

interface Actions {
  onLanguage: (language: Language) => void;
  onShortcuts: () => void;
  onSignOut: () => void;
  /** Opens what there is about oneself. */
  onMe: () => void;
}

/** The line at the top: where one is, who one is, and whether it is live. */
export class Bar {
  readonly element: HTMLElement;
  private readonly name: HTMLButtonElement;
  private readonly live = element("span", "live", { role: "status" });

  constructor(
    private readonly texts: Texts,
    language: Language,
    me: Agent,
    actions: Actions,
    ...tools: HTMLElement[]
  ) {
    const { bar } = texts;
    const brand = element("div", "brand", {}, logo(), element("h1", "", {}, "Attune ", element("span", "", {}, texts.desk)));
    this.name = button("quiet me", me.display_name, actions.onMe);
    this.name.title = officeTexts(language).title;
    const shortcuts = button("quiet shortcuts-button", bar.shortcuts, actions.onShortcuts);
    shortcuts.setAttribute("aria-keyshortcuts", "Alt+K");
    this.element = element(
      "header",
      "bar",
      {},
      brand,
      this.live,
      ...tools,
      shortcuts,
      languageSwitch(texts, language, actions.onLanguage),
      this.name,
      button("quiet sign-out", bar.signOut, actions.onSignOut),
    );
    this.update(true);
  }

  /** Puts something beside the name of the page. */
  place(node: HTMLElement): void {
    this.live.before(node);
  }

  rename(name: string): void {
    this.name.textContent = name;
  }

  update(online: boolean): void {
    setText(this.live, online ? this.texts.bar.online : this.texts.bar.offline);
    this.live.toggleAttribute("data-offline", !online);
  }
}

/** Chooses between English and Chinese; each is named in itself. */
export function languageSwitch(texts: Texts, current: Language, onChoose: (language: Language) => void): HTMLElement {
  const choices: [Language, string][] = [["en", "English"], ["zh", "中文"]];
  const buttons = choices.map(([language, name]) => {
    const node = button("quiet", name, () => { onChoose(language); });
    node.lang = language;
    node.setAttribute("aria-pressed", String(language === current));
    return node;
  });
  return element("div", "languages", { role: "group", "aria-label": texts.language }, ...buttons);
}
