// Scenarios that play themselves on this device, with a sentence beside each step; saved sessions.

import { intoSight } from "./device.js";
import { byId, fill, h, say } from "./dom.js";
import { address, send } from "./link.js";
import { language, t, why, word } from "./words.js";

const LONGEST = 256 * 1024;

let list = [];
let running = { playing: null };
let isQuick = false;

const words = (both) => (typeof both === "string" ? both : (both?.[language()] ?? both?.en ?? ""));

function play(name) {
  send({ play: { scenario: name, speed: isQuick ? 0 : 1 } });
  intoSight();
}

function step(text, n) {
  const at = running.step ?? 0;
  const isFailed = running.state === "failed" && n === at;
  const kind = isFailed ? "failed" : n < at || running.state === "done" ? "done" : "";
  return h("li", {
    class: kind,
    "aria-current": n === at && running.playing && !isFailed ? "step" : null,
    textContent: words(text),
  });
}

/** How it ended, said once it has. */
function ending() {
  const text = { done: t("ended"), stopped: t("stopped"), failed: running.reason && t("failed", { why: why(running.reason) }) }[
    running.state
  ];
  const kind = { done: "good", failed: "bad" }[running.state] ?? "";
  return text ? h("p", { class: `ending chip ${kind}`, textContent: text }) : null;
}

function steps() {
  return [running.sentences?.length ? h("ol", { class: "steps" }, running.sentences.map(step)) : null, ending()];
}

function button(word, title, order, more = {}) {
  return h("button", {
    type: "button",
    textContent: t(word),
    "aria-label": `${t(word)}: ${title}`,
    onclick: order,
    "data-steer": word,
    ...more,
  });
}

function steering(title) {
  return h(
    "div",
    { class: "row" },
    button(running.paused ? "resume" : "pause", title, () => send({ pause: !running.paused })),
    button("stop", title, () => send({ stop: true }), { class: "strong" }),
  );
}

function scenario({ name, title, about }) {
  const isPlaying = running.playing === name;
  return h(
    "li",
    { class: "scenario", "data-running": String(isPlaying), "data-scenario": name },
    h("div", {}, h("strong", { textContent: words(title) }), h("p", { class: "about", textContent: words(about) })),
    isPlaying ? steering(words(title)) : button("play", words(title), () => play(name), { "data-play": name }),
    isPlaying || running.last === name ? steps() : null,
  );
}

async function playFile(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  if (file.size > LONGEST) say(t("too_long"));
  else send({ play: { lines: await file.text() } });
}

/** What plays that is no scenario of ours: a saved session. */
function playingSession() {
  if (running.playing !== "session" && running.last !== "session") return null;
  return h(
    "div",
    { class: "scenario", "data-running": String(running.playing === "session") },
    h("strong", { textContent: t("session_plays") }),
    running.playing ? steering(t("session_plays")) : h("span"),
    steps(),
  );
}

function session() {
  const file = h("input", {
    type: "file",
    id: "session-file",
    accept: ".jsonl,.txt,application/json",
    class: "unseen",
    tabIndex: -1,
    onchange: playFile,
    "aria-label": t("session_play"),
  });
  return [
    h("h3", { textContent: t("session") }),
    playingSession(),
    h("p", { class: "hint", textContent: t("session_help") }),
    h(
      "div",
      { class: "row" },
      h("a", {
        class: "button",
        href: address("/session.jsonl"),
        download: "milepad-session.jsonl",
        textContent: t("session_save"),
      }),
      h("button", { type: "button", textContent: t("session_play"), onclick: () => file.click() }),
      file,
    ),
  ];
}

/** The steps may be far from the device: the sentence of this one stays in sight. */
function drawCaption() {
  const place = byId("caption");
  const all = running.playing ? (running.sentences ?? []) : [];
  place.hidden = !all.length;
  if (!all.length) return;
  if (!place.childElementCount) {
    const stop = h("button", { type: "button", onclick: () => send({ stop: true }) });
    fill(place, h("p", { role: "status" }), word(stop, "stop"));
  }
  const at = running.step ?? 0;
  const text = `${at + 1}/${all.length} · ${words(all[at])}`;
  if (place.firstElementChild.textContent !== text) place.firstElementChild.textContent = text;
}

/** Draws the pane anew. */
export function draw() {
  drawCaption();
  const { activeElement } = document;
  const focused = byId("scenarios").contains(activeElement)
    ? activeElement.closest("[data-scenario]")?.dataset.scenario
    : "";
  const quick = h(
    "label",
    { class: "pick" },
    h("input", {
      type: "checkbox",
      id: "quick",
      checked: isQuick,
      onchange: (event) => {
        isQuick = event.target.checked;
      },
    }),
    h("span", { textContent: t("quick") }),
  );
  fill(
    byId("scenarios"),
    h("p", { class: "hint", textContent: t("scenarios_help") }),
    quick,
    h("ul", { class: "scenarios" }, list.map(scenario)),
    session(),
  );
  if (focused) byId("scenarios").querySelector(`[data-scenario="${focused}"] button`)?.focus({ preventScroll: true });
}

/** The scenarios there are, and what plays. */
export function set(all, now) {
  list = all ?? [];
  running = now ?? { playing: null };
  draw();
}

/** What plays is another, or at another step. */
export function take(now) {
  running = now;
  draw();
}
