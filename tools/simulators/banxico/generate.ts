import type { CatalogueEntry } from "./catalogue.ts";

/** Rough levels of the FIX at the start of each year; the series wanders about the line through them. */
const fixLevels: readonly (readonly [year: number, pesos: number])[] = [
  [1991, 2.97],
  [1992, 3.08],
  [1994, 3.15],
  [1995, 5.1],
  [1996, 7.6],
  [1998, 8.2],
  [1999, 9.7],
  [2002, 9.3],
  [2003, 10.5],
  [2008, 10.9],
  [2009, 13.3],
  [2011, 12.4],
  [2014, 13.1],
  [2015, 14.9],
  [2016, 17.3],
  [2017, 20],
  [2020, 19],
  [2022, 20.4],
  [2024, 17],
  [2025, 20],
  [2026, 17.9],
];

const yearMs = 365.25 * 86_400_000;

/** A plausible FIX for a date: the same for the same date always, and never 3 % from that of the day before. */
export function generatedFix(date: string): number {
  const years = yearsOf(date);
  const waves = 0.012 * Math.sin(years * 11.3) + 0.02 * Math.sin(years * 3.7 + 1);
  return onLine(fixLevels, years) * Math.exp(waves + 0.004 * noise(`fix ${date}`));
}

/** What a unit of the series' currency costs in pesos on a date when a dollar costs `fix`. */
export function priceFrom(fix: number, entry: CatalogueEntry, date: string): number {
  const years = yearsOf(date);
  const wave = 0.015 * Math.sin(years * 7.1 + entry.id.length + Number(entry.id.slice(-2)));
  return fix * onLine(entry.dollars ?? [[0, 1]], years) * Math.exp(wave + 0.002 * noise(`${entry.id} ${date}`));
}

/** A date as a year with its fraction. */
export function yearsOf(date: string): number {
  return 1970 + Date.parse(date) / yearMs;
}

/** The line through the points, straight in logarithms and level beyond its ends. */
export function onLine(points: readonly (readonly [number, number])[], at: number): number {
  const after = points.findIndex(([x]) => x > at);
  const [x1, y1] = points[after === -1 ? points.length - 1 : Math.max(0, after - 1)] ?? [0, 1];
  const [x2, y2] = points[after] ?? [x1, y1];
  return x2 <= x1 || at <= x1 ? y1 : y1 * (y2 / y1) ** ((at - x1) / (x2 - x1));
}

/** A number in [-1, 1) that is the same for the same text (FNV-1a, then mixed). */
export function noise(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 31 - 1;
}
