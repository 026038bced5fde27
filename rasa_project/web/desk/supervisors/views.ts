import type { ApiError } from "../data/api";
import type { Desk } from "../data/desk";
import type { Language } from "../data/types";
import type { Texts } from "../texts";
import { button, element } from "../view/dom";
import { Dashboard } from "./dashboard";
import { Floor } from "./floor";

/** A page beside the desk; it works only while it is shown. */
export interface View {
  element: HTMLElement;
  start: () => void;
  stop: () => void;
}

type Name = "desk" | "live" | "figures";
const NAMES: Name[] = ["desk", "live", "figures"];

/** Lets a supervisor go from the desk to the other pages; the address remembers where one is. */
export class Views {
  readonly element: HTMLElement;
  private readonly buttons: Record<Name, HTMLButtonElement>;
  private readonly pages = new Map<Name, View>();
  private current: Name = "desk";
  private readonly onHash = () => { this.show(false); };

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
    private readonly workplace: HTMLElement,
    private readonly desk: HTMLElement,
    private readonly data: Desk,
    private readonly onOpen: (ticket: number) => void,
    private readonly onRefused: (error: ApiError) => boolean,
  ) {
    const make = (name: Name) => button("", texts.supervisors[name], () => { this.go(name); });
    this.buttons = { desk: make("desk"), live: make("live"), figures: make("figures") };
    this.element = element("nav", "views", { "aria-label": texts.supervisors.nav }, ...NAMES.map((name) => this.buttons[name]));
    window.addEventListener("hashchange", this.onHash);
    this.show(false);
  }

  stop(): void {
    window.removeEventListener("hashchange", this.onHash);
    this.pages.get(this.current)?.stop();
  }

  go(name: Name): void {
    history.replaceState(null, "", name === "desk" ? location.pathname : `#${name}`);
    this.show(true);
  }

  private show(focus: boolean): void {
    const wanted = NAMES.find((name) => `#${name}` === location.hash) ?? "desk";
    for (const name of NAMES) this.buttons[name].setAttribute("aria-pressed", String(name === wanted));
    if (wanted === this.current) return;
    const before = this.pages.get(this.current);
    before?.stop();
    before?.element.remove();
    this.current = wanted;
    this.desk.hidden = wanted !== "desk";
    this.workplace.toggleAttribute("data-view", wanted !== "desk");
    if (wanted === "desk") return;
    const page = this.pages.get(wanted) ?? this.make(wanted);
    this.pages.set(wanted, page);
    this.desk.after(page.element);
    page.start();
    if (focus) page.element.querySelector<HTMLElement>("h2")?.focus();
  }

  private make(name: Name): View {
    if (name === "live") {
      return new Floor(this.texts, this.language, this.data, this.onRefused, (ticket) => {
        this.go("desk");
        this.onOpen(ticket);
      });
    }
    const dashboard = new Dashboard(this.texts, this.language, this.onRefused);
    return { element: dashboard.element, start: () => void dashboard.load(), stop: () => undefined };
  }
}
