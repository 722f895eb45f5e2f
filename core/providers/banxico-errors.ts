import { isPlainDate } from "../time/dates.ts";
import { instantOf, MEXICO_CITY } from "../time/zones.ts";
import type { Fields } from "./format/json.ts";
import type { ProviderResponse } from "./provider.ts";

/** What Banxico means by its errors, nearly all of which have status 400. */

const WAIT_WITHOUT_RESET_SECONDS = 300;
const MAX_TEXT = 2_000;
const LIMIT_WORDS = /\blimite\b.*\bconsultas?\b|\bvolver a consultar\b/;

/** When requests may go on, as fields, headers or words tell; undefined if it is no rate limit. Banxico says so with status 400. */
export function limitResetMs({ status, headers, body }: ProviderResponse, error: Fields | undefined, nowMs: number) {
  const isRefusal = status >= 400 && status < 500;
  if (isRefusal) {
    const seconds = [headers.get("Bmx-secondsToReset"), error?.secondsToReset].find(isWholeNumber);
    if (seconds !== undefined) return nowMs + Number(seconds) * 1_000;
    const reset = [headers.get("Bmx-timeReset"), error?.timeReset].find(isWholeNumber);
    if (reset !== undefined) return Number(reset) * 1_000;
  }
  const text = error ? `${error.mensaje} ${error.detalle}` : isRefusal ? body.slice(0, MAX_TEXT) : "";
  if (status !== 429 && !LIMIT_WORDS.test(plain(text))) return undefined;
  const retryAfter = headers.get("Retry-After");
  const seconds = isWholeNumber(retryAfter) ? Number(retryAfter) : WAIT_WITHOUT_RESET_SECONDS;
  return instantIn(text) ?? nowMs + seconds * 1_000;
}

/** The error names the page that gives out tokens or, should that change, the token in its message. */
export function isAboutToken({ url, mensaje }: Fields): boolean {
  return (typeof url === "string" && url.endsWith("/token")) || /\btoken\b/.test(plain(String(mensaje ?? "")));
}

/** Accents, case and runs of white space removed. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

/** "2022-12-27 17:06:27 America/Mexico_City" somewhere in a text. */
function instantIn(text: string): number | undefined {
  const [, date, hours, minutes, seconds] = /(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text) ?? [];
  if (date === undefined || !isPlainDate(date)) return undefined;
  return instantOf(MEXICO_CITY, date, Number(hours) * 60 + Number(minutes)) + Number(seconds) * 1_000;
}

function isWholeNumber(value: unknown): value is string | number {
  return (typeof value === "string" || typeof value === "number") && /^\d{1,12}$/.test(String(value));
}
