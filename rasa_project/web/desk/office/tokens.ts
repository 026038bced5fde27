import { element } from "../view/dom";
import { office as api, type Token } from "./data";
import { careful, choice, field, form, load, secret, tell, when, type Office } from "./parts";
import { ROLES } from "./people";

/** What programs sign in with. */
export function tokensPage(office: Office): HTMLElement {
  const { tokens, roles } = office.texts;
  const once = element("div");
  const list = element("ul", "rows");
  const said = element("p", "said", { role: "status" });
  const show = (found: { tokens: Token[] }) => {
    const rows = found.tokens.map((token) => row(office, token, () => {
      api.revoke(token.id).then(show).catch((reason: unknown) => { tell(office, said, reason); });
    }));
    list.replaceChildren(...(rows.length > 0 ? rows : [element("li", "soft", {}, tokens.none)]));
  };
  const name = element("input", "", { required: "", maxlength: "80", autocomplete: "off" });
  const mine = ROLES.slice(0, ROLES.findIndex((role) => role === office.me.role) + 1);
  const role = choice(mine, roles, "agent");
  const days = element("input", "", { type: "number", min: "1", max: "3650", value: "90", required: "" });
  const service = element("input", "", { maxlength: "40", autocapitalize: "none", autocomplete: "off", spellcheck: "false" });
  const fields = [field(tokens.name, name, tokens.nameHint), field(tokens.role, role), field(tokens.days, days)];
  if (office.me.role === "admin") fields.push(field(tokens.service, service, tokens.serviceHint));
  const making = form(office, "", tokens.submit, fields, async () => {
    const found = await api.makeToken(name.value, role.value, Number(days.value), service.value);
    name.value = service.value = "";
    show(found);
    once.replaceChildren(secret(tokens.once, tokens.onceHint, found.token));
    return "";
  });
  load(office, list, api.tokens, show);
  const all = element("section", "card", {}, element("h3", "", {}, tokens.list), said, list);
  return element("div", "page", {}, element("p", "soft", {}, tokens.intro), making, once, all);
}

function row(office: Office, token: Token, onRevoke: () => void): HTMLElement {
  const { tokens, roles } = office.texts;
  const facts = [
    tokens.of(token.owner), roles[token.role] ?? token.role, tokens.until(when(office, token.expires_at)),
    tokens.used(when(office, token.last_used_at)),
  ].join(" · ");
  const words = element("div", "about-row", {}, element("strong", "", {}, token.name), element("span", "soft", {}, facts));
  return element("li", "", {}, words, careful(tokens.revoke, tokens.reallyRevoke, onRevoke));
}
