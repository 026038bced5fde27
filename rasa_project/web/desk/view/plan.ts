import { api, type Destination } from "../data/api";
import type { Desk } from "../data/desk";
import { PRIORITIES, type Colleague, type Duty, type Language, type Priority, type Ticket } from "../data/types";
import type { Texts } from "../texts";
import { open } from "./dialogs";
import { button, element } from "./dom";
import { teamName } from "./line";

/** Asks to whom a conversation goes, with a note for them. */
export async function askDestination(texts: Texts, language: Language, desk: Desk, ticket: Ticket): Promise<void> {
  const duty = await desk.whoIsThere();
  if (!duty) return;
  const { passOn } = texts.line;
  const choice = element("select", "", { id: "pass-on-to" }, ...destinations(texts, language, desk, duty, ticket));
  const note = element("textarea", "", { rows: "3", maxlength: "1000", id: "pass-on-note", dir: "auto", "aria-describedby": "pass-on-hint" });
  ask(texts, passOn.title, passOn.submit, choice, () => {
    void desk.change(() => api.passOn(ticket.id, destination(choice.value), note.value.trim()));
  }, [
    element("label", "", { for: "pass-on-to" }, passOn.to),
    choice,
    element("label", "", { for: "pass-on-note" }, passOn.note),
    note,
    element("p", "hint soft", { id: "pass-on-hint" }, passOn.noteHint),
  ]);
}

/** Asks until when a conversation is put off. */
export function askTime(texts: Texts, desk: Desk, ticket: Ticket): void {
  const { snooze } = texts.line;
  const box = element("input", "", { type: "datetime-local", id: "snooze-until", required: "" });
  const choose = (date: Date) => { box.value = local(date); };
  choose(later(1));
  const quick: [string, Date][] = [[snooze.hour, later(1)], [snooze.hours, later(3)], [snooze.tomorrow, tomorrow()]];
  const buttons = quick.map(([label, date]) => button("", label, () => { choose(date); }));
  ask(texts, snooze.title, snooze.submit, box, () => {
    void desk.change(() => api.snooze(ticket.id, new Date(box.value).getTime() / 1000));
  }, [
    element("p", "soft", {}, snooze.explain),
    element("div", "choices", {}, ...buttons),
    element("label", "", { for: "snooze-until" }, snooze.other),
    box,
  ]);
}

/** Asks which other conversation is the same customer's. */
export function askOther(texts: Texts, desk: Desk, ticket: Ticket): void {
  const { merge } = texts.line;
  const box = element("input", "", { type: "number", min: "1", step: "1", id: "merge-with", required: "", inputmode: "numeric" });
  ask(texts, merge.title, merge.submit, box, () => {
    void desk.change(() => api.merge(ticket.id, box.valueAsNumber));
  }, [
    element("p", "soft", {}, merge.explain),
    element("label", "", { for: "merge-with" }, merge.number),
    box,
  ]);
}

/** Chooses the priority; it changes at once. */
export function priorityChoice(texts: Texts, desk: Desk, ticket: Ticket): HTMLElement {
  const words = texts.line.priority;
  const choice = element("select", "", { "aria-label": words.title });
  for (const priority of PRIORITIES) {
    choice.append(element("option", "", { value: priority }, words[priority]));
  }
  choice.value = ticket.priority;
  choice.addEventListener("change", () => {
    void desk.change(() => api.setPriority(ticket.id, choice.value as Priority));
  });
  return choice;
}

function ask(texts: Texts, title: string, submit: string, first: HTMLElement, onConfirm: () => void, content: HTMLElement[]): void {
  const form = element("form", "", { method: "dialog" }, element("h2", "", { id: "dialog-title" }, title), ...content);
  const dialog = open(form);
  const cancel = button("", texts.finish.cancel, () => { dialog.close(); });
  form.append(element("div", "actions", {}, cancel, element("button", "primary", { type: "submit" }, submit)));
  form.addEventListener("submit", onConfirm);
  first.focus();
}

function destinations(texts: Texts, language: Language, desk: Desk, duty: Duty, ticket: Ticket): HTMLElement[] {
  const { passOn } = texts.line;
  const colleagues = duty.colleagues.filter((one) => one.id !== ticket.agent?.id);
  const options: HTMLElement[] = [];
  if (colleagues.length > 0) {
    const people = colleagues.map((one) => element("option", "", { value: `agent:${one.id}` }, person(texts, desk, one)));
    options.push(element("optgroup", "", { label: passOn.colleagues }, ...people));
  }
  const teams = duty.teams.filter((team) => team.id !== ticket.team || ticket.state === "agent");
  if (teams.length > 0) {
    const named = teams.map((team) => element("option", "", { value: `team:${team.id}` }, teamName(duty, team.id, language)));
    options.push(element("optgroup", "", { label: passOn.teams }, ...named));
  }
  if (ticket.state === "agent") options.push(element("option", "", { value: "" }, passOn.queue));
  return options;
}

function person(texts: Texts, desk: Desk, one: Colleague): string {
  const { here, away, load } = texts.line.passOn;
  const name = one.id === desk.me.id ? `${one.display_name} (${texts.message.you})` : one.display_name;
  return `${name} · ${one.present ? here : away} · ${load(one.conversations, one.limit)}`;
}

function destination(value: string): Destination {
  const [kind, id = ""] = value.split(/:(.*)/s);
  if (kind === "agent") return { agent: Number(id) };
  return kind === "team" ? { team: id } : {};
}

function later(hours: number): Date {
  return new Date(Date.now() + hours * 3_600_000);
}

function tomorrow(): Date {
  const date = later(24);
  date.setHours(9, 0, 0, 0);
  return date;
}

/** Writes a time as the browser's own field takes it. */
function local(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
