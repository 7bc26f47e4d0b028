// Light or dark, as the person or else the desktop wants it.

import { byId } from "./dom.js";

const STORED = "milepad-theme";
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/** What the person chose before, if the browser keeps anything. */
export function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a choice, where the browser does. */
export function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}

function apply() {
  const chosen = byId("theme").value;
  const isDark = chosen === "dark" || (chosen === "auto" && prefersDark.matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
}

export function listen() {
  const select = byId("theme");
  select.value = stored(STORED) ?? "auto";
  select.addEventListener("change", () => {
    store(STORED, select.value);
    apply();
  });
  prefersDark.addEventListener("change", apply);
  apply();
}
