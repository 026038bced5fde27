import { VERDICTS, type Casework, type CaseworkStore, type Line } from "../data/casework";
import type { Detail, Language } from "../data/types";
import { percent, type Texts } from "../texts/en";
import { moment } from "./clock";
import { button, element } from "./dom";
import { emotionChip } from "./emotion";
import { TagEditor } from "./tags";

/** What agents know around a conversation: its summary, what was tried, tags, the outcome. */
export class CasePanel {
  /** What an agent reads first. */
  readonly top = element("div", "about brief");
  readonly element = element("div", "about case");
  private readonly rest = element("div", "sections");
  private readonly tags: TagEditor;
  private drawn = "";

  constructor(
    private readonly texts: Texts,
    private readonly language: Language,
    private readonly store: CaseworkStore,
    private readonly id: number,
    private readonly onMessage: (message: number) => void,
  ) {
    const { tags } = texts.casework;
    this.tags = new TagEditor(texts.casework, (names) => store.tag(id, names));
    this.element.append(section(tags.title, this.tags.element), this.rest);
  }

  update(detail: Detail): void {
    const found = this.store.current;
    if (found?.ticket !== this.id) return;
    this.tags.update(found.tags, this.store.tags);
    const drawn = JSON.stringify([found, detail.ticket.state]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const { summary, tried } = this.texts.casework;
    this.top.replaceChildren(section(summary.title, this.summary(found)));
    this.rest.replaceChildren(
      ...this.outcome(found),
      this.verdict(found),
      section(tried.title, this.tried(found, detail)),
    );
  }

  private summary(found: Casework): HTMLElement {
    const { opening, telling, facts, none } = this.texts.casework.summary;
    const { summary } = found;
    const box = element("div", "summary");
    if (summary.opening) box.append(element("h4", "", {}, opening), this.line(summary.opening));
    if (summary.telling.length > 0) {
      box.append(element("h4", "", {}, telling), element("ul", "", {}, ...summary.telling.map((line) => element("li", "", {}, this.line(line)))));
    }
    if (summary.facts.length > 0) {
      const marks = summary.facts.map((fact) => element("li", "mark", { dir: "auto" }, fact.text));
      box.append(element("h4", "", {}, facts), element("ul", "mentioned", {}, ...marks));
    }
    if (box.childElementCount === 0) box.append(element("p", "soft", {}, none));
    return box;
  }

  private line(line: Line): HTMLElement {
    const words = button("line", "", () => { this.onMessage(line.id); });
    words.append(element("span", "", { dir: "auto" }, line.text));
    if (line.emotion && !line.emotion.abstained && line.emotion.name !== "neutral") {
      words.append(" ", emotionChip(this.texts, line.emotion));
    }
    return words;
  }

  private outcome(found: Casework): HTMLElement[] {
    if (!found.outcome) return [];
    const { title, kinds } = this.texts.casework.outcome;
    const words = element("p", "", {}, kinds[found.outcome.kind] ?? found.outcome.kind);
    const detail = found.outcome.detail ? element("p", "soft", { dir: "auto" }, found.outcome.detail) : null;
    return [section(title, element("div", "", {}, words, detail))];
  }

  private verdict(found: Casework): HTMLElement {
    const { verdict } = this.texts.casework;
    const given = found.verdict?.verdict;
    const choices = VERDICTS.map((kind) => {
      const node = button("choice", verdict[kind], () => void this.store.judge(this.id, kind === given ? null : kind));
      node.setAttribute("aria-pressed", String(kind === given));
      return node;
    });
    const hint = found.verdict ? verdict.by(found.verdict.agent) : verdict.hint;
    const group = element("div", "choices", { role: "group", "aria-label": verdict.title }, ...choices);
    return section(verdict.title, element("div", "", {}, group, element("p", "hint soft", {}, hint)));
  }

  private tried(found: Casework, detail: Detail): HTMLElement {
    const { tried } = this.texts.casework;
    if (found.tried.length === 0) return element("p", "soft", {}, tried.none);
    const rows = found.tried.map((step) => {
      const sure = step.kind === "intent" && step.confidence !== null ? ` · ${tried.sure(percent(step.confidence))}` : "";
      const what = element("span", "soft", {}, `${tried[step.kind]} `);
      const time = element("time", "soft", {}, moment(step.at, this.language));
      return element("li", step.kind, {}, time, element("span", "", {}, what, readable(step.name), element("span", "soft", {}, sure)));
    });
    const end = element("li", "handover", {}, element("time", "soft", {}, moment(detail.ticket.opened_at, this.language)), tried.handedOver);
    return element("ol", "tried", {}, ...rows, end);
  }
}

function section(title: string, content: Node): HTMLElement {
  return element("section", "", {}, element("h3", "", {}, title), content);
}

/** Makes a name of the bot's author a little more readable. */
function readable(name: string): string {
  return name.replace(/^(utter|action)_/, "").replaceAll("_", " ");
}
