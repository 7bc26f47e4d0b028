// The collectors' cards: dragged or clicked they are swiped, scanned, or keyed.

import { byId, fill, h, say } from "./dom.js";
import { shown } from "./money.js";
import { send } from "./link.js";
import { language, t } from "./words.js";

const MOVED = 6; // pixels until a press is a drag
const FAST = 2.2; // pixels a millisecond: too fast for the head
const ACTS = ["swipe", "backward", "fast", "half", "scan"];

let collectors = [];
let accounts = new Map();
let open = "";

function act(collector, name) {
  if (name === "key") {
    for (const digit of collector.number) send({ key: digit });
    send({ key: "ENTER" });
  } else {
    send(collector.gestures[name]);
  }
  say(t(`did_${name}`, { number: collector.number }));
}

function buttons(collector) {
  const can = ACTS.filter((name) => collector.gestures[name]);
  return h("div", { class: "acts" }, [...can, "key"].map((name) => h("button", {
    type: "button", class: name === "swipe" ? "strong" : "", textContent: t(`act_${name}`),
    "aria-label": `${t(`act_${name}`)}: ${collector.number}`, "data-gesture": name,
    onclick: (event) => {
      act(collector, name);
      if (event.detail) byId("device").focus({ preventScroll: true }); // a pointer's next is a key
    },
  })));
}

function dropAt(x, y) {
  return document.elementsFromPoint(x, y).map((each) => each.closest("[data-drop]")).find(Boolean) ?? null;
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
        ghost.removeAttribute("aria-expanded");
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

function card(collector) {
  const account = accounts.get(collector.number);
  const isOpen = open === collector.number;
  const face = h("button", {
    type: "button", class: "card-face", "data-state": account?.state ?? "unknown", "data-number": collector.number,
    "aria-expanded": String(isOpen),
    onclick: () => {
      open = isOpen ? "" : collector.number;
      draw();
      byId("cards").querySelector(`[data-number="${collector.number}"]`)?.focus({ preventScroll: true });
    },
  },
  h("span", { class: "shows", textContent: collector.name[language()] }),
  h("span", { class: "money", textContent: money(collector.number) }),
  h("span", { class: "number", textContent: collector.number }));
  draggable(face, collector);
  return h("li", { class: "card" }, face, isOpen ? buttons(collector) : null);
}

/** Draws the tray anew. */
export function draw() {
  const focused = document.activeElement;
  const gesture = focused?.dataset?.gesture;
  const isOurs = gesture && byId("cards").contains(focused);
  fill(byId("cards"), collectors.map(card));
  if (isOurs) byId("cards").querySelector(`[data-gesture="${gesture}"]`)?.focus({ preventScroll: true });
}

/** The cards there are. */
export function set(list) {
  collectors = list;
  draw();
}

/** The platform's accounts: what each card holds now. */
export function setAccounts(list) {
  accounts = new Map((list ?? []).map((account) => [account.number, account]));
  draw();
}
