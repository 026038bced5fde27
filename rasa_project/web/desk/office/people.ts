import { button, element } from "../view/dom";
import { office as api, type Person } from "./data";
import { careful, choice, field, form, load, secret, tell, when, type Office } from "./parts";

export const ROLES = ["agent", "supervisor", "admin"] as const;

/** Who may come to the desk; for admins. */
export function peoplePage(office: Office): HTMLElement {
  const { people, roles } = office.texts;
  const once = element("div");
  const list = element("ul", "rows");
  const said = element("p", "said", { role: "status" });
  const show = (found: { people: Person[] }) => {
    list.replaceChildren(...found.people.map((person) => row(office, person, act)));
  };
  const tellOnce = (found: { name: string; one_time_password: string }) => {
    once.replaceChildren(secret(people.once(found.name), people.onceHint, found.one_time_password));
    once.scrollIntoView({ block: "nearest" });
  };
  const act: Act = (run) => {
    said.classList.remove("error");
    said.textContent = "";
    run().then((found) => {
      show(found);
      said.textContent = office.texts.saved;
      if ("one_time_password" in found) tellOnce(found);
    }).catch((reason: unknown) => {
      tell(office, said, reason);
      void api.people().then(show);
    });
  };
  const name = element("input", "", { required: "", maxlength: "40", autocapitalize: "none", autocomplete: "off", spellcheck: "false" });
  const role = choice(ROLES, roles, "agent");
  const email = element("input", "", { type: "email", maxlength: "254", autocomplete: "off" });
  const fields = [field(people.name, name, people.nameHint), field(people.role, role), field(people.email, email, people.emailHint)];
  const adding = form(office, people.add, people.submit, fields, async () => {
    const found = await api.add(name.value, role.value, email.value);
    name.value = email.value = "";
    show(found);
    tellOnce(found);
    return "";
  });
  load(office, list, api.people, show);
  const everybody = element("section", "card", {}, element("h3", "", {}, people.list), said, list);
  return element("div", "page", {}, adding, once, everybody);
}

type Found = { people: Person[] } | { people: Person[]; name: string; one_time_password: string };
type Act = (run: () => Promise<Found>) => void;

function row(office: Office, person: Person, act: Act): HTMLElement {
  const { people, roles } = office.texts;
  const state = person.disabled ? people.disabled : person.service ? people.service : person.must_change_password ? people.oneTime : "";
  const facts = [
    person.email, state, person.conversations > 0 ? people.open(person.conversations) : null,
    person.service ? null : people.seen(when(office, person.last_seen_at)),
  ].filter(Boolean).join(" · ");
  const shown = person.display_name === person.name ? person.name : `${person.display_name} (${person.name})`;
  const words = element("div", "about-row", {}, element("strong", "", {}, shown), element("span", "soft", {}, facts));
  const role = choice(ROLES, roles, person.role);
  role.setAttribute("aria-label", people.roleOf(person.name));
  role.addEventListener("change", () => { act(() => api.setRole(person.name, role.value)); });
  const reset = person.service || person.disabled ? null : button("", people.reset, () => { act(() => api.resetPassword(person.name)); });
  const door = person.disabled
    ? button("", people.enable, () => { act(() => api.enable(person.name)); })
    : careful(people.disable, people.reallyDisable, () => { act(() => api.disable(person.name)); });
  const node = element("li", "", {}, words, element("div", "acts", {}, role, reset, door));
  node.toggleAttribute("data-disabled", person.disabled);
  return node;
}
