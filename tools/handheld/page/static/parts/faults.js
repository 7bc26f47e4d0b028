// The platform's faults: each with one click, and those that wait to strike.

import { byId, fill, h } from "./dom.js";
import { send } from "./link.js";
import { setCount } from "./tabs.js";
import { language, t } from "./words.js";

const NEEDED = { seconds: 5, code: "0096", bytes: 40 };

let orders = null;
let waiting = [];
let op = "redeem";
let count = 1;
const needed = { ...NEEDED };

function order(fault) {
  const needs = fault.needs ? { [fault.needs]: needed[fault.needs] } : {};
  send({ fault: { op, fault: fault.fault, count, ...needs } });
}

function field(name, input) {
  return h("label", { class: "pick" }, h("span", { textContent: t(name) }), input);
}

function choices() {
  const ops = h(
    "select",
    {
      id: "fault-op",
      onchange: (event) => {
        op = event.target.value;
      },
    },
    orders.ops.map((each) => h("option", { value: each, textContent: each, selected: each === op })),
  );
  const often = h("input", {
    type: "number",
    min: 1,
    max: 99,
    value: count,
    onchange: (event) => {
      count = Math.min(99, Math.max(1, Math.round(Number(event.target.value)) || 1));
    },
  });
  const seconds = h("input", {
    type: "number",
    min: 0,
    max: 600,
    value: needed.seconds,
    onchange: (event) => {
      needed.seconds = Number(event.target.value) || 0;
    },
  });
  const code = h("input", {
    type: "text",
    size: 5,
    maxLength: 40,
    value: needed.code,
    onchange: (event) => {
      needed.code = event.target.value.trim();
    },
  });
  const bytes = h("input", {
    type: "number",
    min: 0,
    max: 65536,
    value: needed.bytes,
    onchange: (event) => {
      needed.bytes = Math.round(Number(event.target.value)) || 0;
    },
  });
  return h(
    "div",
    { class: "row" },
    field("fault_op", ops),
    field("fault_count", often),
    field("fault_seconds", seconds),
    field("fault_code", code),
    field("fault_bytes", bytes),
  );
}

function buttons() {
  return h(
    "div",
    { class: "fault-grid" },
    orders.faults.map((fault) =>
      h(
        "button",
        {
          type: "button",
          "data-fault": fault.fault,
          onclick: () => order(fault),
        },
        h("strong", { textContent: fault.fault }),
        h("small", { textContent: fault.text[language()].replaceAll("`", "") }),
      ),
    ),
  );
}

function orderText(fault) {
  const many = fault.count === null ? t("until_cleared") : t("times_n", { n: fault.count });
  const more = [fault.seconds ? `${fault.seconds} s` : "", fault.code ?? "", fault.bytes ?? ""].filter(
    (each) => each !== "",
  );
  return [`${fault.op}: ${fault.fault}`, many, ...more].join(" · ");
}

/** Draws the pane; `orders` is what the platform can be told to do. */
export function draw() {
  setCount("faults", waiting.length);
  if (!orders) {
    fill(byId("faults"), h("p", { class: "empty", textContent: t("no_platform") }));
    return;
  }
  fill(
    byId("faults"),
    h("p", { class: "hint", textContent: t("faults_help") }),
    choices(),
    buttons(),
    h("div", { id: "fault-list" }),
  );
  drawWaiting();
}

function drawWaiting() {
  const place = byId("fault-list");
  setCount("faults", waiting.length);
  if (!place) return;
  fill(
    place,
    h("h3", { textContent: t("waiting_faults") }),
    waiting.length
      ? [
          h(
            "ul",
            {},
            waiting.map((fault) => h("li", { class: "mono", textContent: orderText(fault) })),
          ),
          h("button", { type: "button", textContent: t("clear_faults"), onclick: () => send({ faults: "clear" }) }),
        ]
      : h("p", { class: "empty", textContent: t("no_faults") }),
  );
}

/** News of the platform. */
export function take(news) {
  if (news?.faults) waiting = news.faults;
  if (news?.orders) {
    orders = news.orders;
    draw();
  } else if (news?.faults) {
    drawWaiting();
  }
}

/** The whole of it. */
export function set(all) {
  orders = all?.orders ?? null;
  waiting = all?.faults ?? [];
  if (orders && !orders.ops.includes(op)) [op] = orders.ops;
  draw();
}
