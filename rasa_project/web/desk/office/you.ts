import { button, element } from "../view/dom";
import { office as api, type Session } from "./data";
import { field, form, load, tell, when, type Office } from "./parts";

/** One's own name, password and sessions. */
export function youPage(office: Office, onRenamed: (name: string) => void): HTMLElement {
  const { you, save, saved } = office.texts;
  const name = element("input", "", { value: office.me.display_name, maxlength: "40", required: "", autocomplete: "nickname" });
  const naming = form(office, "", save, [field(you.name, name, you.nameHint)], async () => {
    onRenamed((await api.rename(name.value)).agent.display_name);
    return saved;
  });
  const password = office.me.has_password === false ? element("p", "card soft", {}, you.openid) : passwordForm(office);
  return element("div", "page", {}, naming, password, sessionList(office));
}

function passwordForm(office: Office): HTMLElement {
  const { you, save, saved } = office.texts;
  const current = element("input", "", { type: "password", required: "", maxlength: "200", autocomplete: "current-password" });
  const next = element("input", "", { type: "password", required: "", maxlength: "200", autocomplete: "new-password" });
  const fields = [field(you.current, current), field(you.next, next, you.nextHint)];
  const node = form(office, you.password, save, fields, async () => {
    await api.changePassword(current.value, next.value);
    current.value = next.value = "";
    return saved;
  });
  return node;
}

function sessionList(office: Office): HTMLElement {
  const { you } = office.texts;
  const list = element("ul", "rows");
  const said = element("p", "said", { role: "status" });
  const everywhere = button("", you.everywhere, () => {
    api.signOutEverywhere().then(() => { office.signedOut(); }).catch((reason: unknown) => { tell(office, said, reason); });
  });
  const show = (found: { sessions: Session[] }) => {
    list.replaceChildren(...found.sessions.map((session) => {
      const place = [session.browser, session.address].filter(Boolean).join(" · ");
      const words = element("div", "about-row", {},
        element("strong", "", {}, session.current ? you.current_session : you.seen(when(office, session.last_seen_at))),
        element("span", "soft", {}, place));
      const end = session.current ? null : button("", you.end, () => {
        api.endSession(session.id).then(show).catch((reason: unknown) => { tell(office, said, reason); });
      });
      return element("li", "", {}, words, end);
    }));
  };
  load(office, list, api.sessions, show);
  return element("section", "card", {}, element("h3", "", {}, you.sessions),
    element("p", "hint soft", {}, you.sessionsHint), list, element("div", "send", {}, everywhere, said));
}
