import type { Agent, Language } from "../data/types";
import { officeTexts } from "../texts/office";
import { button, element } from "../view/dom";
import { office as api } from "./data";
import { logPage } from "./log";
import { peoplePage } from "./people";
import type { Office } from "./parts";
import { tokensPage } from "./tokens";
import { youPage } from "./you";

/** At most so often the desk is told that somebody sits here. */
const ACTIVE_SECONDS = 300;

interface Happenings {
  renamed: (name: string) => void;
  signedOut: () => void;
}

/** Opens the pages about oneself, and for admins about everybody, over the workplace. */
export function openOffice(language: Language, me: Agent, happenings: Happenings): void {
  const texts = officeTexts(language);
  const dialog = element("dialog", "office", { "aria-labelledby": "office-title" });
  const office: Office = { texts, language, me, signedOut: () => { dialog.close(); happenings.signedOut(); } };
  const pages: [string, () => HTMLElement][] = [
    [texts.tabs.you, () => youPage(office, happenings.renamed)],
    [texts.tabs.tokens, () => tokensPage(office)],
  ];
  if (me.role === "admin") {
    pages.splice(1, 0, [texts.tabs.people, () => peoplePage(office)]);
    pages.push([texts.tabs.log, () => logPage(office)]);
  }
  const stage = element("div", "office-stage");
  const tabs = pages.map(([name, make]) => {
    const tab = button("tab", name, () => {
      for (const other of tabs) other.setAttribute("aria-pressed", String(other === tab));
      stage.replaceChildren(make());
    });
    return tab;
  });
  const close = button("quiet", texts.close, () => { dialog.close(); });
  const head = element("header", "", {}, element("h2", "", { id: "office-title" }, texts.title), close);
  dialog.append(head, element("div", "tabs", { role: "group", "aria-label": texts.title }, ...tabs), stage);
  dialog.addEventListener("close", () => { dialog.remove(); });
  document.querySelector("dialog")?.close();
  document.body.append(dialog);
  dialog.showModal();
  tabs[0]?.click();
  tabs[0]?.focus();
}

/** Tells the desk now and then that somebody sits here; what it returns ends that. */
export function showActive(): () => void {
  let told = Date.now();
  const onInput = () => {
    if (Date.now() - told < ACTIVE_SECONDS * 1000) return;
    told = Date.now();
    void api.active().catch(() => undefined); // the next request says what is wrong
  };
  document.addEventListener("keydown", onInput);
  document.addEventListener("pointerdown", onInput);
  return () => {
    document.removeEventListener("keydown", onInput);
    document.removeEventListener("pointerdown", onInput);
  };
}
