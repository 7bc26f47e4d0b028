// The device in the hand: its keys (by pointer and by keyboard), its rows for a screen reader.

import { byId, fill, h } from "./dom.js";
import { send } from "./link.js";
import { t } from "./words.js";

const SIGNS = { UP: "▲", DOWN: "▼" };
const TYPED = {
  Enter: "ENTER",
  Escape: "CANCEL",
  Backspace: "CLEAR",
  Delete: "CLEAR",
  ArrowUp: "UP",
  ArrowDown: "DOWN",
  z: "00",
  Z: "00",
  ",": ".",
};
const PRESS_MS = 120;
const LONG_MS = 600;
const HELD = { CLEAR: "UP", CANCEL: "DOWN" }; // on a board with three buttons
const WORKS_ITSELF = "input:not([type=checkbox], [type=range]), select, textarea";
const HAS_FOCUS = "input, button, a, summary, [tabindex='0']:not(#device)";

const device = byId("device");
const keys = new Map();
let hasButtons = false;
let downAt = 0;

function pressed(name, isLong = false) {
  const key = keys.get(name);
  if (!key) return false;
  key.classList.add("down");
  setTimeout(() => key.classList.remove("down"), PRESS_MS);
  send(hasButtons && isLong ? { hold: name } : { key: name });
  return true;
}

function keyFor(name, isAlone) {
  const sign = SIGNS[name];
  const key = h("button", {
    type: "button",
    class: `key${sign || /^[0-9.]/.test(name) ? "" : " word"}${isAlone ? " wide" : ""}`,
    "data-key": name,
    "aria-label": t(`key_${name}`, {}, name),
    tabIndex: -1, // the device is one stop: its keys are typed
    textContent: sign ? `${sign} ${name}` : name,
    // The times are the hand's, not those of a page that was busy.
    onpointerdown: (event) => {
      downAt = event.timeStamp;
    },
    onclick: (event) => pressed(name, event.detail > 0 && event.timeStamp - downAt >= LONG_MS),
  });
  if (sign) key.classList.add("word");
  return key;
}

/** Lays out the keypad as the board has it, row by row; `buttons`: three of them choose a key. */
export function setKeys({ keys: rows, buttons }) {
  hasButtons = Boolean(buttons);
  const help = byId("keys-help");
  help.dataset.word = hasButtons ? "buttons_help" : "keys_help";
  help.textContent = t(help.dataset.word);
  keys.clear();
  fill(
    byId("keypad"),
    rows.map((row) =>
      row.map((name) => {
        const key = keyFor(name, row.length === 1);
        keys.set(name, key);
        return key;
      }),
    ),
  );
}

/** The four rows as text, for a screen reader and for whoever cannot see the dots. */
export function setRows(rows) {
  const text = (rows ?? []).map((row) => row.trimEnd()).join("\n");
  const place = byId("rows");
  if (place.textContent === text) return;
  place.textContent = text;
  byId("display").setAttribute("aria-label", text.trim() ? text : t("display_label"));
}

function typed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const asked = TYPED[event.key] ?? event.key;
  const name = hasButtons ? (HELD[asked] ?? asked) : asked;
  const target = event.target instanceof Element ? event.target : document.body;
  if (!keys.has(name) || target.closest(WORKS_ITSELF)) return;
  // What has the focus outside the device keeps Enter, Escape and arrows; digits are nobody's else.
  if (target.closest(HAS_FOCUS) && !device.contains(target) && !/^[0-9.]/.test(name)) return;
  event.preventDefault();
  if (event.repeat && (hasButtons || !SIGNS[name])) return;
  pressed(name, name !== asked || event.shiftKey);
}

/** Listens to the keyboard; a click gives the focus to the device, not to one key of it. */
export function listen() {
  document.addEventListener("keydown", typed);
  device.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    device.focus({ preventScroll: true });
  });
  // Who clicked a button with a pointer types for the device next, not for that button again.
  document.addEventListener("click", (event) => {
    if (event.detail && event.target.closest("button")) device.focus({ preventScroll: true });
  });
}

/** Scrolls to the device where its glass is not on the screen: what a card does is seen there. */
export function intoSight() {
  const { top, bottom } = byId("display").getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) byId("paper").scrollIntoView({ block: "start" });
}

/** What a person sees when a hand does something rough to the device. */
export function shake() {
  device.classList.remove("shake");
  void device.offsetWidth; // so that it starts again
  device.classList.add("shake");
}

/** The little lamps over the glass. */
export function setLamps({ power, wifi, battery, rssi }) {
  byId("lamp-power").dataset.on = String(power);
  const bars = power && wifi ? [-90, -80, -67, -55].filter((least) => rssi >= least).length : 0;
  [...byId("lamp-wifi").children].forEach((bar, n) => bar.classList.toggle("on", n < bars));
  byId("lamp-battery").firstElementChild.style.width = `${battery}%`;
  byId("lamp-battery").dataset.low = String(battery <= 15);
}
