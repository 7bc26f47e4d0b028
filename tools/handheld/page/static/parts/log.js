// The device's log, line by line; a chip's complaint stands out.

import { byId, fill, h } from "./dom.js";
import { t } from "./words.js";

let most = 200;
let lines = null;

function line(text) {
  return h("div", { class: text.startsWith("complaint:") ? "complaint" : "", textContent: text });
}

/** A line that is new. */
export function take(text) {
  const isAtEnd = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 8;
  lines.append(line(text));
  while (lines.childElementCount > most) lines.firstElementChild.remove();
  if (isAtEnd) lines.scrollTop = lines.scrollHeight;
}

/** All of them, as `ready` has them. */
export function set(all, longest) {
  most = longest;
  lines = h(
    "div",
    { class: "log", id: "log-lines", tabIndex: 0, role: "log", "aria-live": "off", "aria-label": t("log_label") },
    all.map(line),
  );
  fill(byId("log"), lines);
  lines.scrollTop = lines.scrollHeight;
}
