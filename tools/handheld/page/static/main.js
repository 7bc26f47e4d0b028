// Wires the parts of the page to the messages of the server; README.md has all of them.

import * as device from "./parts/device.js";
import * as display from "./parts/display.js";
import { byId, say } from "./parts/dom.js";
import * as faults from "./parts/faults.js";
import * as first from "./parts/first.js";
import * as ledgers from "./parts/ledgers.js";
import { connect, on } from "./parts/link.js";
import * as log from "./parts/log.js";
import * as paper from "./parts/paper.js";
import * as platform from "./parts/platform.js";
import * as register from "./parts/register.js";
import * as requests from "./parts/requests.js";
import * as scenarios from "./parts/scenarios.js";
import * as sound from "./parts/sound.js";
import * as switches from "./parts/switches.js";
import { makeGroup } from "./parts/tabs.js";
import * as theme from "./parts/theme.js";
import * as till from "./parts/till.js";
import * as tray from "./parts/tray.js";
import * as words from "./parts/words.js";

let state = null;
let linkState = "";

/** Which board it is, where it is not the usual one. */
function boardName() {
  if (!state || state.board.name === "simulator") return "";
  return words.t(`board_${state.board.name}`, {}, state.board.title);
}

function showLink() {
  const place = byId("link-state");
  place.dataset.state = linkState;
  const parts = [boardName(), state && words.t("firmware", state.version), words.t("link_open")];
  const told = linkState === "open" ? parts.filter(Boolean).join(" · ") : linkState && words.t(`link_${linkState}`);
  if (place.textContent !== told) place.textContent = told;
  document.body.dataset.link = linkState;
}

function setSwitches(all) {
  if (!all) return;
  switches.set(all);
  device.setLamps(all);
  display.setPower(all.power);
}

/** The whole state: whatever the page knew is replaced. */
function ready(all) {
  state = all;
  device.setKeys(all.board);
  display.setKind(all.board.display);
  setSwitches(all.switches);
  display.draw(all.pixels);
  device.setRows(all.screen);
  switches.setLanguage(all.language);
  paper.ready(all);
  tray.set(all.collectors ?? []);
  tray.setAccounts(all.platform?.collectors);
  requests.set(all.platform?.requests, all.limits.requests);
  platform.set(all.platform);
  faults.set(all.platform);
  ledgers.set(all.device, all.queue, all.practice);
  log.set(all.log, all.limits.log);
  register.set(all.register, all.till_messages, all.limits.till_messages);
  till.set(all.till, all.practice);
  scenarios.set(all.scenarios, all.scenario);
  first.set(all);
  document.title = ["Milepad", boardName()].filter(Boolean).join(" · ");
}

function platformNews(news) {
  if (news.requests) requests.take(news.requests);
  if (news.collectors) tray.setAccounts(news.collectors);
  platform.take(news);
  faults.take(news);
  if (news.ledger || news.issuances) ledgers.draw();
}

function listen() {
  on("ready", ready);
  on("pixels", display.draw);
  on("screen", device.setRows);
  on("strip", paper.take);
  on("slip", paper.ended);
  on("sound", sound.play);
  on("switches", setSwitches);
  on("platform", platformNews);
  on("device", ledgers.take);
  on("queue", ledgers.setQueue);
  on("till", (now) => till.set(now));
  on("register", till.take);
  on("till_message", register.pass);
  on("log", log.take);
  on("scenario", (now) => {
    if (now.playing) first.met();
    scenarios.take(now);
  });
  on("language", switches.setLanguage);
  on("refused", (told) => say(words.t("refused", { reason: words.why(told) })));
}

/** The language of the page is another one: what is not a fixed word is drawn again. */
function redraw() {
  byId("sound").textContent = words.t(sound.isOn() ? "sound_on" : "sound");
  showLink();
  if (!state) return;
  device.setKeys(state.board);
  for (const part of [switches, tray, platform, faults, ledgers, till, scenarios]) part.draw();
  requests.redraw();
  paper.drawSlips();
}

makeGroup("group-world", "world", ["scenarios", "requests", "platform", "faults"]);
makeGroup("group-inside", "inside", ["ledgers", "slips", "log", "till"]);
theme.listen();
words.onLanguage(redraw);
words.listen();
device.listen();
sound.listen();
paper.listen();
first.listen();
paper.drawSlips();
listen();
connect(
  (now) => {
    linkState = now;
    showLink();
  },
  () => say(words.t(linkState === "another" ? "link_another" : "link_lost")),
);
