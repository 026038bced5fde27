import { api, ApiError } from "./data/api";
import type { Agent, Language } from "./data/types";
import { chooseLanguage, currentLanguage, textsOf } from "./texts";
import { languageSwitch } from "./view/bar";
import { button, element } from "./view/dom";
import { chooseForm, signInForm } from "./view/sign-in";
import { Workplace } from "./view/workplace";

/** Decides what stands on the page: the door, the choice of a password, or the workplace. */
class App {
  private language: Language = currentLanguage();
  private workplace: Workplace | null = null;
  /** Answers begun and not sent, by conversation. */
  private readonly kept = new Map<number, { text: string }>();

  constructor(private readonly root: HTMLElement) {}

  async start(): Promise<void> {
    try {
      this.enter((await api.me()).agent);
    } catch (error) {
      if (error instanceof ApiError && error.code === "signed_out") this.signIn(false);
      else this.unreachable();
    }
  }

  private enter(agent: Agent, open: number | null = linkedTicket()): void {
    if (agent.must_change_password) {
      this.atDoor(() => chooseForm(this.texts, (chosen) => { this.enter(chosen); }));
      return;
    }
    const workplace = new Workplace(
      this.texts,
      this.language,
      agent,
      this.kept,
      (language) => {
        this.setLanguage(language);
        this.enter(agent, workplace.selected);
      },
      (ended) => { this.signIn(ended); },
    );
    this.show(workplace.element);
    this.workplace = workplace;
    if (open !== null) workplace.open(open);
  }

  private signIn(ended: boolean): void {
    this.atDoor(() => signInForm(this.texts, ended, (agent) => { this.enter(agent); }));
  }

  private unreachable(): void {
    this.atDoor(() => {
      const again = button("primary", this.texts.message.again, () => void this.start());
      const words = this.texts.errors.offline?.({}) ?? "";
      return element("main", "doorway", {}, element("div", "door", {}, element("p", "", { role: "alert" }, words), again));
    });
  }

  /** Shows a form with the language switch above it. */
  private atDoor(make: () => HTMLElement): void {
    const choice = languageSwitch(this.texts, this.language, (language) => {
      this.setLanguage(language);
      this.atDoor(make);
    });
    this.show(element("header", "corner", {}, choice), make());
  }

  private setLanguage(language: Language): void {
    this.language = language;
    chooseLanguage(language);
  }

  private show(...nodes: HTMLElement[]): void {
    this.workplace?.stop();
    this.workplace = null;
    document.documentElement.lang = this.language === "zh" ? "zh-CN" : "en";
    document.title = `Attune ${this.texts.desk}`;
    this.root.replaceChildren(...nodes);
  }

  private get texts() {
    return textsOf(this.language);
  }
}

/** The conversation that the page's address names; other help desks link to it. */
function linkedTicket(): number | null {
  const id = Number(new URLSearchParams(location.search).get("ticket"));
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

const root = document.querySelector<HTMLElement>("#desk");
if (root === null) throw new Error("The page has no element #desk to show the desk in.");
void new App(root).start();
