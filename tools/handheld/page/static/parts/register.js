// The cash register beside the pad: a basket, what the till asks, what the pad answered.

import { fill, h } from "./dom.js";
import { send } from "./link.js";
import { dollars, shown } from "./money.js";
import { language, t } from "./words.js";

const ASKS = ["redeem", "earn", "refund", "balance", "status", "totals", "login"];
const SUMS = ["pre_tax_cents", "tax_cents", "total_cents"];
// Of the pad's notes, those that a person looks for; the messages have all of them.
const NOTES = ["outcome", "responseCode", "traceId"];

let now = null;
let amount = "40.00";
let messages = [];
let most = 40;
let parts = null;

const ask = (what, value = "") => send({ register: { [what]: value } });
const row = (name, value, className = "") =>
  h(
    "tr",
    { class: className },
    h("th", { scope: "row", textContent: name }),
    h("td", { class: "num", textContent: value }),
  );

function goods() {
  return h(
    "div",
    { class: "row", role: "group", "aria-label": t("reg_goods") },
    now.goods.map((good) =>
      h("button", {
        type: "button",
        "data-good": good.code,
        textContent: `${good.name[language()]} ${dollars(good.cents)}`,
        onclick: () => ask("item", good.code),
      }),
    ),
  );
}

function basket() {
  const byCode = new Map(now.goods.map((good) => [good.code, good]));
  const lines = now.items
    .map((code) => byCode.get(code))
    .map((good) => row(good.name[language()], dollars(good.pre_tax_cents)));
  const given = now.discount_cents
    ? [row(t("reg_discount"), dollars(-now.discount_cents)), row(t("reg_left_cents"), dollars(now.left_cents), "sum")]
    : [];
  return [
    h(
      "table",
      { class: "basket" },
      h("caption", { class: "unseen", textContent: t("reg_basket") }),
      h(
        "tbody",
        {},
        lines,
        SUMS.map((name) => row(t(`reg_${name}`), dollars(now[name]), name === "total_cents" ? "sum" : "")),
        given,
      ),
    ),
    now.items.length ? null : h("p", { class: "hint", textContent: t("reg_empty") }),
  ];
}

function buttons() {
  const field = h("input", {
    type: "text",
    id: "reg-amount",
    inputMode: "decimal",
    maxLength: 12,
    value: amount,
    oninput: (event) => {
      amount = event.target.value;
    },
  });
  parts.asks = ASKS.map((what) =>
    h("button", {
      type: "button",
      "data-ask": what,
      class: what === "redeem" ? "strong" : "",
      textContent: t(`reg_${what}`),
      onclick: () => ask(what, what === "redeem" ? amount.trim().replace(",", ".") : ""),
    }),
  );
  parts.abort = h("button", {
    type: "button",
    class: "danger",
    "data-ask": "abort",
    textContent: t("reg_abort"),
    onclick: () => ask("abort"),
  });
  parts.lose = h("input", {
    type: "checkbox",
    id: "reg-lose",
    onchange: (event) => ask("lose", event.target.checked ? "yes" : "no"),
  });
  return [
    h("label", { class: "pick" }, h("span", { textContent: t("reg_amount") }), field),
    h(
      "div",
      { class: "row", role: "group", "aria-label": t("reg_asks") },
      parts.asks,
      parts.abort,
      h("button", { type: "button", "data-ask": "sale", textContent: t("reg_sale"), onclick: () => ask("sale") }),
    ),
    h("label", { class: "pick" }, parts.lose, h("span", { textContent: t("reg_lose") })),
  ];
}

/** What a cashier has to know of an answer, in a sentence. */
function sentence(answer) {
  const what = t(`reg_${answer.asked}`);
  if (answer.result === "Success") return t(answer.repeated ? "reg_did_again" : "reg_did", { what });
  if (answer.result !== "Failure") return t(`reg_result_${answer.result}`, { what });
  const why = t(`reg_cond_${answer.condition}`, {}, answer.condition);
  return t(answer.repeated ? "reg_failed_again" : "reg_failed", { what, why });
}

function facts(answer) {
  const found = [
    ["reg_condition", answer.condition],
    ["reg_number", answer.number],
    ["reg_dollars", Number.isInteger(answer.cents) ? dollars(answer.cents) : ""],
    ["miles", Number.isInteger(answer.miles) ? shown(answer.miles) : ""],
  ].map(([name, value]) => [t(name), value]);
  for (const name of NOTES) found.push([name, answer.notes?.[name]]);
  for (const each of answer.totals ?? [])
    found.push([t(`reg_kind_${each.kind}`, {}, each.kind), `${shown(each.count)} · ${dollars(each.cents)}`]);
  return found.filter(([, value]) => value);
}

function told() {
  if (now.doing)
    return h("p", { "data-result": "doing", textContent: t("reg_doing", { what: t(`reg_${now.doing}`) }) });
  const { answer } = now;
  if (!answer) return h("p", { class: "hint", textContent: t("reg_nothing") });
  const kind = answer.result === "Success" ? "good" : ["lost", "given_up"].includes(answer.result) ? "warn" : "bad";
  return h(
    "div",
    { "data-result": answer.result, "data-asked": answer.asked },
    h("p", {}, h("span", { class: `chip told ${kind}`, textContent: sentence(answer) })),
    h(
      "table",
      {},
      h(
        "tbody",
        {},
        facts(answer).map(([name, value]) => row(name, value)),
      ),
    ),
  );
}

function passed(message) {
  const title = [
    message.direction === "sent" ? "→" : "←",
    t(`reg_${message.direction}`),
    message.category,
    message.service_id,
  ]
    .filter(Boolean)
    .join(" ");
  return h(
    "details",
    { "data-direction": message.direction },
    h("summary", { textContent: title }),
    h("pre", { tabIndex: 0, textContent: message.text }),
  );
}

function update() {
  fill(parts.basket, basket());
  fill(parts.told, told());
  // Never disabled outright: the keyboard's place would be lost, and the server says why not.
  for (const button of parts.asks) button.setAttribute("aria-disabled", String(Boolean(now.doing)));
  parts.abort.setAttribute("aria-disabled", String(!now.doing && !now.open));
  parts.lose.checked = now.lose;
  parts.open.textContent = now.open ? t("reg_open", { n: now.open }) : "";
}

/** The register, made anew; null before the till's port is known. */
export function drawn() {
  if (!now) return null;
  parts = {
    basket: h("div", {}),
    told: h("div", { id: "reg-told", role: "status", "aria-live": "polite" }),
    open: h("p", { class: "hint" }),
    list: h(
      "div",
      { id: "reg-messages", class: "scroll", role: "group", "aria-label": t("reg_messages") },
      messages.map(passed),
    ),
  };
  const made = h(
    "div",
    { class: "register" },
    goods(),
    parts.basket,
    buttons(),
    parts.told,
    parts.open,
    h("h3", { textContent: t("reg_messages") }),
    h("p", { class: "hint", textContent: t("reg_clear") }),
    parts.list,
  );
  update();
  return made;
}

/** The register's newest state; false where it was not drawn yet. */
export function take(newest) {
  const isDrawn = now !== null && parts !== null;
  now = newest;
  if (isDrawn) update();
  return isDrawn;
}

/** A message between till and pad; the newest stands first. */
export function pass(message) {
  messages = [message, ...messages].slice(0, most);
  if (!parts) return;
  parts.list.prepend(passed(message));
  while (parts.list.childElementCount > most) parts.list.lastElementChild.remove();
}

/** The whole of it. */
export function set(newest, all, longest) {
  now = newest;
  parts = null;
  most = longest ?? most;
  messages = [...(all ?? [])].reverse();
}
