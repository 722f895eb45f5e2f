import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Health } from "#core/api/health.ts";
import { type Answer, System, until } from "../../tools/dev/system.ts";
import { type RedisServer, startRedis } from "../../tools/servers/redis.ts";
import { type Figures, writeFigures } from "./figures.ts";

/** Redis and origin both dead: warm pages answer, marked; a cold one says when to come back; and it heals by itself. */
const WARM = [
  "/api/v1/rates/current",
  "/api/v1/rates/current?base=EUR&quote=USD",
  "/api/v1/rates/historical?days=30",
  "/api/v1/rates/average/15d",
  "/api/v1/convert?from=USD&to=MXN&amount=100.10",
];
/** Pages that nobody has asked for yet. */
const COLD = { dead: "/api/v1/rates/on/2022-12-20?base=GBP", hanging: "/api/v1/rates/on/2022-12-20?base=CAD" };
const BROWSER = { Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };
const BUDGET_MS = 1_000;

let system: System;
let redis: RedisServer;
let figures: Figures;
beforeAll(async () => {
  redis = await startRedis();
  figures = await writeFigures("2023-12-29", 280);
  system = await System.start({
    redisUrl: redis.url,
    csvFile: figures.file,
    // Whatever is held is past its freshness, so that each read looks further down; and breakers try again at once.
    vars: {
      ISOLATE_FRESH_MS: "0",
      COLO_FRESH_MS: "0",
      ISOLATE_FRESH_PAST_MS: "0",
      COLO_FRESH_PAST_MS: "0",
      BREAKER_OPEN_MS: "500",
      BREAKER_PROBE_MS: "500",
    },
  });
  await system.fill();
  await allIsWell();
});
afterAll(async () => {
  await system.stop();
  await Promise.all([redis.stop(), figures.remove()]);
});

describe.each([
  [
    "dead" as const,
    () => Promise.all([system.stack.parts.redis.kill(), system.stack.parts.origin.kill()]),
    () => Promise.all([system.stack.parts.redis.start(), system.stack.parts.origin.start()]),
  ],
  [
    "hanging" as const,
    async () => [system.stack.parts.redis.freeze(), system.stack.parts.origin.freeze()],
    async () => [system.stack.parts.redis.thaw(), system.stack.parts.origin.thaw()],
  ],
])("with Redis and origin %s", (how, begin, end) => {
  beforeAll(async () => {
    await begin();
  });

  test("warm pages answer, and say that they are stale", async () => {
    for (const path of WARM) {
      const answer = await system.edge(path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get("Paridad-Stale")).toBe("redis_and_origin_unavailable");
      expect(answer.headers.get("Cache-Control")).toBe("public, max-age=5");
      expect(answer.headers.get("Cloudflare-CDN-Cache-Control")).toContain("stale-if-error=0");
      expect(JSON.parse(answer.body)).toMatchObject({ stale: true });
    }
  });

  test("a cold page is a problem that says when to ask again", async () => {
    const answer = await system.edge(COLD[how]);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 503, code: "unavailable" });
  });

  test("and to a browser a page to read", async () => {
    const answer = await system.edge(COLD[how], BROWSER);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(answer.body).toContain("Rates can’t be read at the moment");
    expect(answer.body).toContain("Por ahora no se pueden consultar");
  });

  test("health says what is wrong, at once", async () => {
    let health: Health | undefined;
    const read = async () => {
      const beganMs = performance.now();
      const answer = await system.edge("/health");
      expect(answer.status).toBe(200);
      health = JSON.parse(answer.body) as Health;
      return performance.now() - beganMs;
    };
    // What was found before holds for some seconds.
    await until("health knows", async () => {
      await read();
      return health?.dependencies.database === "unhealthy" && health.dependencies.redis === "unhealthy";
    });
    // What the machine adds differs from one to the next; what every one of them takes is ours.
    await until(`health responds within ${BUDGET_MS} ms`, async () => (await read()) < BUDGET_MS);
    expect(health).toMatchObject({ status: "degraded", level: "degraded" });
    expect(health?.freshness).toEqual({ latest: "2023-12-29", expected: "2023-12-29", publishes_missed: 0 });
  });

  test(`heals by itself once they are no longer ${how}`, async () => {
    await end();
    await allIsWell();
    expect((await system.edge(COLD[how])).status).toBe(200);
  });
});

test("health has the promised shape", async () => {
  const { body, headers } = await system.edge("/health");
  expect(headers.get("Cache-Control")).toBe("no-store");
  const health = JSON.parse(body) as Health;
  expect(Object.keys(health)).toEqual([
    "status",
    "level",
    "dependencies",
    "performance",
    "freshness",
    "dead_letters",
    "settlement_check",
    "series",
    "providers",
  ]);
  expect(Object.keys(health.dependencies)).toEqual(["database", "redis", "banxico_api", "circuit_breaker"]);
  expect(Object.keys(health.performance)).toEqual([
    "response_time_p95",
    "cache_hit_ratio",
    "error_ratio",
    "slow_ratio",
    "tiers",
  ]);
  expect(health).toMatchObject({
    status: "healthy",
    level: "healthy",
    dependencies: { database: "healthy", redis: "healthy", banxico_api: "healthy", circuit_breaker: "closed" },
    dead_letters: 0,
  });
});

/** Every warm path answers unmarked, and health has nothing to say. */
async function allIsWell(): Promise<void> {
  const isGood = ({ status, headers }: Answer) => status === 200 && !headers.has("Paridad-Stale");
  for (const path of WARM) await until(`${path} is as it should be`, async () => isGood(await system.edge(path)));
  await until("health is good", async () => {
    const { body } = await system.edge("/health");
    return (JSON.parse(body) as Health).status === "healthy";
  });
}
