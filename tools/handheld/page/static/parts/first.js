// What a newcomer does first: a hint over the device, which goes away for good once it was done.

import { byId } from "./dom.js";
import { send } from "./link.js";
import { store, stored } from "./theme.js";
import { word } from "./words.js";

const STORED = "milepad-met";

let isMet = stored(STORED) === "yes";
let mayHelp = false;
let scenario = "";

function draw() {
  byId("first").hidden = isMet || !mayHelp;
  byId("device").classList.toggle("new", mayHelp && !isMet);
}

/** The person has found the way. */
export function met() {
  if (isMet) return;
  isMet = true;
  store(STORED, "yes");
  draw();
}

/** The hint for this device: a till's pad, one with three buttons, or a handheld to practise with. */
export function set({ board, practice, scenarios, printer }) {
  if (printer.strips.length) met();
  [scenario] = scenarios.map((each) => each.name);
  const isTill = scenario === "till";
  word(byId("first-text"), isTill ? "first_till" : board.buttons ? "first_buttons" : "first_keys");
  byId("first-play").hidden = !scenario;
  byId("device").dataset.begin = isTill || board.buttons ? "" : "1";
  mayHelp = Boolean(practice); // with a shop's own profile the first try would move miles
  draw();
}

/** Its two buttons. */
export function listen() {
  byId("first-away").addEventListener("click", met);
  byId("first-play").addEventListener("click", () => {
    if (send({ play: { scenario, speed: 1 } })) met();
  });
}
