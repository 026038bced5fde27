import { button, element } from "../view/dom";
import { office as api, type Entry } from "./data";
import { choice, field, tell, when, type Office } from "./parts";

/** Who saw and did what; for admins. */
export function logPage(office: Office): HTMLElement {
  const { log, actions } = office.texts;
  const actor = element("input", "", { maxlength: "80", autocomplete: "off" });
  const action = choice([""], { "": log.all }, "");
  const ticket = element("input", "", { type: "number", min: "1" });
  const [first, latest] = [element("input", "", { type: "date" }), element("input", "", { type: "date" })];
  const csv = element("a", "button", { download: "audit.csv" }, log.csv);
  const said = element("p", "said", { role: "status" });
  const rows = element("tbody");
  const head = element("tr", "", {}, ...[log.when, log.who, log.what, log.how, log.details].map((name) => element("th", "", { scope: "col" }, name)));
  const table = element("table", "", {}, element("caption", "unseen", {}, log.caption), element("thead", "", {}, head), rows);
  const more = button("", log.more, () => { ask(last); });
  let last: number | null = null;

  const query = () => {
    const wanted = new URLSearchParams();
    if (actor.value.trim()) wanted.set("actor", actor.value.trim());
    if (action.value) wanted.set("action", action.value);
    if (ticket.value) wanted.set("ticket", ticket.value);
    if (first.value) wanted.set("since", String(beginning(first.value, 0)));
    if (latest.value) wanted.set("until", String(beginning(latest.value, 1)));
    return wanted;
  };
  const ask = (before: number | null) => {
    const wanted = query();
    csv.href = `api/audit.csv?${wanted.toString()}`;
    if (before !== null) wanted.set("before", String(before));
    said.textContent = office.texts.loading;
    api.log(wanted).then((found) => {
      if (before === null) rows.replaceChildren();
      rows.append(...found.entries.map((entry) => row(office, entry)));
      last = found.entries.at(-1)?.id ?? last;
      more.hidden = !found.more;
      said.textContent = rows.childElementCount === 0 ? log.none : "";
      const chosen = action.value;
      const known = choice(["", ...found.actions], { "": log.all, ...actions }, chosen);
      action.replaceChildren(...known.childNodes);
      action.value = chosen;
    }).catch((reason: unknown) => { tell(office, said, reason); });
  };

  const show = element("button", "primary", { type: "submit" }, log.show);
  const filter = element("form", "card filter", {}, field(log.actor, actor), field(log.action, action), field(log.ticket, ticket),
    field(log.first, first), field(log.last, latest),
    element("div", "send", {}, show, csv));
  filter.addEventListener("submit", (event) => { event.preventDefault(); ask(null); });
  more.hidden = true;
  ask(null);
  return element("div", "page", {}, filter, said, element("div", "table", { tabindex: "0", role: "region", "aria-label": log.caption }, table), more);
}

/** When a day, or one some days later, begins where the reader is, in seconds since 1970. */
function beginning(day: string, later: number): number {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).getTime() / 1000;
}

function row(office: Office, entry: Entry): HTMLElement {
  const { log, actions } = office.texts;
  const details = Object.entries(entry.details).map(([name, value]) => `${name.replaceAll("_", " ")}: ${String(value)}`);
  if (entry.ticket !== null) details.unshift(log.conversation(entry.ticket));
  const how = [entry.via, entry.address].filter(Boolean).join(" · ");
  const what = actions[entry.action] ?? entry.action.replaceAll("_", " ");
  const cells = [when(office, entry.at), entry.actor, what, how, details.join(", ")];
  return element("tr", "", {}, ...cells.map((cell) => element("td", "", {}, cell)));
}
