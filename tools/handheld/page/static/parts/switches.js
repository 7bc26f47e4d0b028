// What stands around the device: power, Wi-Fi, paper, cover, battery, time server, language.

import { byId, fill, h } from "./dom.js";
import { shake } from "./device.js";
import { send } from "./link.js";
import { t } from "./words.js";

let now = null;
let language = "en-CA";

function toggle(name, order) {
  return h("button", {
    type: "button",
    role: "switch",
    "aria-checked": String(now[name]),
    "data-switch": name,
    textContent: t(`switch_${name}`),
    onclick: () => send(order(!now[name])),
  });
}

function slider(name, low, high, unit) {
  const value = h("output", { textContent: `${now[name]} ${unit}` });
  const input = h("input", {
    type: "range",
    min: low,
    max: high,
    value: now[name],
    "data-switch": name,
    "aria-label": t(`switch_${name}`),
    "aria-valuetext": `${now[name]} ${unit}`,
    oninput: () => {
      value.textContent = `${input.value} ${unit}`;
    },
    onchange: () => send({ [name]: Number(input.value) }),
  });
  return h("div", { class: "slider" }, h("span", {}, `${t(`switch_${name}`)} `, value), input);
}

function choice(name, chosen, options, order) {
  const select = h(
    "select",
    { "aria-label": t(name), "data-switch": name, onchange: () => send(order(select.value)) },
    options.map(([value, text]) => h("option", { value, textContent: text, selected: value === chosen })),
  );
  return h("div", { class: "slider" }, h("span", { textContent: t(name) }), select);
}

const ntpOrder = (value) => ({ ntp: value === "present" ? { unix_s: Math.floor(Date.now() / 1000) } : value });

function rough(word, order) {
  return h("button", {
    type: "button",
    class: "danger wide",
    textContent: t(word),
    "data-act": word,
    "aria-disabled": String(!now.power), // disabled outright, the keyboard's place would be lost
    onclick: () => {
      if (!now.power) return;
      shake();
      send(order);
    },
  });
}

/** Draws the switches anew; whichever had the focus keeps it. */
export function draw() {
  if (!now) return;
  const place = byId("switches");
  const focused = document.activeElement?.dataset;
  const wanted = focused?.switch
    ? `[data-switch="${focused.switch}"]`
    : focused?.act
      ? `[data-act="${focused.act}"]`
      : "";
  const had = wanted && place.contains(document.activeElement);
  const ntp = typeof now.ntp === "string" ? now.ntp : "present";
  fill(
    place,
    toggle("power", (on) => (on ? { power: true } : { cut: true })),
    toggle("wifi", (on) => ({ wifi: on })),
    toggle("paper", (on) => ({ paper: on })),
    toggle("cover", (on) => ({ cover: on })),
    slider("battery", 0, 100, "%"),
    slider("rssi", -95, -40, "dBm"),
    choice(
      "time_server",
      ntp,
      ["present", "late", "absent"].map((each) => [each, t(`ntp_${each}`)]),
      ntpOrder,
    ),
    choice(
      "device_language",
      language,
      [
        ["en-CA", "English"],
        ["fr-CA", "Français"],
      ],
      (value) => ({ language: value }),
    ),
    rough("pull_now", { cut: true }),
    rough("pull_at_write", { cut_at_write: 0 }),
  );
  if (had) place.querySelector(wanted)?.focus();
}

/** All of them as they stand now. */
export function set(switches) {
  now = switches;
  draw();
}

/** The cashier's language, as it was provisioned. */
export function setLanguage(name) {
  language = name;
  draw();
}
