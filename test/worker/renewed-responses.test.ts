import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import fc from "fast-check";
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { createHandler, type Handler } from "../../worker/app.ts";
import { RedisClient } from "../../worker/clients/redis-client.ts";
import { HotResponse } from "../../worker/hot-response.ts";
import { createServices, type Services } from "../../worker/services.ts";
import { PATIENT, SERIES, TestClock, TestOrigin, testBindings } from "./support.ts";

/** Responses that hold longer than the pages behind them were fresh, because these were renewed unchanged. */

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAYS = ["2023-12-26", "2023-12-27", "2023-12-28", "2023-12-29", "2024-01-02", "2024-01-03"];
const ASSETS = { fetch: async () => new Response("<p>Paridad</p><!-- the current rate -->") };
const PATHS = [
  "/api/v1/rates/current",
  "/api/v1/convert?from=USD&to=MXN&amount=2.50",
  "/api/v1/rates/historical?days=5",
  "/api/v1/rates/on/2023-12-31",
  "/api/v1/rates/average?days=3",
  "/api/v1/rates/current?base=MXN&quote=USD",
  "/api/v1/rates/current?view=settlement",
  "/frankfurter/v2/rate/USD/MXN?date=2023-12-28",
  "/",
  "/SieAPIRest/service/v1/series/SF43718/datos/2023-12-26/2023-12-28",
];

const redis = new RedisClient({ url: inject("upstashOf").responses, token: inject("redisToken"), deadlineMs: 60_000 });
const renew = vi.spyOn(HotResponse.prototype, "renew");

let clock: TestClock;
let origin: TestOrigin;
let services: Services;
let handle: Handler;

beforeEach(async () => {
  clock = new TestClock();
  origin = new TestOrigin();
  const url = inject("upstashOf").responses;
  const bindings = testBindings({ UPSTASH_REDIS_REST_URL: url, RATE_LIMITER: undefined, ASSETS, ...PATIENT });
  services = createServices(bindings, { now: clock.now, random: () => 0.5, fetch: origin.fetch, log: () => undefined });
  handle = createHandler(services);
  await publish(3, 1);
});

afterEach(() => renew.mockClear());

/** The first `count` days of values, of which those of a later `edition` are others. */
async function publish(count: number, edition: number): Promise<void> {
  for (const year of [2022, 2023, 2024]) {
    const all = [
      ["2022-12-30", "19.4143"],
      ...DAYS.slice(0, count).map((day, index) => [day, `17.${edition}${index}`]),
    ];
    const observations = all.filter(([day]) => day?.startsWith(`${year}-`)) as [string, string][];
    if (observations.length === 0) origin.hold({ series: SERIES, year, version: 0, updated_at: null, observations });
    else origin.hold({ series: SERIES, year, version: edition, updated_at: "2023-12-26T18:00:05Z", observations });
  }
  await redis.send(["FLUSHALL"]);
}

interface Asked {
  status: number;
  tag: string | null;
  body: string;
  /** For how many seconds the cache in front of the worker, and a client, may keep it. */
  edgeAge: number;
  clientAge: number;
}

async function ask(path: string): Promise<Asked> {
  const context = createExecutionContext();
  const response = await handle(new Request(`https://paridad.example.com${path}`), context);
  await waitOnExecutionContext(context);
  const { status, headers } = response;
  const age = (name: string) => Number(/max-age=(\d+)/.exec(headers.get(name) ?? "")?.[1] ?? 0);
  const ages = { edgeAge: age("Cloudflare-CDN-Cache-Control"), clientAge: age("Cache-Control") };
  return { status, tag: headers.get("ETag"), body: await response.text(), ...ages };
}

const renewals = () => renew.mock.results.filter(({ value }) => value !== undefined).length;

test("a page that was renewed unchanged renews what was made from it", async () => {
  const [path, other] = PATHS as [string, string];
  const first = await ask(path);
  clock.advance(25 * SECOND_MS);
  await ask(other);
  const again = await ask(path);
  expect([again, renewals()]).toEqual([first, 1]);
  clock.advance(10 * SECOND_MS);
  expect((await ask(path)).edgeAge).toBe(first.edgeAge - 10);
});

test("and no cache keeps it beyond the next publication", async () => {
  const [path, other] = PATHS as [string, string];
  clock.advance(HOUR_MS - 50 * SECOND_MS);
  for (const _ of ["made", "reused"]) expect((await ask(path)).edgeAge).toBe(50);
  clock.advance(25 * SECOND_MS);
  await ask(other);
  expect([(await ask(path)).edgeAge, renewals()]).toEqual([25, 1]);
});

test("one that changed does not", async () => {
  const [path, other] = PATHS as [string, string];
  await ask(path);
  await publish(3, 2);
  clock.advance(100 * SECOND_MS);
  await ask(other);
  expect((await ask(path)).body).toContain('"17.22"');
  expect(renewals()).toBe(0);
});

test("whatever the time and the pages, a response is the one that would be made now", async () => {
  const steps = fc.array(
    fc.record({
      ms: fc.constantFrom(500, 7 * SECOND_MS, 25 * SECOND_MS, 90 * SECOND_MS, HOUR_MS / 3, 5 * HOUR_MS),
      published: fc.option(fc.nat(DAYS.length), { freq: 6 }),
      paths: fc.shuffledSubarray(PATHS, { minLength: 3 }),
    }),
    { minLength: 20, maxLength: 20 },
  );
  let edition = 1;
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      for (const { ms, published, paths } of all) {
        clock.advance(ms);
        if (published !== null) await publish(published, ++edition);
        const given = [];
        for (const path of paths) given.push(await ask(path));
        services.hotResponses.clear();
        for (const [index, path] of paths.entries()) {
          const made = await ask(path);
          const { edgeAge, clientAge, ...rest } = given[index] as Asked;
          expect(rest).toEqual({ status: made.status, tag: made.tag, body: made.body });
          // Ages are whole seconds.
          expect(edgeAge).toBeLessThanOrEqual(made.edgeAge + 1);
          expect(clientAge).toBeLessThanOrEqual(made.clientAge + 1);
        }
      }
    }),
    { numRuns: 15 },
  );
  expect(renewals()).toBeGreaterThan(100);
});
