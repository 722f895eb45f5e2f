import type { AlertsWords } from "../text/es/alerts.ts";
import type { CfdiWords } from "../text/es/cfdi.ts";
import type { CommonWords } from "../text/es/common.ts";
import type { ExploreWords } from "../text/es/explore.ts";
import type { StatusWords } from "../text/es/status.ts";
import type { TodayWords } from "../text/es/today.ts";
import type { WorldWords } from "../text/es/world.ts";

/** The languages of the dashboard. */
export const LANGUAGES = ["es", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The words of a language, by part. A page's HTML holds those of its own parts, in every language. */
export interface Dictionary {
  common: CommonWords;
  today: TodayWords;
  explore: ExploreWords;
  world: WorldWords;
  status: StatusWords;
  cfdi: CfdiWords;
  alerts: AlertsWords;
}

/** The language of a reader: the one in the URL, the one chosen before, or the first known one that the browser prefers. */
export function languageOf(search: string, chosen: string | null, preferred: readonly string[]): Language {
  const candidates = [new URLSearchParams(search).get("lang"), chosen, ...preferred];
  for (const candidate of candidates) {
    const found = LANGUAGES.find((language) => candidate?.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "es";
}

/** A sentence with its places filled in: "de {from} a {to}". */
export function fill(sentence: string, values: Record<string, unknown>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
