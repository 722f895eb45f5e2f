import type { AddressInfo } from "node:net";
import { type ServerType, serve } from "@hono/node-server";
import { notFound, publicApi } from "#core/api/app.ts";
import { readDocument } from "#core/api/document-files.ts";
import { policySchema } from "#core/ops/policy.ts";
import { PageBoards } from "#core/pages/page-boards.ts";
import { type PageCopy, type Pages, PagesUnavailable, type StaleReason } from "#core/pages/page-source.ts";
import { banxico } from "#core/providers/banxico.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { emptyPage, type Observation, type Page } from "#core/rates/page.ts";
import { addDays, yearOf } from "#core/time/dates.ts";
import { isBankDay } from "../../tools/simulators/banxico/mexico.ts";
import { NO_IDLE_TIMEOUT } from "../../tools/simulators/server.ts";
import { archiveOf } from "../unit/archive.ts";
import { eventsInMemory, noLive } from "../unit/events.ts";

export const LATEST_RATE = "16.9190";
const FIRST_YEAR = 2019;
const LATEST_DATE = "2023-12-29";
const NOW_MS = Date.parse("2023-12-29T20:00:00Z");
/** The values of the newest date, as they were stored. */
const STORED = banxico.series.map(({ id }) => ({
  series: id,
  date: LATEST_DATE,
  value: LATEST_RATE,
  at: "2023-12-29T18:01:00Z",
}));

/** The public API over pages in memory, listening on a port of its own. */
export class Site {
  readonly origin: string;
  readonly pages: PagesInMemory;
  readonly #server: ServerType;

  private constructor(server: ServerType, pages: PagesInMemory) {
    this.#server = server;
    this.pages = pages;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Site> {
    const pages = new PagesInMemory();
    const policy = policySchema.parse({ PROVIDERS: "banxico" });
    const catalogue = catalogueFor("local", policy);
    const boards = new PageBoards(pages, catalogue, NOW_MS);
    const api = publicApi(() => ({
      pages,
      boards,
      events: eventsInMemory(),
      live: noLive,
      archive: archiveOf(STORED),
      document: readDocument,
      nowMs: NOW_MS,
      elapsedMs: () => 3,
      policy,
      catalogue,
    }));
    api.notFound(notFound);
    const server = await new Promise<ServerType>((resolve) => {
      const starting = serve({ fetch: api.fetch, port: 0, hostname: "localhost", serverOptions: NO_IDLE_TIMEOUT }, () =>
        resolve(starting),
      );
    });
    return new Site(server, pages);
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Every series has the bank days of a few years. */
export class PagesInMemory implements Pages {
  /** How many reads fail from now on, and when they say to come back. */
  failure = { reads: 0, retryAfterSeconds: 30 };
  stale: StaleReason | undefined;

  heal(): void {
    this.failure = { reads: 0, retryAfterSeconds: 30 };
    this.stale = undefined;
  }

  async read(series: string, years: readonly number[]): Promise<PageCopy[]> {
    if (this.failure.reads-- > 0) throw new PagesUnavailable(this.failure.retryAfterSeconds);
    return years.map((year) => ({
      page: pageOf(series, year),
      tier: "isolate",
      freshUntilMs: NOW_MS,
      ...(this.stale && { stale: this.stale }),
    }));
  }
}

function pageOf(series: string, year: number): Page {
  if (year < FIRST_YEAR) return emptyPage({ series, year });
  return { series, year, version: 1, updated_at: "2023-12-29T18:01:00Z", observations: observationsOf(year) };
}

function observationsOf(year: number): Observation[] {
  const observations: Observation[] = [];
  for (let date = `${year}-01-01`; date <= `${year}-12-31` && date < LATEST_DATE; date = addDays(date, 1))
    if (isBankDay(date)) observations.push([date, (19.5 - observations.length / 100).toFixed(4)]);
  return year === yearOf(LATEST_DATE) ? [...observations, [LATEST_DATE, LATEST_RATE]] : observations;
}
