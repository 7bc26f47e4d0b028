// The device's ledger beside the platform's, entry by entry, with what differs in colour.

import { byId, fill, h, lazily } from "./dom.js";
import { cents, dollars, kib, moment, shown } from "./money.js";
import { entry as platformEntry } from "./platform.js";
import { setCount } from "./tabs.js";
import { t } from "./words.js";

const COLOURS = { same: "matched", differs: "differs", only_device: "differs", waiting: "open", none: "" };
const SIGNS = { same: "=", differs: "≠", only_device: "≠", waiting: "?", none: "·" };

let known = {};
let queue = null;
let pin = "";

function ours(entry) {
  const outcome = entry.outcome ?? "open";
  const amount = entry.earning ? entry.basket_cents : entry.cents || entry.redeem_cents;
  const number = entry.confirmation || entry.response_code || "";
  const chosen = entry.decision && t(`decision_${entry.decision}`, {}, entry.decision);
  const different = (entry.differences ?? []).map((name) => t(`field_${name}`, {}, name));
  return h(
    "div",
    { class: COLOURS[entry.match] ?? "", "data-entry": entry.sequence, "data-match": entry.match },
    h(
      "p",
      {},
      h("span", {
        class: "amount",
        textContent: `${t(`op_${entry.op}`, {}, entry.op)} ${dollars(amount)}`,
      }),
      ` · ${shown(entry.miles)} · ${t(`outcome_${entry.earning || outcome}`, {}, entry.earning || outcome)}`,
    ),
    h("p", {
      class: "fine mono",
      textContent: [`#${entry.sequence}`, entry.when, entry.trace_id].filter(Boolean).join(" · "),
    }),
    h("p", { class: "fine", textContent: [entry.collector, number, chosen].filter(Boolean).join(" · ") }),
    h(
      "p",
      {},
      h("span", {
        class: `chip ${{ same: "good", differs: "bad", only_device: "bad", waiting: "warn" }[entry.match] ?? ""}`,
        textContent: `${SIGNS[entry.match] ?? ""} ${t(`match_${entry.match}`, { what: different.join(", ") }, entry.match)}`,
      }),
    ),
  );
}

function theirs(id, match, list) {
  const entry = id === null || id === undefined ? null : platformEntry(id, list);
  const colour = COLOURS[match] ?? "differs";
  if (!entry) return h("div", { class: `${colour} none`, textContent: t("nothing_there") });
  const what = entry.kind ? t(entry.kind, {}, entry.kind) : t(`op_${entry.op}`, {}, entry.op);
  const amount = entry.dollars ?? entry.post_tax;
  return h(
    "div",
    { class: colour },
    h(
      "p",
      {},
      h("span", { class: "amount", textContent: amount ? `${what} ${dollars(cents(amount))}` : what }),
      ` · ${shown(entry.miles)}`,
    ),
    h("p", { class: "fine mono", textContent: [`#${entry.id}`, moment(entry.committed), entry.trace_id].join(" · ") }),
    h("p", { class: "fine", textContent: [entry.collector, entry.confirmation].filter(Boolean).join(" · ") }),
    match === "only_platform"
      ? h("p", {}, h("span", { class: "chip bad", textContent: `≠ ${t("match_only_platform")}` }))
      : null,
  );
}

/** What the platform has of this device and the device has not: [id, list]. */
function strange() {
  return [
    ...(known.only_platform ?? []).map((id) => [id, "ledger"]),
    ...(known.only_platform_issuances ?? []).map((id) => [id, "issuances"]),
  ];
}

function sideBySide() {
  const entries = [...(known.entries ?? [])].reverse();
  const strangers = strange();
  if (!entries.length && !strangers.length) return h("p", { class: "empty", textContent: t("no_entries") });
  return h(
    "div",
    { class: "scroll", tabIndex: 0, role: "region", "aria-label": t("ledgers") },
    h(
      "div",
      { class: "ledgers" },
      h("div", { class: "head", textContent: t("on_device") }),
      h("div", { class: "head", textContent: t("on_platform") }),
      strangers.flatMap(([id, list]) => [
        h("div", { class: "differs none", textContent: t("nothing_there") }),
        theirs(id, "only_platform", list),
      ]),
      entries.flatMap((entry) => [ours(entry), theirs(entry.platform, entry.match, entry.platform_list)]),
    ),
  );
}

function meter(name, used, size) {
  if (!size) return h("p", { class: "hint", textContent: `${t(name)}: ${t("heap_unknown")}` });
  return h(
    "div",
    { class: "meter" },
    h(
      "span",
      {},
      h("span", { textContent: t(name) }),
      h("span", { textContent: t("used_of", { used: kib(used), size: kib(size) }) }),
    ),
    h("meter", { min: 0, max: size, value: used, high: 0.9 * size, "aria-label": t(name) }),
  );
}

function memory() {
  const { heap, flash } = known;
  return [
    h("h3", { textContent: t("storage") }),
    h(
      "div",
      { class: "meters" },
      meter("heap", heap?.used, heap && heap.used + heap.free),
      meter("flash", flash?.used, flash?.size),
    ),
  ];
}

function waiting() {
  const text = queue?.count ? t("queue_n", { n: queue.count, s: shown(queue.oldest_s) }) : t("queue_empty");
  const items = (known.queue ?? []).map((item) =>
    h(
      "li",
      { class: "mono" },
      h("span", {
        class: `chip ${item.earning === "parked" ? "bad" : "warn"}`,
        textContent: t(`outcome_${item.earning}`, {}, item.earning),
      }),
      ` ${t(`op_${item.op}`, {}, item.op)} ${dollars(item.basket_cents)} · ${item.when} · ${item.trace_id}`,
    ),
  );
  return [
    h("h3", { textContent: t("queue") }),
    h("p", { id: "queue", textContent: text }),
    items.length ? h("ul", {}, items) : null,
    pin && items.length ? h("p", { class: "hint", textContent: t("pin_hint", { pin }) }) : null,
  ];
}

function differences() {
  const own = (known.entries ?? []).filter((entry) => entry.match === "differs" || entry.match === "only_device");
  return own.length + strange().length;
}

/** Draws the pane before the next picture. */
export const draw = lazily(() => {
  setCount("ledgers", differences());
  const problem = known.ledger?.problem;
  fill(
    byId("ledgers"),
    problem ? h("p", { class: "chip bad", textContent: t("ledger_problem") }) : null,
    sideBySide(),
    waiting(),
    memory(),
  );
});

/** News of the device: some of its keys. */
export function take(news) {
  known = { ...known, ...news };
  draw();
}

/** The whole of it. */
export function set(all, inQueue, practice) {
  known = all ?? {};
  queue = inQueue;
  pin = practice?.supervisor_pin ?? "";
  draw();
}

/** The queue of earnings is another one. */
export function setQueue(now) {
  queue = now;
  draw();
}
