import { type Fixing, rateOf } from "../rates/fixing.ts";
import type { Route } from "../rates/route.ts";
import type { PlainDate } from "../time/dates.ts";
import type { Segment } from "./formats/segments.ts";
import { viewDates } from "./views.ts";

/** A rate as a response lists it. */
export type ListedRate = ReturnType<typeof viewDates> & {
  date: PlainDate;
  rate: string;
  /** The date of the fixing, if the day itself has none. */
  carried_from?: PlainDate;
};

/** The rates of a period, ascending. */
export interface RateList {
  readonly length: number;
  readonly firstDate: PlainDate | undefined;
  /** The newest `count` of them. */
  newest(count: number): RateList;
  rows(): ListedRate[];
  /** The rows as JSON. */
  toJson(): readonly Segment[];
}

/** A day with the fixing whose rate is in force on it: a fixing itself, or one that is carried over to the day. */
export type Day = Fixing | { date: PlainDate; fixing: Fixing };

/** A list of rates that are computed from fixings, or carried over. */
export class ComputedRates implements RateList {
  readonly #days: readonly Day[];
  readonly #route: Route;

  constructor(days: readonly Day[], route: Route) {
    this.#days = days;
    this.#route = route;
  }

  get length(): number {
    return this.#days.length;
  }

  get firstDate(): PlainDate | undefined {
    return this.#days[0]?.date;
  }

  newest(count: number): ComputedRates {
    return new ComputedRates(this.#days.slice(-count), this.#route);
  }

  /** The rate of a fixing is computed once, however many days it is carried over. */
  rows(): ListedRate[] {
    let last: { fixing: Fixing; rate: string } | undefined;
    return this.#days.map((day) => {
      const fixing = "fixing" in day ? day.fixing : day;
      last = last?.fixing === fixing ? last : { fixing, rate: rateOf(fixing, this.#route) };
      const { rate } = last;
      const { date } = day;
      // Nearly all are of this kind, and there are thousands in a response.
      if (date === fixing.date && fixing.dates === undefined) return { date, rate };
      return { date, rate, ...(date !== fixing.date && { carried_from: fixing.date }), ...viewDates(fixing) };
    });
  }

  toJson(): readonly Segment[] {
    return [JSON.stringify(this.rows())];
  }
}
