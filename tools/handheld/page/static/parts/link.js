// The one connection to the server: messages in, orders out, and back again when it was lost.

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8000;

const listeners = new Map();
let socket = null;
let waitMs = FIRST_WAIT_MS;
let tellState = () => {};

const token = new URLSearchParams(location.search).get("token") ?? "";

/** Calls `take(value)` for each message `name`; `ready` is the whole state. */
export function on(name, take) {
  if (!listeners.has(name)) listeners.set(name, []);
  listeners.get(name).push(take);
}

/** Sends an event or an order; false while there is no connection. */
export function send(message) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(message));
  return true;
}

/** An address of the server's with the token that it asks for. */
export const address = (path) => `${path}?token=${encodeURIComponent(token)}`;

function take(event) {
  for (const [name, value] of Object.entries(JSON.parse(event.data))) {
    for (const each of listeners.get(name) ?? []) each(value);
    if (name === "ready") {
      waitMs = FIRST_WAIT_MS;
      tellState("open");
    }
  }
}

function lost() {
  socket = null;
  tellState("lost");
  setTimeout(open, waitMs);
  waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
}

function open() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(`${scheme}//${location.host}${address("/ws")}`);
  socket.addEventListener("message", take);
  socket.addEventListener("close", lost);
}

/** Opens the connection; `told` gets "open" or "lost". */
export function connect(told) {
  tellState = told;
  open();
}
