import { readFileSync } from "node:fs";
import { Hono } from "hono";
import { type ApiVariables, notFound, publicApi } from "#core/api/app.ts";
import { readDocument } from "#core/api/document-files.ts";
import type { EventSource } from "#core/api/event-source.ts";
import { type HealthFacts, healthOf, healthResponse } from "#core/api/health.ts";
import { problemResponse } from "#core/api/problem.ts";
import { canonicalTarget } from "#core/api/target.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { PageBoards } from "#core/pages/page-boards.ts";
import type { Archive, Boards, Pages } from "#core/pages/page-source.ts";
import { banxico } from "#core/providers/banxico.ts";
import { type Catalogue, catalogueFor } from "#core/providers/catalogue.ts";
import { emptyPage, type Observation } from "#core/rates/page.ts";
import { yearOf } from "#core/time/dates.ts";

/**
 * The public API over a year of real rates, at one instant: what the examples of the document, of the docs and of the
 * client's tests are made with. rates.csv holds the FIX of 2023
 * and of the days before, and rates of the ECB of December 2023.
 */

export const EXAMPLE_NOW = "2023-12-29T20:00:00Z";
const UPDATED_AT = "2023-12-29T18:01:00Z";

const HEALTHY: Omit<HealthFacts, "providers"> = {
  database: "healthy",
  redis: "healthy",
  responseTimeP95Ms: 12,
  cacheHitRatio: 0.998,
  traffic: { error_ratio: 0, slow_ratio: 0.001, tiers: { isolate: 0.93, colo: 0.06, redis: 0.008, origin: 0.002 } },
  release: "v1.4.0",
  deadLetters: 0,
  settlementCheck: "agrees",
  series: [{ id: "banxico.SF43718", latest: "2023-12-29", waiting: 0, unconfirmed: false }],
};

/** Answers as a deployment that has these rates, and no others. */
export type ExampleApi = (request: Request) => Promise<Response>;

export function exampleApi(): ExampleApi {
  const nowMs = Date.parse(EXAMPLE_NOW);
  const policy = { ...DEFAULT_POLICY, PROVIDERS: ["banxico", "ecb"] };
  const catalogue = catalogueFor("local", policy);
  const pages = exampleRates();
  const boards = new PageBoards(pages, catalogue, nowMs);
  const app = new Hono<{ Variables: ApiVariables }>();
  app.route(
    "/",
    publicApi(() => ({
      pages,
      boards,
      events: exampleEvents(),
      live: { stream: async (_, { url }) => notHere(url), socket: async (_, { url }) => notHere(url) },
      archive: exampleArchive(pages, boards, catalogue),
      document: readDocument,
      nowMs,
      elapsedMs: () => 1,
      policy,
      catalogue,
    })),
  );
  app.get("/health", async () => {
    // Of the series of Banco de México, those that rates.csv has.
    const provider = { ...banxico, series: banxico.series.filter(({ base }) => base === "USD") };
    const [board] = await boards.readBoards([banxico.id]);
    const providers = [{ provider, board: board?.board, breaker: "closed" as const }];
    return healthResponse(healthOf({ ...HEALTHY, providers }, banxico.publication, nowMs, policy));
  });
  app.notFound((c) => notFound(c));
  return async (request) => {
    const { origin, pathname, search } = new URL(request.url);
    return app.request(origin + canonicalTarget(pathname + search), request);
  };
}

/** Connections that stay open need a host. */
const notHere = (url: string) => problemResponse({ code: "not_found" }, url);

/** A log with one event, the newest FIX. */
function exampleEvents(): EventSource {
  const data = {
    series: "banxico.SF43718",
    base: "USD",
    quote: "MXN",
    date: "2023-12-29",
    rate: "16.9190",
    previous: "16.9087",
    version: 8_079,
    revised: false,
    at: UPDATED_AT,
  };
  const event = { seq: 1_042, type: "rate.published", subject: data.series, data, occurred_at: UPDATED_AT } as const;
  return {
    readEvents: async ({ after }) => ({ events: after < event.seq ? [event] : [], next: event.seq, latest: event.seq }),
  };
}

/** Every rate was stored at one instant and never changed. */
function exampleArchive(pages: Pages, boards: Boards, catalogue: Catalogue): Archive {
  return {
    at: () => ({
      read: (series, years) => pages.read(series, years),
      readBoards: (providers) => boards.readBoards(providers),
      readWindow: async (provider, date) => {
        const series = catalogue.providerOf({ provider }).series.map(({ id }) => id);
        const copies = await Promise.all(series.map((id) => pages.read(id, [yearOf(date)])));
        const values = copies.map(([copy]) => copy?.page.observations ?? []);
        const all = Object.fromEntries(series.map((id, index) => [id, values[index] ?? []]));
        return { values: all, tier: "origin", freshUntilMs: Date.parse(EXAMPLE_NOW) };
      },
    }),
    revisions: async (series, date) => {
      const [copy] = await pages.read(series, [yearOf(date)]);
      const found = copy?.page.observations.filter(([day]) => day === date) ?? [];
      return found.map(([, value]) => ({ value, withdrawn: false, knownFrom: UPDATED_AT }));
    },
  };
}

function exampleRates(): Pages {
  const lines = readFileSync(new URL("rates.csv", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  const observations = Map.groupBy(
    lines.map((line) => line.split(",") as [series: string, date: string, value: string]),
    ([series, date]) => `${series}:${yearOf(date)}`,
  );
  return {
    async read(series, years) {
      return years.map((year) => {
        const rows = observations.get(`${series}:${year}`) ?? [];
        const list = rows.map(([, date, value]): Observation => [date, value]);
        const page =
          list.length === 0
            ? emptyPage({ series, year })
            : { series, year, version: list.length, updated_at: UPDATED_AT, observations: list };
        return { page, tier: "isolate" as const, freshUntilMs: Date.parse(EXAMPLE_NOW) };
      });
    },
  };
}
