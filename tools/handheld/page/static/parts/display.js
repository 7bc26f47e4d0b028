// The display's own dots on a canvas: a character LCD's, an OLED's, a TFT's.

import { byId, bytesOf } from "./dom.js";

const CELL = { columns: 20, rows: 4, wide: 5, high: 8 };
const DOT = 6; // of the canvas, five lit and one between
const LEAST_DOT = 3; // of the screen: smaller ones leave no gap, and are drawn large and scaled
const LEAST_EDGE = 2.5; // dots of glass around the cells
const WASTE = 0.1; // of the glass that whole dots may leave free
const LCD = { glass: "#1746ad", unlit: "#1c4cb5", lit: "#eef4ff" };
const LCD_DIM = { glass: "#10203f", unlit: "#132546", lit: "#5d7196" };
const LCD_OFF = { glass: "#1a2233", unlit: "#1c2436", lit: "#1c2436" };
const OLED = { glass: "#05070a", lit: "#cfe5ff" };
const OLED_SIZE = { width: 128, height: 64 };
const TFT_SIZE = { width: 320, height: 240, scale: 2 };

const canvas = byId("display");
const pen = canvas.getContext("2d");
let kind = "";
let isOn = false;
let dot = DOT;
let edge = { x: 4 * DOT, y: 4 * DOT };
let shown = null; // the LCD's dots on the canvas, or null when all is to be drawn
let last = null;
let drawing = Promise.resolve();

function resize(width, height) {
  canvas.width = width;
  canvas.height = height;
  pen.imageSmoothingEnabled = false;
}

/** Whole dots of the screen where they fit the glass; else large ones that are scaled. */
function fitLcd() {
  const wide = CELL.columns * (CELL.wide + 1) - 1;
  const high = CELL.rows * (CELL.high + 1) - 1;
  const room = Math.floor(canvas.clientWidth * devicePixelRatio);
  const whole = Math.floor(room / (wide + 2 * LEAST_EDGE));
  const isExact = whole >= LEAST_DOT && whole * wide >= (1 - WASTE) * room;
  dot = isExact ? whole : DOT;
  const side = isExact ? Math.floor((room - whole * wide) / 2) : 4 * DOT;
  edge = { x: side, y: Math.min(side, 4 * dot) };
  const [width, height] = [isExact ? room : wide * dot + 2 * edge.x, high * dot + 2 * edge.y];
  if (canvas.width !== width || canvas.height !== height) resize(width, height);
  canvas.dataset.dot = dot;
  canvas.dataset.edge = `${edge.x} ${edge.y}`;
  shown = null;
}

/** What the page begins with: the kind of display, before any of its dots. */
export function setKind(name) {
  if (kind === name) return;
  kind = name;
  shown = null;
  if (kind === "lcd20x4") fitLcd();
  else if (kind === "ssd1306") resize(OLED_SIZE.width * DOT, OLED_SIZE.height * DOT);
  else resize(TFT_SIZE.width * TFT_SIZE.scale, TFT_SIZE.height * TFT_SIZE.scale);
  canvas.dataset.kind = kind;
}

function drawCell(colours, dots, cell) {
  const left = edge.x + (cell % CELL.columns) * (CELL.wide + 1) * dot;
  const top = edge.y + Math.floor(cell / CELL.columns) * (CELL.high + 1) * dot;
  for (let y = 0; y < CELL.high; y += 1) {
    for (let x = 0; x < CELL.wide; x += 1) {
      pen.fillStyle = (dots[cell * CELL.high + y] >> (CELL.wide - 1 - x)) & 1 ? colours.lit : colours.unlit;
      pen.fillRect(left + x * dot, top + y * dot, dot - 1, dot - 1);
    }
  }
}

function drawLcd({ dots: text, backlight }) {
  const dots = bytesOf(text);
  const colours = !isOn ? LCD_OFF : backlight ? LCD : LCD_DIM;
  if (!shown || shown.colours !== colours) {
    pen.fillStyle = colours.glass;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    shown = null;
  }
  for (let cell = 0; cell < CELL.columns * CELL.rows; cell += 1) {
    const at = cell * CELL.high;
    const isSame = shown && dots.subarray(at, at + CELL.high).every((row, n) => row === shown.dots[at + n]);
    if (!isSame) drawCell(colours, dots, cell);
  }
  shown = { dots, colours };
}

function drawOled({ dots: text }) {
  const dots = bytesOf(text);
  pen.fillStyle = OLED.glass;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = OLED.lit;
  for (let y = 0; y < OLED_SIZE.height; y += 1) {
    for (let x = 0; x < OLED_SIZE.width; x += 1) {
      const row = dots[(y * OLED_SIZE.width + x) >> 3];
      if ((row >> (7 - (x & 7))) & 1) pen.fillRect(x * DOT, y * DOT, DOT - 1, DOT - 1);
    }
  }
}

async function drawTft({ x, y, png }) {
  const picture = await createImageBitmap(new Blob([bytesOf(png)], { type: "image/png" }));
  const { scale } = TFT_SIZE;
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, x * scale, y * scale, picture.width * scale, picture.height * scale);
  picture.close();
}

/** Shows what the chip shows. */
export function draw(pixels) {
  if (!pixels) return;
  setKind(pixels.kind);
  last = pixels;
  if (kind === "lcd20x4") drawLcd(pixels);
  else if (kind === "ssd1306") drawOled(pixels);
  else drawing = drawing.then(() => drawTft(pixels)).catch(() => {}); // pieces stay in order
}

/** When all that came is on the canvas: a TFT's pieces take a moment. */
export const settled = () => drawing;

/** Power came or went: the glass is another colour without it. */
export function setPower(on) {
  if (isOn === on) return;
  isOn = on;
  if (kind === "lcd20x4" && last) drawLcd(last);
}

/** The glass has another size on the screen. */
new ResizeObserver(() => {
  if (kind !== "lcd20x4") return;
  fitLcd();
  if (last) drawLcd(last);
}).observe(canvas);
