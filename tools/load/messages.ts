import { banxico } from "#core/providers/banxico.ts";
import type { Series } from "#core/rates/series.ts";
import { addDays, type PlainDate, weekdayOf } from "#core/time/dates.ts";
import type { SeriesReading } from "#core/wire/internal.ts";

/** One message that brings one new value, so that what becomes of each message can be seen. */
export interface NewValue {
  series: string;
  date: PlainDate;
  value: string;
}

/** A plausible first value for each base currency, in pesos. */
const START = { USD: "17.5", EUR: "19.1", JPY: "0.125", GBP: "22.4", CAD: "12.9" } as Record<string, string>;
/** Values differ from each other, and never by more than a rate may move from one day to the next. */
const VARIANTS = 90;

/** New values, the oldest dates of all series first, and so over as many pages at a time as there are series. */
export function* newValues(until: PlainDate): Generator<NewValue> {
  const days = banxico.series.map((series) => weekdays(series, until));
  for (let index = 0; ; index++) {
    const row = days.flatMap((each) => each.next().value ?? []);
    if (row.length === 0) return;
    for (const { series, date } of row) {
      const start = START[series.base];
      if (start === undefined) throw new Error(`no value is known for ${series.base}`);
      yield { series: series.id, date, value: `${start}${String(10 + (index % VARIANTS))}` };
    }
  }
}

function* weekdays(series: Series, until: PlainDate): Generator<{ series: Series; date: PlainDate }> {
  for (let date = series.since; date <= until; date = addDays(date, 1))
    if (weekdayOf(date) !== 0 && weekdayOf(date) !== 6) yield { series, date };
}

/** The queue message of a value, as the worker's cron would have made it. */
export function messageOf({ series, date, value }: NewValue, nowMs: number): SeriesReading {
  return {
    batch_id: `${series}:${date}:load`,
    provider: "banxico",
    fetched_at: new Date(nowMs).toISOString(),
    series,
    year: Number(date.slice(0, 4)),
    complete: null,
    based_on: null,
    observations: [[date, value]],
  };
}
