import { Hono } from "hono";
import { type ApiVariables, publicApi } from "#core/api/app.ts";
import { readDocument } from "#core/api/document-files.ts";
import { DEFAULT_POLICY, type Policy } from "#core/ops/policy.ts";
import { PageBoards } from "#core/pages/page-boards.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import { readEnv } from "../../origin/env.ts";
import { createServices, type Services } from "../../origin/services.ts";
import type { Row } from "../../tools/simulators/banxico/data.ts";
import { generatedFix } from "../../tools/simulators/banxico/generate.ts";
import { isBankDay, nextBankDay } from "../../tools/simulators/banxico/mexico.ts";
import type { Simulator } from "../../tools/simulators/server.ts";
import { Guard } from "../../worker/clients/guard.ts";
import type { OriginClient } from "../../worker/clients/origin-client.ts";
import type { RedisClient } from "../../worker/clients/redis-client.ts";
import { Announcements } from "../../worker/tiers/announcements.ts";
import { IsolateTier } from "../../worker/tiers/isolate-tier.ts";
import { OriginTier } from "../../worker/tiers/origin-tier.ts";
import { RedisTier } from "../../worker/tiers/redis-tier.ts";
import { Renewals } from "../../worker/tiers/renewals.ts";
import { TieredPages, type TiersSettings } from "../../worker/tiers/tiered-pages.ts";
import { NO_ARCHIVE } from "../unit/archive.ts";
import { eventsInMemory, noLive } from "../unit/events.ts";

/** What the platform of the stories is put together from. */

/** Overrides of the policy: machines are busy, and the clock that these tests are about is moved by hand. */
export const PATIENT = Object.fromEntries(
  Object.keys(DEFAULT_POLICY)
    .filter((name) => /_(DEADLINE|PATIENCE)_MS$/.test(name))
    .map((name) => [name, "60000"]),
);

/** A response of the edge or the origin, read. */
export interface Read {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the fields differ from route to route.
  json: any;
}

/** The body of Banxico's response with data. */
export interface SieBody {
  bmx: { series: { idSerie: string; titulo: string; datos?: { fecha: string; dato: string }[] }[] };
}

export type Edge = Pick<Hono, "request">;

const MINUTE_MS = 60_000;

/** The public API over an isolate of its own, Redis and the origin. */
export function edgeOver(parts: { redis: RedisClient; origin: OriginClient; policy: Policy; now: () => number }): Edge {
  const { redis, origin, policy, now } = parts;
  const guard = (name: string) =>
    new Guard({
      name,
      deadlineMs: MINUTE_MS,
      classify: () => "failure",
      policy: { failureThreshold: 3, openMs: MINUTE_MS, probeMs: MINUTE_MS },
      onChange: () => undefined,
    });
  const catalogue = catalogueFor("local", { ...policy, PROVIDERS: policy.PROVIDERS ?? ["banxico"] });
  const events = { read: () => {}, failed: () => {}, fillFailed: () => {}, servedStale: () => {} };
  const settings: TiersSettings = {
    tiers: [
      new IsolateTier(policy),
      new RedisTier({ reader: redis, writer: redis, guard: guard("redis"), policy, events }),
      new OriginTier({ client: origin, guard: guard("origin"), policy }),
    ],
    renewals: new Renewals(),
    policy,
    conditions: () => ({ isRedisAway: false, isDatabaseDegraded: false }),
    announcements: new Announcements(catalogue, policy),
    originClosedForMs: () => 0,
    events,
  };
  const scope = { now, waitUntil: () => undefined };
  const host = () => {
    const pages = new TieredPages(settings, scope);
    const boards = new PageBoards(pages, catalogue, now());
    return {
      pages,
      boards,
      archive: NO_ARCHIVE,
      events: eventsInMemory(),
      live: noLive,
      document: readDocument,
      nowMs: now(),
      elapsedMs: () => 0,
      policy,
      catalogue,
    };
  };
  const app = new Hono<{ Variables: ApiVariables }>();
  return app.route("/", publicApi<{ Variables: ApiVariables }>(host)) as unknown as Edge;
}

export async function openOrigin(databaseUrl: string, policy: Readonly<Record<string, string>>): Promise<Services> {
  const env = readEnv({ DATABASE_URL: databaseUrl, PAGE_MEMORY_MS: "0", PROVIDERS: "banxico", ...policy });
  const services = await createServices(env, () => undefined);
  await services.store.migrate();
  return services;
}

export async function putFaults({ url }: Simulator, faults: readonly object[]): Promise<void> {
  const response = await fetch(`${url}/__faults`, { method: "PUT", body: JSON.stringify(faults) });
  if (!response.ok) throw new Error(`the simulator refused the faults: ${await response.text()}`);
}

export function rowsOf(from: PlainDate, to: PlainDate): Row[] {
  const rows: Row[] = [];
  for (let date = from; date <= to; date = addDays(date, 1))
    if (isBankDay(date)) rows.push([date, generatedFix(date).toFixed(4)]);
  return rows;
}

export async function read(response: Response | Promise<Response>): Promise<Read> {
  const { status } = await response;
  const text = await (await response).text();
  const isJson = text.startsWith("{") || text.startsWith("[");
  return { status, json: isJson ? JSON.parse(text) : text };
}

export const FIX = "SF43718";
export const EUR = "SF46410";
export const JPY = "SF46406";
export const GBP = "SF46407";

/** Faults that give a series a value on every bank day from one date to another. */
export function valuesOf(series: string, from: PlainDate, to: PlainDate, valueAt: (index: number) => string) {
  const faults: { type: "observation"; series: string; date: PlainDate; value: string }[] = [];
  for (let date = from, index = 0; date <= to; date = nextBankDay(date), index++)
    faults.push({ type: "observation", series, date, value: valueAt(index) });
  return faults;
}

/** Changes each row of a series in Banxico's responses; undefined leaves it out. */
export function changeRows(series: string, change: (date: PlainDate, value: string) => string | undefined) {
  return ({ bmx }: SieBody): void => {
    for (const entry of bmx.series) {
      if (entry.idSerie !== series || entry.datos === undefined) continue;
      entry.datos = entry.datos.flatMap(({ fecha, dato }) => {
        const changed = change(fecha.split("/").reverse().join("-"), dato);
        return changed === undefined ? [] : [{ fecha, dato: changed }];
      });
    }
  };
}

/** A value times a factor, to four decimals as Banxico prints it. */
export function times(factor: number, value: string): string {
  return (Number(value) * factor).toFixed(4);
}
