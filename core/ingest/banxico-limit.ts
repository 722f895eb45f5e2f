import { isPlainDate } from "../time/dates.ts";
import { midnightMs } from "../time/mexico.ts";

/** How Banxico says that there were too many requests: rarely with 429, and sometimes in words only. */

/** An HTTP response, its body read in full. */
export interface RawResponse {
  status: number;
  headers: { get(name: string): string | null };
  body: string;
}

type Fields = Readonly<Record<string, unknown>>;

const WAIT_WITHOUT_RESET_SECONDS = 300;
const MAX_TEXT = 2_000;
const LIMIT_WORDS = /\blimite\b.*\bconsultas?\b|\bvolver a consultar\b/;

/** When requests may go on, as the response tells in fields, headers or words; undefined if it is no rate limit. */
export function limitResetMs(
  { status, headers, body }: RawResponse,
  error: Fields | undefined,
  nowMs: number,
): number | undefined {
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
  return (
    instantIn(text) ?? nowMs + (isWholeNumber(retryAfter) ? Number(retryAfter) : WAIT_WITHOUT_RESET_SECONDS) * 1_000
  );
}

/** "2022-12-27 17:06:27 America/Mexico_City" somewhere in a text. */
function instantIn(text: string): number | undefined {
  const [, date, hours, minutes, seconds] = /(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text) ?? [];
  if (date === undefined || !isPlainDate(date)) return undefined;
  return midnightMs(date) + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

function isWholeNumber(value: unknown): value is string | number {
  return (typeof value === "string" || typeof value === "number") && /^\d{1,12}$/.test(String(value));
}

/** Accents, case and runs of white space removed: the words of a title can be compared. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}
