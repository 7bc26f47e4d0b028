// Numbers, money and times as the page's language writes them. Money stays what it was: text or cents.

import { language } from "./words.js";

const locale = () => (language() === "fr" ? "fr-CA" : "en-CA");

/** A whole number with its thousands apart. */
export const shown = (number) => new Intl.NumberFormat(locale()).format(number ?? 0);

/** Cents as dollars. */
export function dollars(cents) {
  return new Intl.NumberFormat(locale(), {
    style: "currency",
    currency: "CAD",
    currencyDisplay: "narrowSymbol",
  }).format((cents ?? 0) / 100);
}

/** The platform's dollars, such as "40.00", as cents. */
export const cents = (text) => Number(String(text).replace(".", ""));

/** The time of day of an ISO 8601 moment, in UTC as the platform's clock is. */
export function timeOfDay(moment) {
  return /T(\d\d:\d\d:\d\d)/.exec(moment ?? "")?.[1] ?? "";
}

/** The moment of ISO 8601, without what only programs need. */
export const moment = (text) =>
  String(text ?? "")
    .replace("T", " ")
    .replace(/\.\d+/, "");

/** Bytes in KiB. */
export const kib = (bytes) => `${shown(Math.round((bytes ?? 0) / 1024))} ${language() === "fr" ? "Kio" : "KiB"}`;
