import { type Fixing, inForceOn } from "../rates/fixing.ts";
import type { Pair } from "../rates/series.ts";
import type { PlainDate } from "../time/dates.ts";
import { nextBankDay } from "../time/mexico.ts";
import { isClosed } from "./caching.ts";
import { noData, storedLatest } from "./latest-fixing.ts";
import type { RateReader } from "./rate-reader.ts";

/** What a period still waits for. */
export interface Period {
  kind: "now" | "settled" | "closed";
  /** The date of the newest fixing, if another one may still join the period. */
  openLatest?: PlainDate;
}

/**
 * What a period still waits for. Nothing new can join it where a later fixing is stored, or where it is over and the bank
 * day after the newest fixing lies beyond it: then there is no `openLatest`. Otherwise, and where the period moves with the
 * newest fixing, that decides whether the response is stale and when it next changes.
 */
export async function periodOf(
  reader: RateReader,
  pair: Pair,
  from: PlainDate,
  to: PlainDate,
  endsOnLatest = false,
): Promise<Period> {
  const { today, host } = reader;
  const kind = isClosed(to, today, host.policy) ? "closed" : "settled";
  if (from <= today && reader.hasLater(pair, to)) return { kind };
  const { date: openLatest } = await storedLatest(reader, pair);
  const isComplete = !endsOnLatest && to < today && nextBankDay(openLatest, reader.outlook.closures) > to;
  return isComplete ? { kind } : { kind: "now", openLatest };
}

/** The fixing whose rate is in force on a date, and what that day still waits for. */
export async function inForce(
  reader: RateReader,
  pair: Pair,
  date: PlainDate,
): Promise<{ fixing: Fixing; period: Period }> {
  const refuse = () => noData(reader, pair, `${pair.base}/${pair.quote} has no rate in force on ${date}`);
  if (date > reader.today) throw await refuse();
  const fixing = inForceOn(await reader.fixingsToCarry(pair, date, date), date);
  if (!fixing) throw await refuse();
  return { fixing, period: await periodOf(reader, pair, date, date) };
}
