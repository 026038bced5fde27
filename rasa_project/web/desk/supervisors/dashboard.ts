import { ApiError } from "../data/api";
import type { Language } from "../data/types";
import { sentence, type Texts } from "../texts";
import { button, element } from "../view/dom";
import { Cards } from "./cards";
import { supervisors, type Dashboard as Content, type Span } from "./data";
import { Filters, usualSpan } from "./filters";
import { Format } from "./format";
import { tiles } from "./tiles";

/** What was chosen stays chosen while the page is open, also in another language. */
const span: Span = usualSpan();

/** How the whole desk is doing. Nothing in it is about one agent. */
export class Dashboard {
  readonly element: HTMLElement;
  private readonly filters: Filters;
  private readonly content = element("div", "content");
  private readonly said = element("p", "unseen", { role: "status" });
  private readonly all: HTMLAnchorElement;
  private asked = 0;

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
    private readonly onRefused: (error: ApiError) => boolean,
  ) {
    const words = texts.supervisors;
    this.filters = new Filters(texts, span, () => void this.load());
    this.all = element("a", "csv", { download: "" }, words.allTickets);
    const head = element("header", "", {}, element("h2", "", { tabindex: "-1" }, words.figures), this.all);
    const fair = element("p", "hint soft", {}, words.fair);
    this.element = element("main", "dashboard", {}, head, this.filters.element, this.said, this.content, fair);
  }

  async load(): Promise<void> {
    const asked = ++this.asked;
    this.all.href = supervisors.csv(span, "tickets");
    this.content.setAttribute("aria-busy", "true");
    if (this.content.childElementCount === 0) this.say(this.texts.supervisors.loading);
    try {
      const found = await supervisors.dashboard(span);
      if (asked === this.asked) this.show(found);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (asked === this.asked && !this.onRefused(error)) this.fail(error);
    } finally {
      if (asked === this.asked) this.content.removeAttribute("aria-busy");
    }
  }

  private show(found: Content): void {
    const words = this.texts.supervisors;
    this.filters.offer(found.choices);
    const format = new Format(this.language);
    this.said.textContent = words.counted(format.count(found.total.tickets));
    if (found.total.tickets === 0) {
      this.content.replaceChildren(
        element("div", "empty", {}, element("p", "", {}, words.empty), element("p", "soft", {}, words.emptyHint)),
      );
      return;
    }
    // Cards that were opened stay open while one changes the period.
    const open = [...this.content.querySelectorAll(".card")].map((card) => card.querySelector("details")?.open ?? false);
    const cards = new Cards(this.texts, format, span, found.tables).all();
    cards.forEach((card, index) => card.querySelector("details")?.toggleAttribute("open", open[index] ?? false));
    this.content.replaceChildren(tiles(this.texts, format, found), element("div", "cards", {}, ...cards));
  }

  private fail(error: ApiError): void {
    const again = button("", this.texts.message.again, () => void this.load());
    const words = element("p", "error", { role: "alert" }, sentence(this.texts, error));
    this.content.replaceChildren(element("div", "empty", {}, words, again));
  }

  private say(words: string): void {
    this.content.replaceChildren(element("p", "empty soft", {}, words));
  }
}
