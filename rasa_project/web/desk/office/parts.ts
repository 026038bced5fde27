import { ApiError } from "../data/api";
import type { Agent, Language } from "../data/types";
import { sentence, textsOf } from "../texts";
import { refusal, type OfficeTexts } from "../texts/office";
import { button, element } from "../view/dom";

/** What every page of the office is given. */
export interface Office {
  texts: OfficeTexts;
  language: Language;
  me: Agent;
  signedOut: () => void;
}

let made = 0;

/** A field with its label, and a hint below it. */
export function field(label: string, input: HTMLInputElement | HTMLSelectElement, hint = ""): HTMLElement {
  made += 1;
  input.id = `office-${made}`;
  const words = hint ? element("p", "hint soft", { id: `office-hint-${made}` }, hint) : null;
  if (words) input.setAttribute("aria-describedby", words.id);
  return element("div", "field", {}, element("label", "", { for: input.id }, label), input, words);
}

export function choice(names: readonly string[], words: Record<string, string>, current: string): HTMLSelectElement {
  const options = names.map((name) => {
    const option = element("option", "", { value: name }, words[name] ?? name);
    option.selected = name === current;
    return option;
  });
  return element("select", "", {}, ...options);
}

/** A form that says below what went wrong, or that it is done. */
export function form(office: Office, title: string, submit: string, fields: HTMLElement[], run: () => Promise<string>): HTMLFormElement {
  const said = element("p", "said", { role: "status" });
  const send = element("button", "primary", { type: "submit" }, submit);
  const heading = title ? element("h3", "", {}, title) : null;
  const node = element("form", "card", {}, heading, ...fields, element("div", "send", {}, send, said));
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    send.disabled = true;
    said.classList.remove("error");
    said.textContent = "";
    run()
      .then((words) => { said.textContent = words; })
      .catch((reason: unknown) => { tell(office, said, reason); })
      .finally(() => { send.disabled = false; });
  });
  return node;
}

/** Says what went wrong, or leaves where the session has ended. */
export function tell(office: Office, said: HTMLElement, reason: unknown): void {
  if (!(reason instanceof ApiError)) throw reason;
  if (reason.code === "signed_out") office.signedOut();
  said.classList.add("error");
  said.textContent = refusal(office.texts, reason, (error) => sentence(textsOf(office.language), error));
}

/** A button that asks once more before it acts. */
export function careful(label: string, really: string, run: () => void): HTMLButtonElement {
  const node = button("", label, () => {
    if (node.textContent === really) { run(); return; }
    node.textContent = really;
    node.classList.add("danger");
  });
  node.addEventListener("blur", () => {
    node.textContent = label;
    node.classList.remove("danger");
  });
  return node;
}

/** A secret that is shown this once, to be copied. */
export function secret(title: string, hint: string, value: string): HTMLElement {
  const output = element("output", "secret", { tabindex: "0" }, value);
  return element("div", "card once", { role: "status" }, element("h3", "", {}, title), output, element("p", "hint soft", {}, hint));
}

export function when(office: Office, seconds: number | null): string {
  if (seconds === null) return office.texts.never;
  const locale = office.language === "zh" ? "zh-CN" : "en-GB";
  return new Date(seconds * 1000).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

/** Loads what a page shows; a failure is said, with a button to try again. */
export function load<T>(office: Office, place: HTMLElement, ask: () => Promise<T>, show: (found: T) => void): void {
  const asEntry = (...nodes: HTMLElement[]) => (place instanceof HTMLUListElement ? [element("li", "", {}, ...nodes)] : nodes);
  place.replaceChildren(...asEntry(element("p", "soft", { role: "status" }, office.texts.loading)));
  ask().then(show).catch((reason: unknown) => {
    const said = element("p", "", { role: "alert" });
    tell(office, said, reason);
    place.replaceChildren(...asEntry(said, button("", office.texts.again, () => { load(office, place, ask, show); })));
  });
}
