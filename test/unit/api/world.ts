import { Hono } from "hono";
import { type ApiVariables, notFound, publicApi } from "#core/api/app.ts";
import { readDocument } from "#core/api/document-files.ts";
import type { ApiHost } from "#core/api/host.ts";
import { problemResponse } from "#core/api/problem.ts";
import { canonicalTarget } from "#core/api/target.ts";
import { formatDecimal } from "#core/money/decimal.ts";
import { DEFAULT_POLICY, type Policy } from "#core/ops/policy.ts";
import { PageBoards } from "#core/pages/page-boards.ts";
import { type Archive, type PageCopy, type Pages, PagesUnavailable } from "#core/pages/page-source.ts";
import { banxico } from "#core/providers/banxico.ts";
import { emptyPage, type Observation, type Page } from "#core/rates/page.ts";
import { addDays, type PlainDate, yearOf } from "#core/time/dates.ts";
import type { RateEvent } from "#core/wire/events.ts";
import { isBankDay } from "../../../tools/simulators/banxico/mexico.ts";
import { NO_ARCHIVE } from "../archive.ts";
import { catalogue } from "../catalogues.ts";
import { eventsInMemory, noLive } from "../events.ts";

/** The observations of each base currency of Banxico's, and of other providers' series by their ids. */
export type Figures = Record<string, readonly Observation[]>;

export interface WorldOptions {
  now: string;
  figures: Figures;
  policy?: Partial<Policy>;
  /** What every copy is marked with, e.g. a tier or the reason for which it is stale. */
  copies?: Partial<PageCopy>;
  /** Years of which no tier has the page. */
  lost?: (year: number) => boolean;
  /** Years of which the origin says that it has nothing. */
  absent?: (year: number, series: string) => boolean;
  /** The dashboard's home page. */
  homePage?: string;
  /** Dates with a value that waits for confirmation. */
  waiting?: readonly PlainDate[];
  /** The log of events. */
  events?: readonly RateEvent[];
  archive?: Archive;
}

export interface World {
  get(path: string, init?: RequestInit): Promise<Response>;
  json(path: string): Promise<Record<string, unknown>>;
  /** Every read that the pages were asked for. */
  reads: { series: string; years: readonly number[] }[];
  /** Faults that came out of the API rather than an answer. */
  faults: unknown[];
}

/** The public API over pages in memory. */
export function world({
  now,
  figures,
  policy,
  copies,
  lost,
  absent,
  waiting,
  archive = NO_ARCHIVE,
  events,
  homePage,
}: WorldOptions): World {
  const reads: World["reads"] = [];
  const faults: unknown[] = [];
  const stored = new Map(pagesOf(figures).map((page) => [`${page.series}:${page.year}`, page]));
  const nowMs = Date.parse(now);
  const pages: Pages = {
    async read(series, years) {
      reads.push({ series, years });
      if (lost && years.some(lost)) throw new PagesUnavailable(17);
      return years.map((year) => ({
        page: absent?.(year, series)
          ? emptyPage({ series, year })
          : withWaiting(stored.get(`${series}:${year}`) ?? pageWithout(series, year, figures), waiting),
        tier: "isolate",
        freshUntilMs: nowMs + 20_000,
        ...copies,
      }));
    },
  };
  const given = { ...DEFAULT_POLICY, ...policy };
  const served = catalogue(given.PROVIDERS ?? ["banxico"], given);
  const boards = new PageBoards(pages, served, nowMs);
  const host: ApiHost = {
    pages,
    boards,
    archive,
    events: eventsInMemory(events),
    live: noLive,
    document: readDocument,
    nowMs,
    elapsedMs: () => 3,
    policy: given,
    catalogue: served,
    ...(homePage !== undefined && { homePage: async () => homePage }),
  };
  const app = new Hono<{ Variables: ApiVariables }>().route(
    "/",
    publicApi(() => host),
  );
  app.notFound((c) => notFound(c));
  app.onError((error, c) => {
    faults.push(error);
    return problemResponse({ code: "internal" }, c.req.url);
  });
  // As the hosts do.
  const get = async (path: string, init?: RequestInit) =>
    app.request(`https://paridad.example${canonicalTarget(path)}`, init);
  return { get, json: async (path) => (await get(path)).json() as Promise<Record<string, unknown>>, reads, faults };
}

/** A made-up value on every bank day of each series from its first date to `to`. */
export function madeUpFigures(to: PlainDate, from: PlainDate = "1991-11-12"): Figures {
  const start: Record<string, number> = { USD: 170_000, EUR: 190_000, JPY: 1_200, GBP: 220_000, CAD: 130_000 };
  const listed = banxico.series.map(({ base, since }) => {
    const list: Observation[] = [];
    for (let day = since > from ? since : from; day <= to; day = addDays(day, 1)) {
      if (!isBankDay(day)) continue;
      const wave = 1 + 0.1 * Math.sin(list.length / 50 + base.charCodeAt(0));
      list.push([day, formatDecimal({ units: BigInt(Math.round((start[base] ?? 0) * wave)), scale: 4 })]);
    }
    return [base, list] as const;
  });
  return Object.fromEntries(listed);
}

/** A year of which a test gives no figures: known to have none if its series has any, and not there yet otherwise. */
function pageWithout(series: string, year: number, figures: Figures): Page {
  const key = banxico.series.find(({ id }) => id === series)?.base ?? series;
  if ((figures[key] ?? []).length === 0) return emptyPage({ series, year });
  const at = `${year}-01-05T18:01:00Z`;
  return { series, year, version: 1, updated_at: at, observations: [], withdrawn: [`${year}-01-02`] };
}

function withWaiting(page: Page, dates: readonly PlainDate[] = []): Page {
  const waiting = dates.filter((date) => yearOf(date) === page.year);
  return waiting.length > 0 ? { ...page, waiting } : page;
}

function pagesOf(figures: Figures): Page[] {
  return Object.entries(figures).flatMap(([key, observations]) => {
    const id = banxico.series.find(({ base }) => base === key)?.id ?? key;
    const byYear = Map.groupBy(observations, ([date]) => yearOf(date));
    return Array.from(byYear, ([year, observations]) => ({
      series: id,
      year,
      version: observations.length,
      updated_at: `${observations.at(-1)?.[0]}T18:01:00Z`,
      observations,
    }));
  });
}
