// Groups of panes, one of each in sight: tabs as a keyboard and a screen reader know them.

import { byId, h } from "./dom.js";
import { label, word } from "./words.js";

function select(tabs, chosen) {
  for (const { tab, pane } of tabs) {
    const isChosen = tab === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    pane.hidden = !isChosen;
  }
}

function moved(tabs, event) {
  const at = tabs.findIndex(({ tab }) => tab === event.target);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const to = step ? (at + step + tabs.length) % tabs.length : { Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  event.stopPropagation();
  select(tabs, tabs[to].tab);
  tabs[to].tab.focus();
}

/** Fills a group with panes: `names` are words, and the ids of what is made. */
export function makeGroup(id, title, names) {
  const tabs = names.map((name) => {
    const count = h("span", { class: "count", hidden: true });
    const tab = h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "aria-controls": name,
      },
      word(h("span"), name),
      count,
    );
    const pane = h("div", {
      class: "pane",
      id: name,
      role: "tabpanel",
      "aria-labelledby": `tab-${name}`,
      tabIndex: 0,
    });
    return { tab, pane, count };
  });
  const list = label(
    h(
      "div",
      { class: "tabs", role: "tablist" },
      tabs.map(({ tab }) => tab),
    ),
    title,
  );
  for (const { tab } of tabs) tab.addEventListener("click", () => select(tabs, tab));
  list.addEventListener("keydown", (event) => moved(tabs, event));
  byId(id).append(list, ...tabs.map(({ pane }) => pane));
  select(tabs, tabs[0].tab);
}

/** A number beside a pane's name; none for 0. */
export function setCount(name, count) {
  const place = byId(`tab-${name}`).querySelector(".count");
  place.hidden = !count;
  place.textContent = count ? String(count) : "";
}

/** Brings a pane into sight. */
export const show = (name) => byId(`tab-${name}`).click();
