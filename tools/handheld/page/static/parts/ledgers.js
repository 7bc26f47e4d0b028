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

function ours(entry) {
  const outcome = entry.outcome ?? "open";
  const number = entry.confirmation || entry.response_code || "";
  return h("div", { class: COLOURS[entry.match] ?? "", "data-entry": entry.sequence, "data-match": entry.match },
    h("p", {}, h("span", { class: "amount", textContent: `${t(`op_${entry.op}`, {}, entry.op)} ${dollars(entry.cents)}` }),
      ` · ${shown(entry.miles)} · ${t(`outcome_${outcome}`, {}, outcome)}`),
    h("p", { class: "fine mono", textContent: [`#${entry.sequence}`, entry.when, entry.trace_id].filter(Boolean).join(" · ") }),
    h("p", { class: "fine", textContent: [entry.collector, number, entry.decision].filter(Boolean).join(" · ") }),
    h("p", {}, h("span", {
      class: `chip ${{ same: "good", differs: "bad", only_device: "bad", waiting: "warn" }[entry.match] ?? ""}`,
      textContent: `${SIGNS[entry.match] ?? ""} ${t(`match_${entry.match}`, { what: (entry.differences ?? []).join(", ") }, entry.match)}`,
    })));
}

function theirs(id, match) {
  const entry = id === null || id === undefined ? null : platformEntry(id);
  const colour = COLOURS[match] ?? "differs";
  if (!entry) return h("div", { class: `${colour} none`, textContent: t("nothing_there") });
  return h("div", { class: colour },
    h("p", {}, h("span", { class: "amount", textContent: `${t(entry.kind, {}, entry.kind)} ${dollars(cents(entry.dollars))}` }), ` · ${shown(entry.miles)}`),
    h("p", { class: "fine mono", textContent: [`#${entry.id}`, moment(entry.committed), entry.trace_id].join(" · ") }),
    h("p", { class: "fine", textContent: [entry.collector, entry.confirmation].filter(Boolean).join(" · ") }),
    match === "only_platform" ? h("p", {}, h("span", { class: "chip bad", textContent: `≠ ${t("match_only_platform")}` })) : null);
}

function sideBySide() {
  const entries = [...(known.entries ?? [])].reverse();
  const strangers = known.only_platform ?? [];
  if (!entries.length && !strangers.length) return h("p", { class: "empty", textContent: t("no_entries") });
  return h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": t("ledgers") }, h("div", { class: "ledgers" },
    h("div", { class: "head", textContent: t("on_device") }), h("div", { class: "head", textContent: t("on_platform") }),
    strangers.flatMap((id) => [h("div", { class: "differs none", textContent: t("nothing_there") }), theirs(id, "only_platform")]),
    entries.flatMap((entry) => [ours(entry), theirs(entry.platform, entry.match)])));
}

function meter(name, used, size) {
  if (!size) return h("p", { class: "hint", textContent: `${t(name)}: ${t("heap_unknown")}` });
  return h("div", { class: "meter" },
    h("span", {}, h("span", { textContent: t(name) }), h("span", { textContent: t("used_of", { used: kib(used), size: kib(size) }) })),
    h("meter", { min: 0, max: size, value: used, high: 0.9 * size, "aria-label": t(name) }));
}

function memory() {
  const { heap, flash } = known;
  return [h("h3", { textContent: t("storage") }), h("div", { class: "meters" },
    meter("heap", heap?.used, heap && heap.used + heap.free), meter("flash", flash?.used, flash?.size))];
}

function waiting() {
  const text = queue?.count ? t("queue_n", { n: queue.count, s: shown(queue.oldest_s) }) : t("queue_empty");
  return [h("h3", { textContent: t("queue") }), h("p", { id: "queue", textContent: text })];
}

function differences() {
  const own = (known.entries ?? []).filter((entry) => entry.match === "differs" || entry.match === "only_device");
  return own.length + (known.only_platform ?? []).length;
}

/** Draws the pane before the next picture. */
export const draw = lazily(() => {
  setCount("ledgers", differences());
  const problem = known.ledger?.problem;
  fill(byId("ledgers"),
    problem ? h("p", { class: "chip bad", textContent: t("ledger_problem", { why: problem }) }) : null,
    sideBySide(), waiting(), memory());
});

/** News of the device: some of its keys. */
export function take(news) {
  known = { ...known, ...news };
  draw();
}

/** The whole of it. */
export function set(all, inQueue) {
  known = all ?? {};
  queue = inQueue;
  draw();
}

/** The queue of earnings is another one. */
export function setQueue(now) {
  queue = now;
  draw();
}
