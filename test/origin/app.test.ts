import { gunzipSync } from "node:zlib";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Health } from "#core/api/health.ts";
import { banxico } from "#core/providers/banxico.ts";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import { batchOf, USD, type Value, weekdaysOf } from "./data.ts";
import { createOrigin } from "./origin.ts";

let origin: Awaited<ReturnType<typeof createOrigin>>;

const CURRENT = "/api/v1/rates/current";
const HISTORY = "/api/v1/rates/historical?from=2022-01-03&to=2022-12-30";
const days = weekdaysOf(2022).map((date): Value => [date, "19.5"]);

beforeEach(async () => {
  origin = await createOrigin();
  await origin.internal("observations", batchOf([...days, ["2023-12-28", "16.9000"], ["2023-12-29", "16.9190"]]));
});

const requests = () => origin.lines.filter(({ event }) => event === "request");

describe("the public API", () => {
  test("answers from the store", async () => {
    const response = await origin.get(CURRENT);
    expect(await response.json()).toMatchObject({ rate: "16.9190", date: "2023-12-29", stale: false });
    expect((await origin.get("/api/v1/nothing")).status).toBe(404);
    expect((await origin.app.request(CURRENT, { method: "POST" })).status).toBe(405);
    expect((await origin.get("/api/v1/rates/on/2023-02-30")).status).toBe(400);
  });

  test("gives the same bytes again until something is stored, past this instance too", async () => {
    const first = await origin.get(CURRENT);
    const body = await first.text();
    const reads = vi.spyOn(origin.services.store, "pages");
    origin.clock.ms += 999;
    const hot = await origin.get(CURRENT);
    expect(await hot.text()).toBe(body);
    expect(Object.fromEntries(hot.headers)).toEqual(Object.fromEntries(first.headers));
    origin.clock.ms += 3_600_000;
    expect(await (await origin.get(CURRENT)).json()).toMatchObject({ rate: "16.9190" });
    expect(reads).not.toHaveBeenCalled();
    await commitBatch(origin.services.store, batchOf([["2023-12-29", "16.9191"]]), origin.clock.ms);
    expect(await (await origin.get(CURRENT)).json()).toMatchObject({ rate: "16.9191" });
    expect(reads).toHaveBeenCalledOnce();
  });

  test("a client that has the answer gets 304, hot or not", async () => {
    const etag = (await origin.get(CURRENT)).headers.get("ETag") as string;
    for (const afterMs of [0, 2_000]) {
      origin.clock.ms += afterMs;
      const response = await origin.get(CURRENT, { "If-None-Match": etag });
      expect([response.status, response.headers.get("ETag"), response.headers.get("Content-Type")]).toEqual([
        304,
        etag,
        null,
      ]);
      expect((await origin.get(CURRENT, { "If-None-Match": '"other"' })).status).toBe(200);
    }
  });

  test("compresses long responses; the tag then is weak, on a 304 as well", async () => {
    const plain = await origin.get(HISTORY);
    const packed = await origin.get(HISTORY, { "Accept-Encoding": "br, gzip" });
    expect(packed.headers.get("Content-Encoding")).toBe("gzip");
    expect(packed.headers.get("Vary")).toContain("Accept-Encoding");
    expect(gunzipSync(await packed.arrayBuffer()).toString()).toBe(await plain.text());
    const etag = packed.headers.get("ETag") as string;
    expect(etag).toBe(`W/${plain.headers.get("ETag")}`);
    expect(
      (await origin.get(HISTORY, { "Accept-Encoding": "gzip;q=0, *" })).headers.get("Content-Encoding"),
    ).toBeNull();
    const again = await origin.get(HISTORY, { "Accept-Encoding": "gzip", "If-None-Match": etag });
    expect([again.status, again.headers.get("Content-Encoding"), again.headers.get("ETag")]).toEqual([304, null, etag]);
    const strong = await origin.get(HISTORY, { "If-None-Match": etag });
    expect([strong.status, strong.headers.get("ETag")]).toEqual([304, plain.headers.get("ETag")]);
    const short = await origin.get(CURRENT, { "Accept-Encoding": "gzip" });
    expect([short.headers.get("Content-Encoding"), short.headers.get("Vary")]).toEqual([null, null]);
  });

  test("gives what it has packed again to who takes it, and as it is to who does not", async () => {
    const ask = async (encoding: string) => {
      const answer = await origin.get(HISTORY, { "Accept-Encoding": encoding });
      return { headers: Object.fromEntries(answer.headers), bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    const [first, hot, plain] = [await ask("gzip"), await ask("gzip"), await ask("identity")];
    expect(hot.bytes.equals(first.bytes)).toBe(true);
    expect(hot.headers).toEqual(first.headers);
    expect(gunzipSync(hot.bytes).equals(plain.bytes)).toBe(true);
    expect(plain.headers).toMatchObject({ vary: "Accept, Accept-Encoding" });
  });
});

describe("while the store fails", () => {
  test.each(["fails", "hangs"] as const)("%s: what was read before is given, marked; the rest is 503", async (mood) => {
    await origin.get(CURRENT);
    origin.mood.now = mood;
    origin.clock.ms += 5_000;
    const response = await origin.get(CURRENT);
    expect(await response.json()).toMatchObject({ rate: "16.9190", stale: true });
    expect(response.headers.get("Paridad-Stale")).toBe("origin_unavailable");
    const cold = await origin.get("/api/v1/rates/current?base=EUR");
    expect([cold.status, cold.headers.get("Retry-After")]).toEqual([503, "5"]);
    expect(await cold.json()).toMatchObject({ code: "unavailable" });

    origin.mood.now = "well";
    origin.clock.ms += 1_000;
    expect(await (await origin.get(CURRENT)).json()).toMatchObject({ stale: false });
  });

  test("it is asked once a second, not by every reader", async () => {
    origin.mood.now = "fails";
    for (let reader = 0; reader < 10; reader++)
      expect((await origin.get("/api/v1/rates/current?base=EUR")).status).toBe(503);
    expect(origin.lines.filter(({ event }) => event === "store_failed")).toHaveLength(1);
  });

  test("nothing is given that is older than the horizon", async () => {
    await origin.get(CURRENT);
    origin.mood.now = "fails";
    origin.clock.ms += origin.services.env.policy.STALE_HORIZON_MS;
    expect((await origin.get(CURRENT)).status).toBe(503);
  });
});

describe("health", () => {
  test("live, ready and whole", async () => {
    for (const { id } of banxico.series.slice(1))
      await origin.internal("observations", batchOf([["2023-12-29", "18.7", id]], id));
    expect((await origin.get("/health/live")).status).toBe(200);
    expect((await origin.get("/health/ready")).status).toBe(200);
    expect(await (await origin.get("/health")).json()).toMatchObject({
      status: "healthy",
      dependencies: { database: "healthy", redis: "unknown" },
      freshness: { latest: "2023-12-29", expected: "2023-12-29", publishes_missed: 0 },
      performance: { response_time_p95: expect.any(Number) },
    });
  });

  test.each(["fails", "hangs"] as const)("the database %s: live, not ready, degraded, at once", async (mood) => {
    await origin.get("/health");
    origin.mood.now = mood;
    origin.clock.ms += 2_000;
    expect((await origin.get("/health/live")).status).toBe(200);
    expect((await origin.get("/health/ready")).status).toBe(503);
    const health = await origin.get("/health");
    expect(await health.json()).toMatchObject({
      status: "degraded",
      dependencies: { database: "unhealthy" },
      freshness: { latest: "2023-12-29" },
    });
  });

  test("a series without a value is named, and nothing is probed again for two seconds", async () => {
    const missing = { id: banxico.series[1]?.id, state: "missing", latest: null, publishes_missed: null, waiting: 0 };
    const read = async () => (await (await origin.get("/health")).json()) as Health;
    const first = await read();
    expect(first).toMatchObject({ status: "degraded", level: "limited", freshness: { latest: "2023-12-29" } });
    expect(first.series[1]).toEqual(missing);
    origin.mood.now = "fails";
    origin.clock.ms += 1_999;
    expect(await read()).toEqual(first);
    origin.clock.ms += 1;
    expect((await read()).dependencies.database).toBe("unhealthy");
  });

  test("draining: live, not ready, and connections are to be closed", async () => {
    origin.services.isDraining = true;
    expect((await origin.get("/health/ready")).status).toBe(503);
    const response = await origin.get(CURRENT);
    expect([response.status, response.headers.get("Connection")]).toEqual([200, "close"]);
  });

  test("without data it is critical", async () => {
    const empty = await createOrigin();
    const response = await empty.get("/health");
    expect([response.status, ((await response.json()) as { level: string }).level]).toEqual([503, "critical"]);
  });
});

describe("log and trace", () => {
  test("one line a request: the pattern of its route, never what it was asked with", async () => {
    await origin.get("/api/v1/rates/on/2023-12-28?base=USD");
    await origin.get("/api/v1/rates/on/2023-12-28?base=USD");
    await origin.get("/secret-path?token=secret");
    expect(requests().slice(1)).toMatchObject([
      { method: "GET", route: "/api/v1/rates/on/:date", status: 200, duration_ms: expect.any(Number) },
      { route: "/api/v1/rates/on/:date", status: 200 },
      { status: 404 },
    ]);
    expect(JSON.stringify(origin.lines)).not.toMatch(/secret|2023-12-28|base=/);
  });

  test("a trace goes on, and a new one begins where there is none", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const traceparent = `00-${trace}-b7ad6b7169203331-01`;
    const shareable = await origin.get(CURRENT, { Traceparent: traceparent });
    for (const name of ["Traceparent", "Server-Timing", "Paridad-Tier"]) expect(shareable.headers.get(name)).toBeNull();
    expect(requests().at(-1)?.traceparent).toContain(trace);
    const response = await origin.get(CURRENT, { Traceparent: traceparent, "Cache-Control": "no-cache" });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "no-store",
      "paridad-tier": "origin",
      "server-timing": "origin;dur=0",
    });
    const ours = response.headers.get("Traceparent") as string;
    expect(ours).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(ours).not.toContain("b7ad6b7169203331");
    expect(requests().at(-1)).toMatchObject({ traceparent: ours });
    for (const broken of ["", "00-0-0-0", `00-${"0".repeat(32)}-b7ad6b7169203331-01`, "\t00"]) {
      await origin.get(CURRENT, { Traceparent: broken });
      expect(requests().at(-1)?.traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);
    }
    const spans = requests().map(({ traceparent }) => traceparent);
    expect(new Set(spans).size).toBe(spans.length);
  });

  test("a fault of ours is logged, and answered without its message", async () => {
    origin.services.pages.read = () => Promise.reject(new TypeError("secret of the code"));
    const response = await origin.get(CURRENT);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    const traceparent = requests().at(-1)?.traceparent;
    expect(response.headers.get("Traceparent")).toBe(traceparent);
    expect(origin.lines).toContainEqual(
      expect.objectContaining({ event: "error", error: "TypeError", message: "secret of the code", traceparent }),
    );
  });
});

test("a page that is asked for by many at once is read once", async () => {
  let reads = 0;
  const { store } = origin.services;
  const { pages } = store;
  store.pages = (...args) => {
    reads++;
    return pages.apply(store, args);
  };
  origin.clock.ms += 5_000;
  await Promise.all(Array.from({ length: 20 }, () => origin.services.pages.read(USD, [2022, 2023])));
  expect(reads).toBe(1);
});
