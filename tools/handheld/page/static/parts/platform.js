// The platform's side: what it committed, the accounts, its clock, connections, magic amounts.

import { byId, fill, h, lazily } from "./dom.js";
import { send } from "./link.js";
import { cents, dollars, moment, shown } from "./money.js";
import { language, t } from "./words.js";

let known = null;
let clockAt = 0; // when the clock was told, on this page's own steady one
let isMagicOpen = false;

export function table(names, rows, label) {
  return h(
    "div",
    { class: "wide-table", tabIndex: 0, role: "region", "aria-label": label },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          names.map(([name, kind]) => h("th", { class: kind ?? "", scope: "col", textContent: t(name) })),
        ),
      ),
      h("tbody", {}, rows),
    ),
  );
}

const cell = (text, kind = "") => h("td", { class: kind, textContent: text });

function flags(entry) {
  const words = [
    ["reversed", "is_reversed", "warn"],
    ["cancelled", "is_cancelled", "bad"],
  ]
    .filter(([flag]) => entry[flag])
    .map(([, word, kind]) => h("span", { class: `chip ${kind}`, textContent: t(word) }));
  if (entry.delivered === false) words.push(h("span", { class: "chip bad", textContent: t("not_delivered") }));
  return h("td", {}, words);
}

function committed() {
  const rows = [...(known.ledger ?? [])]
    .reverse()
    .map((entry) =>
      h(
        "tr",
        { "data-id": entry.id },
        cell(t(entry.kind, {}, entry.kind)),
        cell(entry.collector, "mono"),
        cell(shown(entry.miles), "num"),
        cell(dollars(cents(entry.dollars)), "num"),
        cell(entry.confirmation ?? "", "mono"),
        cell(moment(entry.committed)),
        flags(entry),
      ),
    );
  const hidden = (known.totals?.ledger ?? 0) - rows.length;
  return [
    h("h3", { textContent: t("platform_ledger") }),
    rows.length
      ? table(
          [["kind"], ["collector"], ["miles", "num"], ["amount", "num"], ["number"], ["when"], ["state"]],
          rows,
          t("platform_ledger"),
        )
      : h("p", { class: "empty", textContent: t("no_commits") }),
    hidden > 0 ? h("p", { class: "hint", textContent: t("more_n", { n: hidden }) }) : null,
  ];
}

function issued() {
  if (!known.issuances?.length) return null;
  const rows = [...known.issuances]
    .reverse()
    .map((entry) =>
      h(
        "tr",
        {},
        cell(t(`op_${entry.op}`, {}, entry.op)),
        cell(entry.collector ?? "", "mono"),
        cell(shown(entry.miles), "num"),
        cell(entry.post_tax ? dollars(cents(entry.post_tax)) : "", "num"),
        cell(entry.trace_id ?? "", "mono"),
        cell(moment(entry.committed)),
        h("td", {}, entry.pending ? h("span", { class: "chip warn", textContent: t("is_pending") }) : null),
      ),
    );
  const hidden = (known.totals?.issuances ?? 0) - rows.length;
  return [
    h("h3", { textContent: t("issuances") }),
    table(
      [["kind"], ["collector"], ["miles", "num"], ["amount", "num"], ["number"], ["when"], ["state"]],
      rows,
      t("issuances"),
    ),
    hidden > 0 ? h("p", { class: "hint", textContent: t("more_n", { n: hidden }) }) : null,
  ];
}

function accounts() {
  const rows = (known.collectors ?? []).map((account) =>
    h(
      "tr",
      {},
      cell(account.number, "mono"),
      cell(shown(account.cash), "num"),
      cell(shown(account.dream), "num"),
      cell(t(`state_${account.state}`, {}, account.state)),
    ),
  );
  return [
    h("h3", { textContent: t("accounts") }),
    table([["collector"], ["cash", "num"], ["dream", "num"], ["state"]], rows, t("accounts")),
  ];
}

function clockText() {
  if (!known?.clock) return "";
  const unix = known.clock.unix_s + (performance.now() - clockAt) / 1000;
  return new Date(unix * 1000).toISOString().replace("T", " ").replace(/\.\d+/, "");
}

function clock() {
  const later = (seconds, word) =>
    h("button", { type: "button", textContent: t(word), onclick: () => send({ clock: { advance_s: seconds } }) });
  return [
    h("h3", { textContent: t("platform_clock") }),
    h(
      "div",
      { class: "row" },
      h("span", { id: "platform-now", class: "mono", textContent: clockText() }),
      later(3600, "hour_later"),
      later(86400, "day_later"),
    ),
  ];
}

function connections() {
  const names = ["accepted", "handshakes", "open", "used"].filter((name) => known.connections?.[name] !== undefined);
  return names.length
    ? [
        h("h3", { textContent: t("connections") }),
        h(
          "p",
          { class: "row" },
          names.map((name) =>
            h("span", { class: "chip", textContent: `${t(name)} ${shown(known.connections[name])}` }),
          ),
        ),
      ]
    : null;
}

function magic() {
  if (!known.magic?.length) return null;
  const rows = known.magic.map((each) =>
    h("tr", {}, cell(each.op), cell(each.basket, "num mono"), cell(each.code, "mono"), cell((language() === "fr" && each.message_fr) || each.message)),
  );
  return h(
    "details",
    {
      open: isMagicOpen,
      ontoggle: (event) => {
        isMagicOpen = event.target.open;
      },
    },
    h("summary", { textContent: t("magic") }),
    h("p", { class: "hint", textContent: t("magic_help") }),
    table([["operation"], ["basket", "num"], ["code"], ["message"]], rows, t("magic")),
  );
}

function end() {
  return h(
    "div",
    { class: "row" },
    h("button", {
      type: "button",
      class: "danger",
      textContent: t("reset"),
      onclick: () => send({ platform: "reset" }),
    }),
    h("a", { href: `${known.url}/docs`, target: "_blank", rel: "noreferrer noopener", textContent: t("api") }),
  );
}

/** Draws the pane before the next picture. */
export const draw = lazily(() => {
  if (!known) fill(byId("platform"), h("p", { class: "empty", textContent: t("no_platform") }));
  else fill(byId("platform"), committed(), issued(), accounts(), clock(), connections(), magic(), end());
});

/** News of the platform: some of its keys; null where there is none. */
export function take(news) {
  known = news && { ...(known ?? {}), ...news };
  if (news?.clock) clockAt = performance.now();
  draw();
}

/** The whole of it. */
export function set(all) {
  known = null;
  take(all);
}

/** What is known of an entry of one of the platform's lists: `ledger`, `issuances`. */
export const entry = (id, list) => known?.[list ?? "ledger"]?.find((each) => each.id === id);

setInterval(() => {
  const place = byId("platform-now");
  if (place && !place.closest("[hidden]")) place.textContent = clockText();
}, 1000);
