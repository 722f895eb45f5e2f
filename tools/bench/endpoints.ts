import { addDays } from "#core/time/dates.ts";
import { compare, type Entrant } from "./compare.ts";
import { conversions } from "./edge.ts";
import type { Measure } from "./findings.ts";
import { TODAY } from "./pages.ts";
import type { Stage } from "./stage.ts";

const MANY = 8_000;
const MONTH_DAYS = 30;
/** A new query costs at most half as much again as a conversion. */
const TARGET = { min: 1 / 1.5, onRatio: true } as const;

/** Every endpoint over one date, a month or a year, beside conversions, in the same worker. */
export const endpoints: Measure = {
  name: "endpoints",
  title: "Endpoints: every query new, warm pages, beside conversions",
  run: (settings) => compare("endpoints", entrants, settings),
};

async function entrants(stage: Stage): Promise<Entrant[]> {
  const stack = await stage.edge();
  const entrant = (name: string, paths: readonly string[]): Entrant => ({
    name,
    url: stack.urls.edge,
    pid: stack.parts.edge.pid,
    paths,
  });
  const of = (name: string, path: (date: string) => string) => ({
    ...entrant(
      name,
      Array.from({ length: MANY }, (_, index) => path(addDays(TODAY, -index))),
    ),
    target: TARGET,
  });
  const month = (date: string) => `from=${addDays(date, -MONTH_DAYS)}&to=${date}`;
  const year = (date: string) => `from=${addDays(date, -365)}&to=${date}`;
  return [
    entrant("conversions", conversions(10 * MANY)),
    of("volatility of 20 returns", (date) => `/api/v1/rates/volatility?to=${date}`),
    of("bars of a month", (date) => `/api/v1/rates/bars?interval=week&${month(date)}`),
    of("change over a month", (date) => `/api/v1/rates/change?${month(date)}`),
    of("statistics of a month", (date) => `/api/v1/rates/statistics?${month(date)}`),
    of("volatility of a year", (date) => `/api/v1/rates/volatility?${year(date)}`),
    of("bars of a year", (date) => `/api/v1/rates/bars?${year(date)}`),
    of("change over a year", (date) => `/api/v1/rates/change?${year(date)}`),
    of("statistics of a year", (date) => `/api/v1/rates/statistics?${year(date)}`),
    of("a view on a date", (date) => `/api/v1/rates/on/${date}?view=settlement`),
    of("the rate of an invoice", (date) => `/api/v1/rates/cfdi?date=${date}`),
    of("ten dates", (date) => `/api/v1/rates/on?dates=${tenDates(date).join(",")}`),
    of("a month as CSV", (date) => `/api/v1/rates/historical?${month(date)}&format=csv`),
    of("a pair of Frankfurter's v2", (date) => `/frankfurter/v2/rate/USD/MXN?date=${date}`),
    of(
      "a month of the SIE",
      (date) => `/SieAPIRest/service/v1/series/SF43718/datos/${addDays(date, -MONTH_DAYS)}/${date}`,
    ),
  ];
}

function tenDates(date: string): string[] {
  return Array.from({ length: 10 }, (_, index) => addDays(date, -3 * index));
}
