// Every word of the page itself, in English and in French. The device's own words are the firmware's.

import { english } from "./words_en.js";
import { french } from "./words_fr.js";
import { englishTill } from "./words_till_en.js";
import { frenchTill } from "./words_till_fr.js";
import { store, stored } from "./theme.js";

const STORED = "milepad-language";
const TABLES = { en: { ...english, ...englishTill }, fr: { ...french, ...frenchTill } };
const listeners = [];
let chosen = "en";

/** "en" or "fr". */
export const language = () => chosen;

/** A word of the page; `{name}` in it is replaced by `values.name`. */
export function t(name, values = {}, otherwise = name) {
  const text = TABLES[chosen][name] ?? otherwise;
  return text.replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
}

/** Why something is not possible, or did not happen: the server tells a code and its values. */
export const why = ({ code, values }) => t(`why_${code}`, values, code);

/** Gives an element a word that follows the page's language. */
export function word(element, name) {
  element.dataset.word = name;
  element.textContent = t(name);
  return element;
}

/** Gives an element a name for a screen reader that follows the page's language. */
export function label(element, name) {
  element.dataset.label = name;
  element.setAttribute("aria-label", t(name));
  return element;
}

/** Calls `draw` whenever the language is another one. */
export const onLanguage = (draw) => listeners.push(draw);

function apply() {
  document.documentElement.lang = chosen === "fr" ? "fr-CA" : "en-CA";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = t(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", t(element.dataset.label));
  for (const draw of listeners) draw();
}

/** The switch for it; what the person chose before, else what the browser speaks. */
export function listen() {
  const select = document.getElementById("language");
  chosen = stored(STORED) ?? (navigator.language.startsWith("fr") ? "fr" : "en");
  if (!(chosen in TABLES)) chosen = "en";
  select.value = chosen;
  select.addEventListener("change", () => {
    chosen = select.value;
    store(STORED, chosen);
    apply();
  });
  apply();
}
