import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, expect, inject, test } from "vitest";
import { createHandler, type Handler } from "../../worker/app.ts";
import { RedisClient } from "../../worker/clients/redis-client.ts";
import { createServices, type Services } from "../../worker/services.ts";
import { SERIES, TestClock, TestOrigin, testBindings } from "./support.ts";

/** What a response says of itself, and under how many spellings of its URL it is kept. */

const CURRENT = "/api/v1/rates/current";

let origin: TestOrigin;
let services: Services;
let handle: Handler;

beforeEach(async () => {
  const url = inject("upstashOf").responses;
  await new RedisClient({ url, token: inject("redisToken"), deadlineMs: 60_000 }).send(["FLUSHALL"]);
  const observations = [["2023-12-28", "16.9190"]] as const;
  origin = new TestOrigin().hold({
    series: SERIES,
    year: 2023,
    version: 7,
    updated_at: "2023-12-28T18:00:05Z",
    observations,
  });
  const { now } = new TestClock();
  const hosts = { FACADE_HOSTS: "fx.example.com" };
  const patience = { COLO_DEADLINE_MS: "5000", REDIS_DEADLINE_MS: "5000" };
  const bindings = testBindings({ UPSTASH_REDIS_REST_URL: url, RATE_LIMITER: undefined, ...patience, ...hosts });
  services = createServices(bindings, { now, random: () => 0.5, fetch: origin.fetch, log: () => undefined });
  handle = createHandler(services);
});

/** The response, once all that goes on behind it is done. */
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const context = createExecutionContext();
  const response = await handle(new Request(`https://paridad.example.com${path}`, init), context);
  await waitOnExecutionContext(context);
  return response;
}

test("a response that a shared cache may keep has nothing of the request", async () => {
  const headers = { traceparent: `00-${"a".repeat(32)}-bbbbbbbbbbbbbbbb-01` };
  for (const method of ["GET", "GET", "HEAD"]) {
    const response = await ask(CURRENT, { headers, method });
    expect(response.headers.get("Cache-Control")).toMatch(/^public/);
    for (const name of ["Traceparent", "Server-Timing", "Paridad-Tier"]) expect(response.headers.get(name)).toBeNull();
  }
});

test("a response is kept once, however its URL is spelt", async () => {
  for (const variant of ["/?base=eur&_=1", "?quote=MXN&base=EUR", "?base=eur&quote=mxn&utm_source=x", "?b%61se=EUR&&"])
    expect((await ask(`${CURRENT}${variant}`)).status).toBe(503);
  for (const variant of ["", "/", "?_=1", "/?_=2", "?utm_source=x", "?&", "?#x"]) await ask(`${CURRENT}${variant}`);
  await ask("/api/v1/./rates/current");
  await ask("/api/v1\\rates/x/../current");
  for (const nameless of ["?=1", "?=2", "?base=USD&=3"]) expect((await ask(`${CURRENT}${nameless}`)).status).toBe(400);
  expect(services.hotResponses.size.entries).toBe(1);
  expect(origin.requests.filter(({ path }) => path.includes("SF43718"))).toHaveLength(1);
});

test("a facade's response is kept once, with and without a key, at our host and at its own", async () => {
  const sie = "/SieAPIRest/service/v1/series/SF43718/datos/2023-12-28/2023-12-28";
  for (const variant of ["", "/", "?token=a", "/?token=b"]) expect((await ask(`${sie}${variant}`)).status).toBe(200);
  expect(services.hotResponses.size.entries).toBe(1);
  const rate = "/v2/rate/USD/MXN?date=2023-12-28";
  const ours = await ask(`/frankfurter${rate}`);
  const own = await handle(new Request(`https://fx.example.com${rate}`), createExecutionContext());
  expect(await own.text()).toBe('{"date":"2023-12-28","base":"USD","quote":"MXN","rate":16.919}');
  expect(own.headers.get("ETag")).toBe(ours.headers.get("ETag"));
  expect(services.hotResponses.size.entries).toBe(2);
  expect((await ask(rate)).status).toBe(404);
});

test.each(["/api/v1/rates/current", "/api/v1/rates/current/?_=1", "/docs", "/", "/nothing"])(
  "HEAD of %s has the headers of GET",
  async (path) => {
    const [got, asked] = [await ask(path), await ask(path, { method: "HEAD" })];
    const length = (await got.arrayBuffer()).byteLength;
    expect([asked.status, await asked.text()]).toEqual([got.status, ""]);
    const { "content-length": size, traceparent: _, ...headers } = Object.fromEntries(asked.headers);
    const { traceparent: __, "content-length": ___, ...ofGet } = Object.fromEntries(got.headers);
    expect([headers, Number(size)]).toEqual([ofGet, length]);
  },
);

test("two Host headers are a problem", async () => {
  const response = await handle(new Request("https://a,b/nothing"), createExecutionContext());
  expect([response.status, response.headers.get("Content-Type")]).toEqual([400, "application/problem+json"]);
});
