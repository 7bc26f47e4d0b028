// The paper that leaves the printer, strip by strip at the printer's speed; torn off, a slip.

import { byId, bytesOf, fill, h, lazily, say } from "./dom.js";
import { send } from "./link.js";
import { setCount } from "./tabs.js";
import { t } from "./words.js";

const TORN = "milepad-torn"; // the last strip that was torn off, while this tab is open
const SLOWEST_BACKLOG = 30; // strips; behind a reload the paper is there at once

let limits = { strips: 400, slips: 20 };
let speed = 400;
let waiting = [];
let timer = 0;
let strips = []; // on the roll, oldest first: {number, canvas, barcode}
let texts = []; // of the slips that ended on it
let slips = []; // torn off

const roll = byId("roll");

function picture(strip) {
  const canvas = h("canvas", { width: strip.width, height: Math.max(1, strip.height), "aria-hidden": "true" });
  const ready = createImageBitmap(new Blob([bytesOf(strip.png)], { type: "image/png" })).then((bitmap) => {
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    bitmap.close();
  });
  return { number: strip.number, barcode: strip.barcode, canvas, ready };
}

function show(strip) {
  const piece = picture(strip);
  strips.push(piece);
  roll.append(piece.canvas);
  while (strips.length > limits.strips) strips.shift().canvas.remove();
  follow();
}

/** The newest paper is in sight from the next picture on. */
const follow = lazily(() => {
  setTools();
  roll.scrollTop = roll.scrollHeight;
});

function setTools() {
  byId("paper-tools").hidden = strips.length === 0;
  byId("paper-empty").hidden = strips.length > 0;
  byId("rescan").hidden = !strips.some((strip) => strip.barcode);
}

/** The next piece comes out after `strip`'s time; none when there is no more. */
function goOn(strip) {
  timer = waiting.length ? setTimeout(next, (1000 * strip.height) / speed) : 0;
  roll.setAttribute("aria-busy", String(timer !== 0));
}

function next() {
  const strip = waiting.shift();
  show(strip);
  goOn(strip);
}

/** A piece of paper; it comes out when what is above it is out. */
export function take(strip) {
  waiting.push(strip);
  while (waiting.length > SLOWEST_BACKLOG * 10) show(waiting.shift());
  if (!timer) goOn(strip);
}

/** The job above is whole: its text is what a screen reader gets. */
export function ended(slip) {
  texts.push(slip.lines.join("\n"));
  while (texts.length > limits.slips) texts.shift();
  byId("slip-text").textContent = slip.lines.join("\n");
}

/** All strips of a piece of paper as one picture. */
async function joined(pieces) {
  await Promise.all(pieces.map((piece) => piece.ready));
  const width = Math.max(...pieces.map((piece) => piece.canvas.width));
  const height = pieces.reduce((sum, piece) => sum + piece.canvas.height, 0);
  const canvas = h("canvas", { width, height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  let top = 0;
  for (const piece of pieces) {
    pen.drawImage(piece.canvas, 0, top);
    top += piece.canvas.height;
  }
  return canvas;
}

function keep(canvas) {
  canvas.toBlob((blob) => {
    const url = URL.createObjectURL(blob);
    const link = h("a", { href: url, download: `milepad-slip-${Date.now()}.png` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  });
}

function scan(barcode) {
  send({ scan: barcode });
  say(t("scanned_back", { text: barcode }));
}

const lastBarcode = (pieces) => pieces.findLast((piece) => piece.barcode)?.barcode ?? null;

async function tear() {
  const pieces = strips;
  const text = texts.join("\n\n");
  if (!pieces.length) return;
  strips = [];
  texts = [];
  try {
    sessionStorage.setItem(TORN, String(pieces.at(-1).number));
  } catch {
    // Then a reload shows this paper once more.
  }
  slips.push({ canvas: await joined(pieces), text, barcode: lastBarcode(pieces) });
  for (const piece of pieces) piece.canvas.remove();
  while (slips.length > limits.slips) slips.shift();
  setTools();
  drawSlips();
  say(t("torn_off"));
}

/** The pane with what was torn off. */
export function drawSlips() {
  setCount("slips", slips.length);
  const list = [...slips].reverse().map(({ canvas, text, barcode }, n) => {
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", text || t("slips"));
    return h(
      "li",
      { class: "slip" },
      canvas,
      h(
        "div",
        { class: "row" },
        h("button", {
          type: "button",
          textContent: t("keep"),
          onclick: () => keep(canvas),
          "aria-label": `${t("keep")} ${n + 1}`,
        }),
        barcode &&
          h("button", {
            type: "button",
            textContent: t("rescan"),
            onclick: () => scan(barcode),
            "aria-label": `${t("rescan")}: ${barcode}`,
          }),
      ),
    );
  });
  fill(
    byId("slips"),
    list.length ? h("ul", { class: "slip-list" }, list) : h("p", { class: "empty", textContent: t("no_slips") }),
  );
}

/** The buttons over the paper. */
export function listen() {
  byId("tear").addEventListener("click", tear);
  byId("keep").addEventListener("click", async () => keep(await joined(strips)));
  byId("rescan").addEventListener("click", () => {
    const barcode = lastBarcode(strips);
    if (barcode) scan(barcode);
  });
}

/** What hangs out of the printer already. */
export function ready({ printer, limits: longest, slips: done }) {
  clearTimeout(timer);
  limits = longest;
  speed = printer.dots_per_s;
  waiting = [];
  goOn();
  strips = [];
  fill(roll);
  let torn = -1;
  try {
    torn = Number(sessionStorage.getItem(TORN) ?? -1);
  } catch {
    // As if nothing was torn off.
  }
  const numbers = printer.strips.map((strip) => strip.number);
  if (torn > Math.max(-1, ...numbers)) torn = -1; // another handheld's paper
  for (const strip of printer.strips) if (strip.number > torn) show(strip);
  texts = strips.length ? done.map((slip) => slip.lines.join("\n")) : [];
  byId("slip-text").textContent = texts.at(-1) ?? "";
  setTools();
}
