// What a newcomer does first: a hint over the device, which goes away for good once it was done.

import { byId } from "./dom.js";
import { send } from "./link.js";
import { store, stored } from "./theme.js";
import { word } from "./words.js";

const STORED = "milepad-met";
const SCENARIO = "good-day";

let isMet = stored(STORED) === "yes";

function draw() {
  byId("first").hidden = isMet;
  byId("device").classList.toggle("new", !isMet);
}

/** The person has found the way. */
export function met() {
  if (isMet) return;
  isMet = true;
  store(STORED, "yes");
  draw();
}

/** The hint for this device: a till's pad, one with three buttons, or a handheld. */
export function set({ board, till, scenarios, printer }) {
  if (printer.strips.length) met();
  word(byId("first-text"), till ? "first_till" : board.buttons ? "first_buttons" : "first_keys");
  byId("first-play").hidden = Boolean(till) || !scenarios.some((each) => each.name === SCENARIO);
  draw();
}

/** Its two buttons. */
export function listen() {
  byId("first-away").addEventListener("click", met);
  byId("first-play").addEventListener("click", () => {
    if (send({ play: { scenario: SCENARIO, speed: 1 } })) met();
  });
}
