import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { expect, inject, test } from "vitest";
import { createApp } from "../../worker/app.ts";
import { createServices } from "../../worker/services.ts";
import { pageOf, TestClock, TestOrigin, testBindings } from "./support.ts";

const REDIS = { UPSTASH_REDIS_REST_URL: inject("upstashOf").rateLimit };
const CURRENT = "/api/v1/rates/current";
const WHOLE = "/api/v1/rates/historical?from=1991-11-12&fill=previous&base=MXN&quote=USD";

/** The status of a request to an isolate of its own, and which limiters have been called, with which key. */
function isolateWith(limits: Record<string, number>) {
  const calls: string[] = [];
  const limiters = Object.entries(limits).map(([name, limit]) => {
    let left = limit;
    const limiter = {
      limit: async ({ key }: { key: string }) => {
        calls.push(`${name} ${key}`);
        return { success: left-- > 0 };
      },
    };
    return [name, limiter];
  });
  const origin = new TestOrigin().hold({ ...pageOf(2023, 7), observations: [["2023-12-28", "16.9190"]] });
  const clock = new TestClock();
  const services = createServices(
    testBindings({ ...REDIS, RATE_LIMITER: undefined, ...Object.fromEntries(limiters) }),
    {
      now: clock.now,
      fetch: origin.fetch,
      log: () => undefined,
    },
  );
  const app = createApp(services);
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    const context = createExecutionContext();
    const response = await app.fetch(new Request(`https://paridad.example.com${path}`, init), {}, context);
    await waitOnExecutionContext(context);
    return response;
  };
  return { ask, calls };
}

test("a long period counts by its cost, a short one not at all, and others go on when it is refused", async () => {
  const { ask, calls } = isolateWith({ HEAVY_RATE_LIMITER: 5 });
  for (const path of [CURRENT, "/api/v1/rates/historical?days=200", "/api/v1/rates/average/30d", "/api/v1/currencies"])
    await ask(path);
  expect(calls).toEqual([]);
  expect((await ask(WHOLE, { headers: { "CF-Connecting-IP": "192.0.2.7" } })).status).not.toBe(429);
  expect(calls).toEqual(Array(5).fill("HEAVY_RATE_LIMITER 192.0.2.7"));
  const refused = await ask(`${WHOLE}&limit=5`);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("Retry-After")).toBe("10");
  expect(await refused.json()).toMatchObject({ code: "rate_limited" });
  expect(calls).toHaveLength(6);
  expect((await ask("/api/v1/rates/average/366d")).status).toBe(429);
  expect((await ask(CURRENT)).status).toBe(200);
});

test("what the edge has to ask the store for counts as one unit, besides what its length costs", async () => {
  const { ask, calls } = isolateWith({ HEAVY_RATE_LIMITER: 5 });
  const then = "known_at=2023-12-29T00:00:00Z";
  const units = async (path: string) => {
    calls.length = 0;
    await ask(path);
    return calls.length;
  };
  expect(await units(`/api/v1/rates/on/2023-12-28?${then}`)).toBe(1);
  expect(await units("/api/v1/rates/2023-12-28/revisions")).toBe(1);
  expect(await units(`/api/v1/events?limit=201`)).toBe(3);
  expect((await ask("/api/v1/events")).status).toBe(429);
  expect((await ask(`${CURRENT}?${then}`)).status).toBe(429);
  expect((await ask(CURRENT)).status).toBe(200);
});

test.each([
  `${WHOLE}&zz=1`,
  `${WHOLE}&=1`,
  `${WHOLE}&limit=0`,
  `${WHOLE}&base=EUR`,
  "/api/v1/rates/historical?from=1991-11-12&base=XAU",
  "/api/v1/rates/historical?from=1991-11-12&provider=nobody",
  "/api/v1/rates/average/366d?basis=weekly",
])("a long period that is refused counts nothing: %s", async (path) => {
  const { ask, calls } = isolateWith({ HEAVY_RATE_LIMITER: 5 });
  expect((await ask(path)).status).toBe(400);
  expect(calls).toEqual([]);
});

test("health has a limit of its own", async () => {
  const { ask, calls } = isolateWith({ HEALTH_RATE_LIMITER: 1 });
  expect((await ask(CURRENT)).status).toBe(200);
  expect(calls).toEqual([]);
  expect((await ask("/health")).status).toBe(200);
  expect((await ask("/health")).status).toBe(429);
  expect((await ask(CURRENT)).status).toBe(200);
});
