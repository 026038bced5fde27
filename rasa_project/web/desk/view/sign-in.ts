import { api, ApiError } from "../data/api";
import type { Agent } from "../data/types";
import { office } from "../office/data";
import { currentLanguage, sentence, type Texts } from "../texts";
import { openIdTexts } from "../texts/office";
import { element, logo } from "./dom";

interface Field {
  label: string;
  type: "text" | "password";
  autocomplete: string;
  hint?: string;
}

/** The form at the door. */
export function signInForm(texts: Texts, ended: boolean, onDone: (agent: Agent) => void): HTMLElement {
  const { signIn } = texts;
  const fields: Field[] = [
    { label: signIn.name, type: "text", autocomplete: "username" },
    { label: signIn.password, type: "password", autocomplete: "current-password", hint: signIn.hint },
  ];
  const form = door(texts, signIn.title, ended ? signIn.ended : signIn.intro, fields, signIn.submit, async (name = "", password = "") => {
    onDone((await api.signIn(name, password)).agent);
  });
  addCompany(form);
  return form;
}

/** Offers the company's accounts where the desk has an identity provider, and says why it refused. */
function addCompany(form: HTMLElement): void {
  const texts = openIdTexts[currentLanguage()];
  const refused = new URLSearchParams(location.search).get("refused");
  const error = form.querySelector(".error");
  if (refused !== null && error) {
    error.textContent = texts.refused[refused] ?? texts.refused.openid_provider ?? "";
    history.replaceState(null, "", location.pathname);
  }
  office.doors().then(({ openid }) => {
    if (openid === null) return;
    const link = element("a", "button", { href: "api/openid/start" }, texts.with(openid));
    form.querySelector("form")?.append(element("div", "company", {}, element("p", "or", {}, texts.or), link));
  }).catch(() => undefined); // the password's way is there all the same
}

/** The form behind a one-time password. */
export function chooseForm(texts: Texts, onDone: (agent: Agent) => void): HTMLElement {
  const { choose } = texts;
  const fields: Field[] = [
    { label: choose.displayName, type: "text", autocomplete: "nickname", hint: choose.displayHint },
    { label: choose.password, type: "password", autocomplete: "new-password", hint: choose.passwordHint },
    { label: choose.repeat, type: "password", autocomplete: "new-password" },
  ];
  return door(texts, choose.title, choose.intro, fields, choose.submit, async (name = "", password = "", repeated = "") => {
    if (password !== repeated) throw new ApiError("differ", choose.differ);
    onDone((await api.choosePassword(password, name)).agent);
  });
}

function door(
  texts: Texts,
  title: string,
  intro: string,
  fields: Field[],
  submit: string,
  onSubmit: (...values: string[]) => Promise<void>,
): HTMLElement {
  const inputs = fields.map(({ type, autocomplete }, index) =>
    element("input", "", {
      type, autocomplete, id: `field-${index}`, required: "", maxlength: "200", autocapitalize: "none",
      "aria-describedby": `hint-${index} door-error`,
    }),
  );
  const rows = fields.map(({ label, hint }, index) =>
    element(
      "div",
      "field",
      {},
      element("label", "", { for: `field-${index}` }, label),
      inputs[index] ?? null,
      hint === undefined ? null : element("p", "hint soft", { id: `hint-${index}` }, hint),
    ),
  );
  const error = element("p", "error", { role: "alert", id: "door-error" });
  const send = element("button", "primary", { type: "submit" }, submit);
  const form = element("form", "door", {}, logo(), element("h1", "", {}, title), element("p", "soft", {}, intro), ...rows, error, send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send.disabled = true;
    send.textContent = texts.signIn.busy;
    error.textContent = "";
    onSubmit(...inputs.map((input) => input.value))
      .catch((reason: unknown) => {
        error.textContent = reason instanceof ApiError ? sentence(texts, reason) : String(reason);
        inputs.at(-1)?.focus();
      })
      .finally(() => {
        send.disabled = false;
        send.textContent = submit;
      });
  });
  requestAnimationFrame(() => { inputs[0]?.focus(); });
  return element("main", "doorway", {}, form);
}
