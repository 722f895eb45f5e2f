import { exchangeRateApi } from "#core/providers/exchangerate-api.ts";
import type { Moment } from "#core/providers/provider.ts";
import type { Series } from "#core/rates/series.ts";
import { noise } from "../banxico/generate.ts";
import { type Edition, withoutZeros } from "./edition.ts";
import { json, type Reply, type SimulatedProvider } from "./simulated-provider.ts";
import { isPegged, priceOn } from "./world.ts";

const DAY_SECONDS = 86_400;
/** A day's update comes at 00:02:31 UTC. */
const DAILY_OFFSET_SECONDS = 151;
const MAX_JITTER_SECONDS = 1_680;
/** A currency moves at every so many ticks: others find it where it was. */
const TICKS_PER_MOVE = 3;
const MAX_TICK_MOVE = 0.0005;
const KEYED_DECIMALS = 4;
const OPEN_DECIMALS = 6;

const STATUS: Readonly<Record<string, 400 | 403 | 404>> = { "unsupported-code": 404, "malformed-request": 400 };
const DOCUMENTATION = "https://www.exchangerate-api.com/docs";
const TERMS = "https://www.exchangerate-api.com/terms";

interface Options {
  key: string;
  /** Seconds between two updates; a day if absent. */
  tickSeconds?: number | undefined;
}

/** ExchangeRate-API: open, keyed and the old form, with their error bodies. */
export function simulatedExchangeRateApi({ key, tickSeconds = DAY_SECONDS }: Options): SimulatedProvider {
  const tickMs = tickSeconds * 1_000;
  const offsetMs = tickSeconds === DAY_SECONDS ? DAILY_OFFSET_SECONDS * 1_000 : 0;
  return {
    provider: exchangeRateApi,
    decimals: () => OPEN_DECIMALS,
    formatFaults: ["dead_code", "error_body", "end_of_life"],
    moments: (_series, _range, nowMs) => [momentOf(nowMs - ((nowMs - offsetMs) % tickMs))],
    price: (series, moment) => priceAt(series, moment, tickMs),

    respond({ path, bearer }, edition) {
      const broken = edition.faults.find((fault) => fault.type === "error_body");
      if (broken) return refusal(broken.error_type, broken.status);
      const [, old, keyInPath, code] = /^(\/v4)?(?:\/([^/]+))?\/latest\/([^/]+)$/.exec(path) ?? [];
      const given = keyInPath ?? bearer;
      if (code === undefined) return refusal("malformed-request");
      if (given !== undefined && given !== key) return refusal("invalid-key");
      if (code !== "USD") return refusal("unsupported-code");
      const updated = edition.newest();
      if (updated === undefined) return refusal("no-data-available");
      const form = old ? "old" : given === undefined ? "open" : "keyed";
      return json(bodyOf(edition, updated, form, nextMs(updated, tickMs)));
    },
  };
}

function bodyOf(edition: Edition, updated: Moment, form: "old" | "open" | "keyed", nextUpdateMs: number): string {
  const rates = ratesOf(edition, updated, form === "keyed" ? KEYED_DECIMALS : OPEN_DECIMALS);
  const updatedMs = Date.parse(edition.printed(updated));
  const end = edition.faults.find((fault) => fault.type === "end_of_life");
  const head = { provider: "https://www.exchangerate-api.com" };
  const times = {
    time_last_update_unix: updatedMs / 1_000,
    time_last_update_utc: new Date(updatedMs).toUTCString(),
    time_next_update_unix: nextUpdateMs / 1_000,
    time_next_update_utc: new Date(nextUpdateMs).toUTCString(),
  };
  const open = { ...head, documentation: `${DOCUMENTATION}/free`, terms_of_use: TERMS, ...times };
  const fields = {
    old: {
      ...head,
      WARNING_UPGRADE_TO_V6: `${DOCUMENTATION}/free`,
      terms: TERMS,
      base: "USD",
      date: updated.slice(0, 10),
      time_last_updated: updatedMs / 1_000,
    },
    open: {
      result: "success",
      ...open,
      time_eol_unix: end ? Date.parse(end.at) / 1_000 : 0,
      base_code: "USD",
    },
    keyed: { result: "success", documentation: DOCUMENTATION, terms_of_use: TERMS, ...times, base_code: "USD" },
  }[form];
  const name = form === "keyed" ? "conversion_rates" : "rates";
  return `${JSON.stringify(fields).slice(0, -1)},"${name}":{"USD":1,${rates.join(",")}}}`;
}

function ratesOf(edition: Edition, updated: Moment, decimals: number): string[] {
  return edition.cells(updated, exchangeRateApi.series, "stripped").flatMap(({ id, series, text }) => {
    if (text === undefined) return [];
    // Only made-up values have more decimals than a key is given.
    const isLong = series !== undefined && decimals === KEYED_DECIMALS && /^\d+\.\d{5,}$/.test(text);
    return [`"${id}":${isLong && !edition.isFed ? withoutZeros(Number(text).toFixed(decimals)) : text}`];
  });
}

/** The day's price, moved a little at some ticks. */
function priceAt({ base, quote }: Series, moment: Moment, tickMs: number): number {
  const price = priceOn(base, quote, moment.slice(0, 10));
  if (tickMs === DAY_SECONDS * 1_000 || isPegged(quote)) return price;
  const tick = Math.floor(Date.parse(moment) / tickMs);
  const move = Math.floor((tick + quote.charCodeAt(2)) / TICKS_PER_MOVE);
  return price * Math.exp(MAX_TICK_MOVE * noise(`${quote} ${move}`));
}

/** A day's next update is a little late, as theirs is. */
function nextMs(updated: Moment, tickMs: number): number {
  const isDaily = tickMs === DAY_SECONDS * 1_000;
  const jitter = isDaily ? Math.floor((MAX_JITTER_SECONDS * (1 + noise(updated))) / 2) : 0;
  return Date.parse(updated) + tickMs + jitter * 1_000;
}

/** Errors spell `terms-of-use` with hyphens. */
function refusal(type: string, status: Reply["status"] = STATUS[type] ?? 403): Reply {
  const body = { result: "error", documentation: DOCUMENTATION, "terms-of-use": TERMS, "error-type": type };
  return json(JSON.stringify(body), status);
}

function momentOf(ms: number): Moment {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
