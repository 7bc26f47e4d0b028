// The collectors' cards: dragged or clicked they are swiped, scanned, or keyed.

import { intoSight } from "./device.js";
import { byId, fill, h, say } from "./dom.js";
import { met } from "./first.js";
import { shown } from "./money.js";
import { send } from "./link.js";
import { language, t } from "./words.js";

const MOVED = 6; // pixels until a press is a drag
const FAST = 2.2; // pixels a millisecond: too fast for the head
const ACTS = ["swipe", "backward", "fast", "half", "scan"];

let collectors = [];
let accounts = new Map();
let chosen = "";

function act(collector, name) {
  if (name === "key") {
    for (const digit of collector.number) send({ key: digit });
    send({ key: "ENTER" });
  } else {
    send(collector.gestures[name]);
  }
  met();
  intoSight();
  say(t(`did_${name}`, { number: collector.number }));
}

function acts(collector) {
  if (!collector) return null;
  const can = ACTS.filter((name) => collector.gestures[name]);
  return [
    h("span", { class: "with mono", textContent: collector.number }),
    [...can, "key"].map((name) =>
      h("button", {
        type: "button",
        class: name === "swipe" ? "strong" : "",
        textContent: t(`act_${name}`),
        "data-gesture": name,
        "aria-label": `${t(`act_${name}`)}: ${collector.number}`,
        onclick: () => act(collector, name),
      }),
    ),
  ];
}

function dropAt(x, y) {
  return (
    document
      .elementsFromPoint(x, y)
      .map((each) => each.closest("[data-drop]"))
      .find(Boolean) ?? null
  );
}

/** Lets a card be dragged onto the slot (a swipe, as fast and whichever way) or the window. */
function draggable(face, collector) {
  face.addEventListener("pointerdown", (start) => {
    if (start.pointerType === "touch" || start.button) return;
    let ghost = null;
    let over = null;
    let before = start;
    let speed = 0;
    const move = (event) => {
      if (!ghost && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < MOVED) return;
      if (!ghost) {
        ghost = face.cloneNode(true);
        ghost.classList.add("card-ghost");
        ghost.removeAttribute("aria-pressed");
        document.body.append(ghost);
      }
      ghost.style.left = `${event.clientX - 85}px`;
      ghost.style.top = `${event.clientY - 46}px`;
      const ms = Math.max(1, event.timeStamp - before.timeStamp);
      speed = (event.clientX - before.clientX) / ms;
      before = event;
      over?.classList.remove("over");
      over = dropAt(event.clientX, event.clientY);
      over?.classList.add("over");
    };
    const end = (event) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      if (!ghost) return;
      ghost.remove();
      over?.classList.remove("over");
      face.addEventListener("click", (click) => click.stopImmediatePropagation(), { capture: true, once: true });
      setTimeout(() => face.dispatchEvent(new Event("dragged")), 0);
      if (event.type === "pointercancel" || !over) return;
      const swiped = Math.abs(speed) > FAST ? "fast" : speed < -0.2 ? "backward" : "swipe";
      act(collector, over.dataset.drop === "scan" ? "scan" : swiped);
      byId("device").focus({ preventScroll: true });
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  });
}

function money(number) {
  const account = accounts.get(number);
  return account ? t("balances", { cash: shown(account.cash), dream: shown(account.dream) }) : "";
}

function choose(number) {
  chosen = number;
  draw();
}

function card(collector) {
  const face = h(
    "button",
    {
      type: "button",
      class: "card-face",
      "data-state": accounts.get(collector.number)?.state ?? "unknown",
      "data-number": collector.number,
      "aria-pressed": String(chosen === collector.number),
      onclick: () => choose(collector.number),
      ondblclick: () => act(collector, "swipe"),
    },
    h("span", { class: "shows", textContent: collector.name[language()] }),
    h("span", { class: "money", textContent: money(collector.number) }),
    h("span", { class: "number", textContent: collector.number }),
  );
  draggable(face, collector);
  return h("li", { class: "card" }, face);
}

/** Replaces what a place holds; the focus stays on the same thing of it. */
function renew(place, name, children) {
  const { activeElement } = document;
  const value = place.contains(activeElement) ? activeElement.dataset[name] : undefined;
  const left = place.scrollLeft;
  fill(place, children);
  place.scrollLeft = left;
  if (value) place.querySelector(`[data-${name}="${value}"]`)?.focus({ preventScroll: true });
}

/** Draws the tray anew. */
export function draw() {
  const collector = collectors.find((each) => each.number === chosen);
  renew(byId("acts"), "gesture", acts(collector));
  renew(byId("cards"), "number", collectors.map(card));
}

/** The cards there are. */
export function set(list) {
  collectors = list;
  if (!list.some((each) => each.number === chosen)) chosen = list[0]?.number ?? "";
  draw();
}

/** The platform's accounts: what each card holds now. */
export function setAccounts(list) {
  accounts = new Map((list ?? []).map((account) => [account.number, account]));
  draw();
}
