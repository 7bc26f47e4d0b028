// The time line of what arrived at the platform: the copies of one request side by side.

import { byId, fill, h, lazily } from "./dom.js";
import { timeOfDay } from "./money.js";
import { setCount } from "./tabs.js";
import { t } from "./words.js";

let rows = new Map();
let most = 100;

/** Of which request a row is a copy. */
const groupOf = (row) => (row.trace_id && row.op ? `${row.op} ${row.trace_id} ${row.key ?? ""}` : `#${row.number}`);

/** The response code, where it is not the HTTP status again, as an earning's is. */
const codeOf = (row) => (row.code === String(row.status) ? "" : row.code);

function answer(row) {
  if (!row.complete) return h("span", { class: "chip bad", textContent: t("cut_short") });
  if (row.status === null || row.status === undefined)
    return h("span", { class: "chip bad", textContent: t("no_answer") });
  const code = codeOf(row);
  const isGood = row.status < 300 && (!code || ["0000", "0001"].includes(code));
  const text = code ? `${row.status} · ${code}` : String(row.status);
  return h("span", { class: `chip ${isGood ? "good" : "warn"}`, textContent: text });
}

function copyHead(row, isAlone) {
  if (isAlone) return null;
  const isFirst = row.identical === null || row.identical === undefined;
  return h(
    "div",
    { class: "row" },
    h("strong", { textContent: isFirst ? t("first_copy") : t("copy_n", { n: row.copy }) }),
    isFirst
      ? null
      : h("span", {
          class: `chip ${row.identical ? "good" : "bad"}`,
          textContent: `${row.identical ? "= " : "≠ "}${t(row.identical ? "identical" : "not_identical")}`,
        }),
  );
}

function pair(name, value) {
  return [h("dt", { textContent: t(name) }), h("dd", { textContent: value })];
}

function inFull(row) {
  const headers = Object.entries(row.headers ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
  return h(
    "details",
    {},
    h("summary", { textContent: t("body") }),
    h("pre", { textContent: `${headers}\n\n${row.body ?? t("secret_body")}`, tabIndex: 0 }),
    row.detail ? h("p", { class: "hint", lang: "en", textContent: row.detail }) : null,
  );
}

function copy(row, isAlone) {
  return h(
    "div",
    { class: "copy" },
    copyHead(row, isAlone),
    h(
      "dl",
      {},
      pair("answered", [row.status ?? t("no_answer"), codeOf(row), row.fault].filter(Boolean).join(" · ")),
      row.key ? pair("key_header", row.key) : null,
      row.sha256 ? pair("sha256", row.sha256) : null,
    ),
    inFull(row),
  );
}

function group(copies) {
  const first = copies[0];
  return h(
    "article",
    { class: "request", "data-group": groupOf(first), "data-copies": copies.length },
    h(
      "header",
      {},
      h("span", { class: "op", textContent: (first.op ?? first.path ?? "?").toUpperCase() }),
      copies.map(answer),
      first.fault ? h("span", { class: "chip warn", textContent: first.fault }) : null,
      h("span", {
        class: "when",
        textContent: [
          timeOfDay(first.arrived),
          t("connection_n", { n: first.connection }),
          t("bytes_n", { n: first.bytes }),
        ].join(" · "),
      }),
    ),
    first.trace_id ? h("p", { class: "hint", textContent: `${t("trace")} ${first.trace_id}` }) : null,
    h(
      "div",
      { class: "copies" },
      copies.map((row) => copy(row, copies.length === 1)),
    ),
  );
}

function groups() {
  const found = new Map();
  for (const row of rows.values()) {
    const name = groupOf(row);
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(row);
  }
  return found;
}

const drawn = new Map(); // group -> [what it was drawn from, its element]

function paint() {
  const pane = byId("requests");
  const now = groups();
  setCount("requests", rows.size);
  const elements = [...now].map(([name, copies]) => {
    const source = JSON.stringify(copies);
    const before = drawn.get(name);
    if (before?.[0] === source) return before[1];
    const element = group(copies);
    if (before?.[1].querySelector("details[open]")) element.querySelector("details").open = true;
    drawn.set(name, [source, element]);
    return element;
  });
  for (const name of [...drawn.keys()]) if (!now.has(name)) drawn.delete(name);
  if (!elements.length) fill(pane, h("p", { class: "empty", textContent: t("no_requests") }));
  else
    fill(
      pane,
      h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": t("requests") }, elements.reverse()),
    );
}

/** Draws the time line before the next picture. */
export const draw = lazily(paint);

/** The language is another one: all of it is drawn again. */
export function redraw() {
  drawn.clear();
  draw();
}

/** Rows that are new or have changed, put in place by their number. */
export function take(list) {
  for (const row of list) rows.set(row.number, row);
  const numbers = [...rows.keys()].sort((a, b) => a - b);
  for (const number of numbers.slice(0, Math.max(0, numbers.length - most))) rows.delete(number);
  draw();
}

/** All of them, as `ready` has them. */
export function set(list, longest) {
  most = longest;
  rows = new Map();
  drawn.clear();
  take(list ?? []);
}
