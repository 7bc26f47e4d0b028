// The one connection to the server: messages in, orders out, and back again when it was lost.

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8000;
const TOO_MANY = 1013; // so many pages look already

const listeners = new Map();
let socket = null;
let waitMs = FIRST_WAIT_MS;
let tellState = () => {};
let tellUnsent = () => {};

const token = new URLSearchParams(location.search).get("token") ?? "";

/** Calls `take(value)` for each message `name`; `ready` is the whole state. */
export function on(name, take) {
  if (!listeners.has(name)) listeners.set(name, []);
  listeners.get(name).push(take);
}

/** Sends an event or an order; false while there is no connection, and the person is told. */
export function send(message) {
  const isOpen = socket?.readyState === WebSocket.OPEN;
  if (isOpen) socket.send(JSON.stringify(message));
  else tellUnsent();
  return isOpen;
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

/** Whether another run of the program is there: it knows nothing of this page's token. */
async function isAnother() {
  try {
    return (await fetch(address("/"))).status === 403;
  } catch {
    return false;
  }
}

async function lost({ code }) {
  socket = null;
  tellState(code === TOO_MANY ? "many" : "lost");
  if (await isAnother()) {
    tellState("another");
    return;
  }
  setTimeout(open, waitMs);
  waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
}

function open() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(`${scheme}//${location.host}${address("/ws")}`);
  socket.addEventListener("message", take);
  socket.addEventListener("close", lost);
}

/** Opens the connection; `told` gets "open", "lost", "many" or "another", `unsent` is called. */
export function connect(told, unsent) {
  tellState = told;
  tellUnsent = unsent;
  open();
}
