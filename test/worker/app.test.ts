import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { createHandler, type Handler } from "../../worker/app.ts";
import { RedisClient } from "../../worker/clients/redis-client.ts";
import { createServices, type Services } from "../../worker/services.ts";
import { SERIES, TestClock, TestOrigin, testBindings } from "./support.ts";

const CURRENT = "/api/v1/rates/current";
const SECRET = "planted-secret-0123456789";

let clock: TestClock;
let origin: TestOrigin;
let services: Services;
let handle: Handler;
let log: string[];

const redis = () => new RedisClient({ url: inject("upstashOf").app, token: inject("redisToken"), deadlineMs: 60_000 });
const setFaults = (faults: unknown) =>
  fetch(`${inject("upstashOf").app}/__faults`, { method: "PUT", body: JSON.stringify(faults) });

function start(overrides: Record<string, unknown> = {}): void {
  const bindings = testBindings({
    UPSTASH_REDIS_REST_URL: inject("upstashOf").app,
    RATE_LIMITER: undefined,
    // The machine that runs the tests may be slow; what a deadline does is tested with the tiers.
    COLO_DEADLINE_MS: "1000",
    REDIS_DEADLINE_MS: "1000",
    ...overrides,
  });
  services = createServices(bindings, {
    now: clock.now,
    random: () => 0.5,
    fetch: origin.fetch,
    log: (line) => log.push(line),
  });
  handle = createHandler(services);
}

/** The answer, once all that goes on behind it is done. */
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const context = createExecutionContext();
  const response = await handle(new Request(`https://paridad.example.com${path}`, init), context);
  await waitOnExecutionContext(context);
  return response;
}

/** The response to a request for diagnostics. */
const diagnose = (path: string, headers = {}) => ask(path, { headers: { "Cache-Control": "no-cache", ...headers } });

beforeEach(async () => {
  clock = new TestClock();
  log = [];
  origin = new TestOrigin().hold({
    series: SERIES,
    year: 2023,
    version: 7,
    updated_at: "2023-12-28T18:00:05Z",
    observations: [
      ["2023-12-27", "16.9567"],
      ["2023-12-28", "16.9190"],
    ],
  });
  await setFaults([]);
  await redis().send(["FLUSHALL"]);
  start();
});

afterEach(() => setFaults([]));

describe("an answer", () => {
  test("is the same from every tier as they are emptied one by one", async () => {
    const first = await diagnose(CURRENT);
    const body = await first.text();
    expect(JSON.parse(body)).toMatchObject({ rate: "16.9190", date: "2023-12-28", stale: false });
    const answers = [first];
    answers.push(await diagnose(CURRENT));
    clock.advance(21_000); // past the isolate, within the colo
    answers.push(await diagnose(CURRENT));
    clock.advance(61_000); // past both
    answers.push(await diagnose(CURRENT));
    expect(answers.map(({ headers }) => headers.get("Paridad-Tier"))).toEqual(["origin", "isolate", "colo", "redis"]);
    for (const answer of answers.slice(1)) expect(await answer.text()).toBe(body);
    expect(origin.requests).toHaveLength(1);
  });

  test("is kept hot until its first copy expires", async () => {
    await ask(CURRENT);
    expect(services.hotResponses.find(CURRENT, clock.ms + 19_999)).toBeDefined();
    expect(services.hotResponses.find(CURRENT, clock.ms + 20_000)).toBeUndefined();
  });

  test("that is an error is not kept hot", async () => {
    await ask(`${CURRENT}?base=XXX`);
    expect(services.hotResponses.size.entries).toBe(0);
  });

  test("goes on with the reader's trace, and takes it to the origin", async () => {
    const trace = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const answer = await diagnose(CURRENT, { traceparent: `00-${trace}-bbbbbbbbbbbbbbbb-01` });
    expect(answer.headers.get("Traceparent")).toContain(trace);
    expect(origin.requests[0]?.headers.get("Traceparent")).toContain(trace);
    const bad = await ask(`${CURRENT}?base=XXX`, { headers: { traceparent: "00-evil" } });
    expect(bad.headers.get("Traceparent")).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });
});

describe("when something fails", () => {
  test("Redis away: the origin answers, with no mark", async () => {
    await setFaults([{ type: "unavailable" }]);
    const answer = await diagnose(CURRENT);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Paridad-Tier")).toBe("origin");
    expect(answer.headers.get("Paridad-Stale")).toBeNull();
  });

  test("Redis away: freshness doubles, and the breaker opens after three failures and says so", async () => {
    await ask(CURRENT);
    await setFaults([{ type: "unavailable" }]);
    for (const year of [2020, 2021, 2022]) await ask(`/api/v1/rates/on/${year}-06-15`);
    expect(services.redisGuard.state).toBe("open");
    expect(log.join()).toContain("circuit breaker of redis: closed → open");
    const events = origin.requests.filter(({ path }) => path === "/internal/events");
    expect(events.map(({ body }) => JSON.parse(body))).toEqual([
      { event: "breaker", name: "redis", detail: "open", at: "2023-12-29T17:00:00.000Z" },
    ]);
    clock.advance(39_000);
    expect((await diagnose(CURRENT)).headers.get("Paridad-Tier")).toBe("isolate");
  });

  test("the origin away: Redis answers another isolate, with no mark", async () => {
    await ask(CURRENT);
    origin.chaos = "unreachable";
    start();
    const answer = await diagnose(CURRENT);
    expect(answer.headers.get("Paridad-Tier")).toBe("redis");
    expect(answer.headers.get("Paridad-Stale")).toBeNull();
  });

  test("Redis and origin away: warm pages are served, marked, and kept by others only shortly", async () => {
    await ask(CURRENT);
    origin.chaos = 503;
    await setFaults([{ type: "unavailable" }]);
    clock.advance(3_600_000);
    const answer = await ask(CURRENT);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Paridad-Stale")).toBe("redis_and_origin_unavailable");
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=5");
    expect(await answer.json()).toMatchObject({ rate: "16.9190", stale: true });
  });

  test("Redis and origin away: a cold page is a 503 problem, and to a browser a page", async () => {
    origin.chaos = 503;
    await setFaults([{ type: "unavailable" }]);
    const problem = await ask(CURRENT);
    expect(problem.status).toBe(503);
    expect(problem.headers.get("Content-Type")).toBe("application/problem+json");
    expect(Number(problem.headers.get("Retry-After"))).toBeGreaterThan(0);
    const page = await ask(CURRENT, { headers: { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" } });
    expect(page.status).toBe(503);
    expect(page.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("Cache-Control")).toBe("no-store");
    expect(Number(page.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(await page.text()).toContain("<h1>");
  });

  test("the origin's database in trouble: freshness lengthens to half an hour while it says so", async () => {
    origin.headers = { "Paridad-Database": "trouble" };
    await ask(CURRENT);
    clock.advance(59_000);
    expect((await diagnose(CURRENT)).headers.get("Paridad-Tier")).toBe("isolate");
    clock.advance(2_000);
    expect((await diagnose(`${CURRENT}?base=USD`)).headers.get("Paridad-Tier")).toBe("redis");
  });

  test("a page poisoned in Redis is overwritten, and the origin told of it", async () => {
    const key = `paridad:v1:page:${SERIES}:2023`;
    await redis().set(key, '{"__proto__":{"series":1}}');
    expect((await diagnose(CURRENT)).headers.get("Paridad-Tier")).toBe("origin");
    expect(JSON.parse((await redis().get(key)) ?? "")).toMatchObject({ version: 7 });
    expect(origin.requests.some(({ body }) => body.includes('"corrupt_page"'))).toBe(true);
  });

  test("a fault of ours is a 500 that says nothing, and is recorded without secrets", async () => {
    Object.assign(services, { pages: () => ({ read: () => poison() }) });
    const answer = await ask(`${CURRENT}?base=EUR`, { headers: { Authorization: `Bearer ${SECRET}` } });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain(SECRET);
    expect(log).toHaveLength(1);
    expect(log[0]).not.toContain(SECRET);
    expect(log[0]).not.toContain("base=EUR");
  });
});

describe("what is not the public's", () => {
  test.each([
    ["GET", "/internal/versions"],
    ["POST", "/internal/observations"],
    ["GET", `/internal/pages/${SERIES}/2023`],
    ["GET", "/internal"],
    ["GET", "//internal/versions"],
    ["GET", "/.pages/x/2023"],
    ["GET", "/api/v1/../../internal/versions"],
  ])("%s %s is not there", async (method, path) => {
    const answer = await ask(path, { method, headers: { Authorization: `Bearer ${services.env.edgeToken}` } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
    expect(origin.requests).toEqual([]);
  });
});

describe("the rate limit", () => {
  const limiterOf = (limit: (key: string) => Promise<{ success: boolean }>) => ({
    RATE_LIMITER: { limit: ({ key }: { key: string }) => limit(key) },
  });

  test("answers a 429 problem with Retry-After, counted per address", async () => {
    const keys: string[] = [];
    start(limiterOf(async (key) => ({ success: keys.push(key) <= 1 })));
    // What is hot is not counted, so each asks for something else.
    const from = (ip: string) => ask(`/api/v1/series?x=${keys.length}`, { headers: { "CF-Connecting-IP": ip } });
    expect((await from("192.0.2.7")).status).toBe(400);
    const refused = await from("2001:db8:0:12::1");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("Retry-After")).toBe("10");
    expect(refused.headers.get("Content-Type")).toBe("application/problem+json");
    await from("2001:0DB8::12:9:8:7:6");
    expect(keys).toEqual(["192.0.2.7", "2001:db8:0:12::/64", "2001:db8:0:12::/64"]);
  });

  test.each([
    ["absent", undefined],
    ["failing", async () => Promise.reject(new Error("no limiter"))],
    ["hanging", () => new Promise<never>(() => {})],
  ])("%s limits nobody", async (_, limit) => {
    start(limit ? limiterOf(limit) : {});
    expect((await ask(CURRENT)).status).toBe(200);
  });
});

test("no promise of one request is awaited by another: one that is cancelled leaves the next to itself", async () => {
  origin.chaos = "hang";
  const cancelled = handle(new Request(`https://paridad.example.com${CURRENT}`), createExecutionContext());
  void Promise.resolve(cancelled).catch(() => undefined);
  origin.chaos = "none";
  expect((await ask(CURRENT)).status).toBe(200);
});

function poison(): never {
  throw new Error(`command was: ["SET","${SECRET}"] at https://origin.example.com/?token=${SECRET}`);
}
