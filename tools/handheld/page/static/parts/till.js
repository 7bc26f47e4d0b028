// The shop's till: a cash register here, or where another may connect and how from a terminal.

import { byId, fill, h, say } from "./dom.js";
import * as register from "./register.js";
import { t } from "./words.js";

// What a cash register's clerk types at the prompt of tools.till, in the order of a sale.
const TYPED = ["login", "item 43.35 shoes", "redeem 40.00", "earn", "refund", "status", "totals", "help"];

let till = null;
let practice = null;

const host = () => (till.mode === "https" ? "localhost" : "127.0.0.1"); // as its certificate has it
const place = () => (till.port ? `${host()}:${till.port}` : till.path);

/** The command that starts a till for this very pad. */
function command() {
  const protection = practice ? ["--key", practice.till_key] : [];
  if (till.mode === "https") protection.push("--ca", practice?.till_ca ?? "authority.pem");
  const secret = practice ? `MILEPAD_TILL_PASSPHRASE='${practice.till_passphrase}' ` : "";
  return `${secret}${[".venv/bin/python -m tools.till", `--${till.mode}`, place(), ...protection].join(" ")}`;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(command());
    say(t("copied"));
  } catch {
    say(t("not_copied"));
  }
}

/** Draws the pane anew. */
export function draw() {
  const isOn = till && till.mode && till.mode !== "off";
  if (!isOn) {
    fill(
      byId("till"),
      h("p", { class: "hint", textContent: t("till_off") }),
      h("pre", { class: "command", textContent: "make run TILL=tcp" }),
      h("p", { class: "hint", textContent: t("till_ways") }),
    );
    return;
  }
  const elsewhere = [
    h("p", { textContent: t("till_at", { where: `${till.mode} ${place()}` }) }),
    h("p", { class: "hint", textContent: t("till_how") }),
    h("pre", { class: "command", tabIndex: 0, textContent: command() }),
    h("button", { type: "button", textContent: t("copy_command"), onclick: copy }),
    h("p", { class: "hint", textContent: t("till_typed") }),
    h(
      "ul",
      { class: "row" },
      TYPED.map((each) => h("li", {}, h("code", { class: "chip", textContent: each }))),
    ),
  ];
  const here = register.drawn();
  const another = h("details", {}, h("summary", { textContent: t("till_another") }), elsewhere);
  fill(byId("till"), here, here ? another : elsewhere);
}

/** News of the cash register. */
export function take(news) {
  if (!register.take(news)) draw();
}

/** Where the till's port is, or null. */
export function set(now, forPractice = practice) {
  const isSame =
    byId("till").hasChildNodes() && JSON.stringify(till) === JSON.stringify(now) && practice === forPractice;
  till = now;
  practice = forPractice;
  if (!isSame) draw(); // a boot tells the same again: nobody's typing is disturbed
}
