// The place of the shop's till: where it may connect, and what it asked.

import { byId, fill, h } from "./dom.js";
import { t } from "./words.js";

let till = null;

const where = () => [till.mode, till.port ? `127.0.0.1:${till.port}` : till.path].filter(Boolean).join(" ");

/** Draws the pane anew. */
export function draw() {
  const isOn = till && till.mode && till.mode !== "off";
  fill(byId("till"), h("p", { class: "hint", textContent: isOn ? t("till_at", { where: where() }) : t("till_off") }));
}

/** Where the till's port is, or null. */
export function set(now) {
  till = now;
  draw();
}
