// The device's log, line by line; a chip's complaint stands out.

import { byId, fill, h, lazily } from "./dom.js";
import { t } from "./words.js";

let most = 200;
let lines = null;
let waiting = [];

function line(text) {
  return h("div", { class: text.startsWith("complaint:") ? "complaint" : "", textContent: text });
}

const add = lazily(() => {
  const isAtEnd = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 8;
  lines.append(...waiting.map(line));
  waiting = [];
  while (lines.childElementCount > most) lines.firstElementChild.remove();
  if (isAtEnd) lines.scrollTop = lines.scrollHeight;
});

/** A line that is new; it is there with the next picture. */
export function take(text) {
  waiting.push(text);
  while (waiting.length > most) waiting.shift(); // a tab that is out of sight draws nothing
  add();
}

/** All of them, as `ready` has them. */
export function set(all, longest) {
  most = longest;
  waiting = [];
  lines = h(
    "div",
    { class: "log", id: "log-lines", tabIndex: 0, role: "log", "aria-live": "off", "aria-label": t("log_label") },
    all.map(line),
  );
  fill(byId("log"), lines);
  lines.scrollTop = lines.scrollHeight;
}
