import { z } from "@hono/zod-openapi";
import { FIX_PAIR } from "../providers/examples.ts";
import type { Fixing } from "../rates/fixing.ts";
import type { Freshness } from "../rates/freshness.ts";
import { firstDateOf, type Route } from "../rates/route.ts";
import {
  bankDaysOf,
  datesOf,
  determinationOn,
  hasViews,
  type IsBankDay,
  inView,
  VIEWS,
  type View,
  viewDateOf,
} from "../rates/views.ts";
import { businessDaysAfter } from "../time/calendars.ts";
import { addDays, nextDay, type PlainDate, yearOf } from "../time/dates.ts";
import { announcedAtMs, nextDateAfter, publicationsAfter } from "../time/publication.ts";
import { instantOf } from "../time/zones.ts";
import { invalidParameter } from "./failure.ts";
import type { ApiHost } from "./host.ts";
import { RateReader } from "./rate-reader.ts";

const { base, quote, provider } = FIX_PAIR;
const FIX = `${base}/${quote} and ${quote}/${base} of ${provider}`;

/** The FIX by the date of its determination, of its publication in the DOF, or from which it applies. */

export const view = () =>
  z
    .enum(VIEWS, { error: `must be one of ${VIEWS.join(", ")}` })
    .optional()
    .openapi({
      description: `By which date the FIX is listed (${FIX} only): \`fix\`, of its determination; \`dof\`, of its publication in the Diario Oficial; \`settlement\`, from which it applies, as SF60653. Adds these dates to the response.`,
      example: "settlement",
    });

const DATE_COLUMNS = ["determination_date", "publication_date", "applicable_date"] as const;

/** The columns that a view adds to a list. */
export function viewColumns(request: { view?: View | undefined }): readonly string[] {
  return request.view === undefined ? [] : DATE_COLUMNS;
}

/** The three dates of a fixing as a view lists it; nothing without a view. */
export function viewDates({ dates }: Pick<Fixing, "dates">) {
  if (dates === undefined) return {};
  const { determination, publication, applicable } = dates;
  return { determination_date: determination, publication_date: publication, applicable_date: applicable };
}

/** The same as cells of a line. */
export function viewCells(row: Partial<Record<(typeof DATE_COLUMNS)[number], string>>) {
  const { determination_date, publication_date, applicable_date } = row;
  return { determination_date, publication_date, applicable_date };
}

/** How long before its date in a view a FIX is determined, at most: Easter and Christmas take nine days. */
const MAX_DELAY_DAYS = 20;
/** How long after a day the next observation comes, at most; it says which days were bank days before there was a rule. */
const MAX_GAP_DAYS = 14;

/** Reads fixings as a view lists them: every date that goes in or comes out is one of the view's. */
export class ViewReader extends RateReader {
  readonly #view: View;

  constructor(host: ApiHost, view: View) {
    super(host);
    this.#view = view;
  }

  override async fixings(route: Route, from: PlainDate, to: PlainDate): Promise<Fixing[]> {
    requireViews(route);
    const { calendar } = route.publication;
    const end = yearOf(to) < calendar.firstYear ? addDays(to, MAX_GAP_DAYS) : to;
    const fixings = await super.fixings(route, addDays(from, -MAX_DELAY_DAYS), end);
    const viewed = inView(this.#view, fixings, bankDaysOf(calendar, fixings));
    return viewed.filter(({ date }) => from <= date && date <= to);
  }

  /** A view's dates are not those of what is published. */
  override async published(): Promise<undefined> {
    return undefined;
  }

  /** The newest one that has come into force: the last rows of a view are dated in the future. */
  override async latest(route: Route): Promise<Fixing | undefined> {
    requireViews(route);
    const newest = await super.latest(route);
    if (newest === undefined) return undefined;
    return (await this.fixings(route, addDays(newest.date, -MAX_DELAY_DAYS), this.todayOf(route))).at(-1);
  }

  /** Whether the FIX that the view has on a date is stored, so that none can take its place. */
  override hasLater(route: Route, date: PlainDate): boolean {
    if (this.#view === "fix") return super.hasLater(route, date);
    const isRuled = yearOf(date) >= route.publication.calendar.firstYear;
    // The next observation says which days were bank days; at the end of a year it is in the next page.
    if (!isRuled) return [-1, MAX_GAP_DAYS].some((days) => super.hasLater(route, addDays(date, days)));
    const determination = determinationOn(this.#view, date, bankDaysByRule(route));
    return determination !== undefined && super.hasLater(route, addDays(determination, -1));
  }

  override freshnessOf(route: Route, latest: PlainDate): Freshness {
    if (this.#view === "fix") return super.freshnessOf(route, latest);
    const { publication } = route;
    const today = this.todayOf(route);
    const isBankDay = bankDaysByRule(route);
    const determinationOf = (date: PlainDate) => determinationOn(this.#view, date, isBankDay) ?? firstDateOf(route);
    const [held, due] = [determinationOf(latest), determinationOf(today)];
    const publicationsMissed = held < due ? publicationsAfter(publication, held, due) : 0;
    let next = nextDay(today);
    while (determinationOf(next) === due) next = nextDay(next);
    return {
      expected: due,
      publicationsMissed,
      stale: publicationsMissed > 0,
      ageBusinessDays: businessDaysAfter(publication.calendar, latest, today),
      nextUpdateMs:
        publicationsMissed > 0
          ? announcedAtMs(publication, nextDateAfter(publication, held))
          : instantOf(publication.zone, next, 0),
    };
  }

  /** By rule, although the first FIX is older: what an error says of it needs no page that may not be there. */
  override firstDate(route: Route): PlainDate {
    return viewDateOf(this.#view, datesOf(firstDateOf(route), bankDaysByRule(route)));
  }
}

function requireViews(route: Route): void {
  if (!hasViews(route)) throw invalidParameter("view", `only ${FIX}, whose rate is the FIX, have views`);
}

function bankDaysByRule({ publication: { calendar } }: Route): IsBankDay {
  return bankDaysOf(calendar, []);
}
