import { earlier } from "../time/dates.ts";
import { type Outlook, outlookAt } from "./freshness.ts";
import { lastDateOf, type Route } from "./route.ts";

type Dated = Pick<Route, "publication" | "series">;

/** What the calendar of a route's provider says at an instant (epoch milliseconds). */
export function routeOutlookAt(route: Dated, nowMs: number): Outlook {
  return upToLastDate(route, outlookAt(route.publication, nowMs));
}

/** Of a series that has ended nothing later is expected. */
export function upToLastDate(route: Dated, outlook: Outlook): Outlook {
  const until = lastDateOf(route);
  return until === undefined ? outlook : { ...outlook, expected: earlier(outlook.expected, until) };
}
