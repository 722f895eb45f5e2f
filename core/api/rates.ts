import type { z } from "@hono/zod-openapi";
import { minorUnitsOf } from "../money/currency.ts";
import { formatDecimal, parseDecimal } from "../money/decimal.ts";
import { PagesUnavailable } from "../pages/page-source.ts";
import { averageOf, parseWindow, type Window, windowBounds } from "../rates/average.ts";
import { convertAmount, dailyRates, type Fixing, inForceOn, rateOf } from "../rates/fixing.ts";
import { freshnessOf } from "../rates/freshness.ts";
import { firstDateOf, type Pair, resolvePair } from "../rates/series.ts";
import { addDays, earlier, later, type PlainDate } from "../time/dates.ts";
import { nextBankDay } from "../time/mexico.ts";
import { type Answer, finish, provenanceOf, stalenessOf } from "./answer.ts";
import { isClosed } from "./caching.ts";
import { ApiFailure } from "./failure.ts";
import * as parameters from "./parameters.ts";
import { type Reading, UNKNOWN_RETRY_SECONDS } from "./reading.ts";

/** The rates of the public API: each answer is a function of pages, the query and now. */

const DEFAULT_DAYS = 10;
/** How soon a client may ask again for a rate that is too old: ingestion tries every few minutes. */
const TOO_OLD_RETRY_SECONDS = 300;

type PairQuery = z.output<typeof parameters.pairQuery>;

export async function currentRate(reading: Reading, query: PairQuery): Promise<Answer> {
  const pair = pairOf(query);
  const latest = await servableLatest(reading, pair);
  const { ageBusinessDays } = freshnessOf(latest.date, reading.outlook);
  const { stale, next_update } = stalenessOf(reading, latest.date);
  const content = {
    base: pair.base,
    quote: pair.quote,
    rate: rateOf(latest, pair),
    date: latest.date,
    ...provenanceOf(pair),
    stale,
    age_business_days: ageBusinessDays,
    next_update,
  };
  return finish(reading, content, "now", latest.date);
}

export async function historicalRates(
  reading: Reading,
  query: z.output<typeof parameters.historicalQuery>,
): Promise<Answer> {
  const pair = pairOf(query);
  const { from, to, endsOnLatest, fixings } = await selectPeriod(reading, pair, query);
  const period = await periodOf(reading, pair, from, to, endsOnLatest);
  const days = query.fill === "previous" ? await fill(reading, pair, from, to, fixings) : asDays(fixings);
  const kept = query.limit === undefined ? days : days.slice(-query.limit);
  const content = {
    base: pair.base,
    quote: pair.quote,
    // Where the limit has cut the period, the answer says where it begins.
    from: kept.length < days.length ? (kept[0]?.date ?? from) : from,
    to,
    count: kept.length,
    observations: ratesOf(kept, pair),
    ...provenanceOf(pair),
    ...stalenessOf(reading, period.openLatest),
  };
  return finish(reading, content, period.kind, period.openLatest ?? to);
}

export async function averageRate(
  reading: Reading,
  text: string,
  query: z.output<typeof parameters.averageQuery>,
): Promise<Answer> {
  const pair = pairOf(query);
  const window = parseWindow(text) as Window;
  const anchor = "days" in window ? await storedLatest(reading, pair) : undefined;
  const { from, to } = windowBounds(window, anchor?.date ?? reading.today);
  const fixings = await reading.fixingsToCarry(pair, from, to);
  const period = await periodOf(reading, pair, from, to, anchor !== undefined);
  // Nothing is carried forward into a month that has yet to come.
  const average = from > reading.today ? undefined : averageOf(pair, fixings, from, to, query.basis);
  if (!average)
    throw await noData(
      reading,
      pair,
      `${pair.base}/${pair.quote} has no ${query.basis === "business" ? "observation" : "rate in force"} in ${text}`,
    );
  const content = {
    base: pair.base,
    quote: pair.quote,
    window: text,
    basis: query.basis,
    from,
    to,
    ...average,
    ...provenanceOf(pair),
    ...stalenessOf(reading, period.openLatest),
  };
  return finish(reading, content, period.kind === "now" ? "average" : period.kind, period.openLatest ?? to);
}

export async function rateOnDate(reading: Reading, date: PlainDate, query: PairQuery): Promise<Answer> {
  const pair = pairOf(query);
  const { fixing, period } = await inForce(reading, pair, date);
  const content = {
    base: pair.base,
    quote: pair.quote,
    requested_date: date,
    date: fixing.date,
    rate: rateOf(fixing, pair),
    ...provenanceOf(pair),
    ...stalenessOf(reading, period.openLatest),
  };
  return finish(reading, content, period.kind, period.openLatest ?? date);
}

export async function conversion(reading: Reading, query: z.output<typeof parameters.convertQuery>): Promise<Answer> {
  const pair = pairOf({ base: query.from, quote: query.to });
  const { fixing, period } = await (query.date === undefined
    ? servableLatest(reading, pair).then((latest) => ({
        fixing: latest,
        period: { kind: "now" as const, openLatest: latest.date },
      }))
    : inForce(reading, pair, query.date));
  const content = {
    from: pair.base,
    to: pair.quote,
    amount: query.amount,
    result: formatDecimal(convertAmount(parseDecimal(query.amount), fixing, minorUnitsOf(pair.quote))),
    rate: rateOf(fixing, pair),
    requested_date: query.date ?? null,
    date: fixing.date,
    legs: publishedLegs(fixing, pair),
    ...provenanceOf(pair),
    ...stalenessOf(reading, period.openLatest),
  };
  return finish(reading, content, period.kind, period.openLatest ?? fixing.date);
}

/**
 * What a period still waits for. Nothing new can join it where a later fixing is stored, or where it is over and the bank
 * day after the newest fixing lies beyond it: then there is no `openLatest`. Otherwise, and where the period moves with the
 * newest fixing, that decides whether the answer is stale and when it next changes.
 */
async function periodOf(
  reading: Reading,
  pair: Pair,
  from: PlainDate,
  to: PlainDate,
  endsOnLatest = false,
): Promise<{ kind: "now" | "settled" | "closed"; openLatest?: PlainDate }> {
  const { today, host } = reading;
  const kind = isClosed(to, today, host.policy) ? "closed" : "settled";
  if (from <= today && reading.hasLater(pair, to)) return { kind };
  const { date: openLatest } = await storedLatest(reading, pair);
  const isComplete = !endsOnLatest && to < today && nextBankDay(openLatest, reading.outlook.closures) > to;
  return isComplete ? { kind } : { kind: "now", openLatest };
}

async function selectPeriod(
  reading: Reading,
  pair: Pair,
  { days, from, to, limit }: z.output<typeof parameters.historicalQuery>,
): Promise<{ from: PlainDate; to: PlainDate; endsOnLatest: boolean; fixings: Fixing[] }> {
  if (from !== undefined) {
    const end = to ?? later(reading.today, from);
    if (parameters.isTooLong(from, end)) throw invalid("from", parameters.TOO_LONG);
    return { from, to: end, endsOnLatest: false, fixings: await inRange(reading, pair, from, end) };
  }
  if (limit !== undefined && days === undefined) {
    const end = to ?? (await storedLatest(reading, pair)).date;
    const fixings = await reading.newest(pair, limit, earlier(end, reading.today));
    const start = fixings[0]?.date;
    if (start === undefined)
      throw await noData(reading, pair, `${pair.base}/${pair.quote} has no observation on or before ${end}`);
    if (to !== undefined && parameters.isTooLong(start, to)) throw invalid("to", parameters.TOO_FAR);
    return { from: start, to: end, endsOnLatest: to === undefined, fixings };
  }
  const end = (await storedLatest(reading, pair)).date;
  const start = addDays(end, 1 - (days ?? DEFAULT_DAYS));
  return { from: start, to: end, endsOnLatest: true, fixings: await reading.fixings(pair, start, end) };
}

/** The fixings of a range that was asked for by date. One that ended before the first of them, or has yet to come, has no answer. */
async function inRange(reading: Reading, pair: Pair, from: PlainDate, to: PlainDate): Promise<Fixing[]> {
  const fixings = await reading.fixings(pair, from, to);
  if (fixings.length > 0) return fixings;
  if (to < firstDateOf(pair) || from > reading.today) {
    throw await noData(reading, pair, `${pair.base}/${pair.quote} has no observation from ${from} to ${to}`);
  }
  return fixings;
}

/** A day with the fixing whose rate is in force on it. */
interface Day {
  date: PlainDate;
  fixing: Fixing;
}

function asDays(fixings: readonly Fixing[]): Day[] {
  return fixings.map((fixing) => ({ date: fixing.date, fixing }));
}

/** Each day of the period, with the fixings of the period and those shortly before it. */
async function fill(
  reading: Reading,
  pair: Pair,
  from: PlainDate,
  to: PlainDate,
  fixings: readonly Fixing[],
): Promise<Day[]> {
  const before = await reading.fixingsToCarry(pair, from, addDays(from, -1));
  return dailyRates([...before, ...fixings], later(from, firstDateOf(pair)), earlier(to, reading.today));
}

/** The days' rates. That of a fixing is computed once, however many days it is carried over. */
function ratesOf(days: readonly Day[], pair: Pair) {
  let last: { fixing: Fixing; rate: string } | undefined;
  return days.map(({ date, fixing }) => {
    last = last?.fixing === fixing ? last : { fixing, rate: rateOf(fixing, pair) };
    const { rate } = last;
    return date === fixing.date ? { date, rate } : { date, rate, carried_from: fixing.date };
  });
}

async function inForce(reading: Reading, pair: Pair, date: PlainDate) {
  const refuse = () => noData(reading, pair, `${pair.base}/${pair.quote} has no rate in force on ${date}`);
  if (date > reading.today) throw await refuse();
  const fixing = inForceOn(await reading.fixingsToCarry(pair, date, date), date);
  if (!fixing) throw await refuse();
  return { fixing, period: await periodOf(reading, pair, date, date) };
}

function publishedLegs(fixing: Fixing, pair: Pair) {
  if (pair.base === pair.quote) return [];
  return [
    { series: pair.numerator, rate: fixing.numerator },
    { series: pair.denominator, rate: fixing.denominator },
  ].flatMap(({ series, rate }) =>
    series && rate !== undefined ? [{ series: series.providerId, base: series.base, quote: series.quote, rate }] : [],
  );
}

/** The newest fixing, refused where so many publications were missed that it can't be called current. */
async function servableLatest(reading: Reading, pair: Pair): Promise<Fixing> {
  const latest = await storedLatest(reading, pair);
  const { publicationsMissed } = freshnessOf(latest.date, reading.outlook);
  if (publicationsMissed <= reading.host.policy.MAX_PUBLICATIONS_MISSED) return latest;
  throw new ApiFailure({
    code: "rate_too_old",
    retryAfterSeconds: TOO_OLD_RETRY_SECONDS,
    detail: `The newest ${pair.base}/${pair.quote} is of ${latest.date}, ${publicationsMissed} publications ago. Ask for it by date under /api/v1/rates/on/${latest.date}?base=${pair.base}&quote=${pair.quote}.`,
  });
}

async function storedLatest(reading: Reading, pair: Pair): Promise<Fixing> {
  const latest = await reading.latest(pair);
  if (!latest) throw new PagesUnavailable(UNKNOWN_RETRY_SECONDS);
  return latest;
}

async function noData(reading: Reading, pair: Pair, what: string): Promise<ApiFailure> {
  const latest = await storedLatest(reading, pair);
  return new ApiFailure({
    code: "no_data",
    detail: `${what}; there are rates from ${firstDateOf(pair)} to ${latest.date}.`,
  });
}

function invalid(parameter: string, detail: string): ApiFailure {
  return new ApiFailure({ code: "invalid_parameter", errors: [{ parameter, detail }] });
}

function pairOf({ base, quote }: { base: string; quote: string }): Pair {
  const pair = resolvePair(base, quote);
  if (!pair) throw new RangeError("the schema let an unknown currency through");
  return pair;
}
