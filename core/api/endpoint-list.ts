import type { Endpoint } from "./endpoint.ts";
import { average } from "./endpoints/average.ts";
import { bars } from "./endpoints/bars.ts";
import { calendar } from "./endpoints/calendar.ts";
import { cfdi } from "./endpoints/cfdi.ts";
import { change } from "./endpoints/change.ts";
import { compare } from "./endpoints/compare.ts";
import { convert } from "./endpoints/convert.ts";
import { crosses } from "./endpoints/crosses.ts";
import { currencies } from "./endpoints/currencies.ts";
import { current } from "./endpoints/current.ts";
import { events } from "./endpoints/events.ts";
import { historical } from "./endpoints/historical.ts";
import { intraday } from "./endpoints/intraday.ts";
import { latest } from "./endpoints/latest.ts";
import { onDate } from "./endpoints/on-date.ts";
import { onDates } from "./endpoints/on-dates.ts";
import { providers } from "./endpoints/providers.ts";
import { revisions } from "./endpoints/revisions.ts";
import { series } from "./endpoints/series.ts";
import { statistics } from "./endpoints/statistics.ts";
import { volatility } from "./endpoints/volatility.ts";

/** Every endpoint of the public API, in the order of the OpenAPI document and the docs page. */
export const ENDPOINTS: readonly Endpoint[] = [
  current,
  historical,
  intraday,
  crosses,
  average,
  onDate,
  onDates,
  revisions,
  cfdi,
  convert,
  volatility,
  bars,
  change,
  statistics,
  latest,
  compare,
  currencies,
  series,
  providers,
  calendar,
  events,
];
