import { describe, expect, test } from "vitest";
import type { SeriesReading } from "#core/wire/internal.ts";
import { Metrics, type Readings } from "../../origin/ops/metrics.ts";
import { NOW_MS } from "./data.ts";
import { createOrigin, TOKEN } from "./origin.ts";

const METRICS_TOKEN = "scrape-token-of-the-tests-0123456789abc";

async function scrape(origin: Awaited<ReturnType<typeof createOrigin>>, headers: Record<string, string> = {}) {
  const response = await origin.get("/metrics", headers);
  const lines = (await response.text()).split("\n");
  return { status: response.status, headers: response.headers, lines };
}

const reading = (ageMs: number, observations: SeriesReading["observations"]): SeriesReading => ({
  batch_id: `banxico.SF43718:2023:${ageMs}:x`,
  provider: "banxico",
  fetched_at: new Date(NOW_MS - ageMs).toISOString(),
  series: "banxico.SF43718",
  year: 2023,
  complete: null,
  based_on: null,
  observations,
});

describe("the metrics", () => {
  test("count requests by pattern and class, calls to the store, and what became of values", async () => {
    const origin = await createOrigin();
    await origin.internal("readings", reading(40_000, [["2023-12-27", "16.9000"]]));
    await origin.internal("readings", reading(400_000, [["2023-12-28", "16.9100"]]));
    // Nothing new: how old it was says nothing of freshness.
    await origin.internal("readings", reading(9_000_000, [["2023-12-28", "16.9100"]]));
    await origin.get("/api/v1/rates/on/2023-12-28?a=secret");
    await origin.get("/api/v1/rates/on/2023-12-27");
    await origin.get("/no/such/path");
    await origin.app.request("/api/v1/rates/current", { method: "BREW" });
    await origin.services.store.events.setCursor("hub", 1, 0);
    const { status, headers, lines } = await scrape(origin);
    expect(status).toBe(200);
    expect(headers.get("Content-Type")).toContain("text/plain; version=0.0.4");
    expect(headers.get("Cache-Control")).toBe("no-store");
    const expected = [
      'paridad_origin_requests_total{method="GET",route="/api/v1/rates/on/:date",class="2xx"} 1',
      'paridad_origin_requests_total{method="GET",route="/api/v1/rates/on/:date",class="4xx"} 1',
      'paridad_origin_request_duration_seconds_count{route="/api/v1/rates/on/:date"} 2',
      "paridad_origin_commits_total 3",
      'paridad_origin_observations_total{outcome="accepted"} 2',
      'paridad_origin_observations_total{outcome="unchanged"} 1',
      'paridad_origin_observations_total{outcome="withdrawn"} 0',
      'paridad_origin_ingest_lag_seconds_bucket{le="60"} 1',
      'paridad_origin_ingest_lag_seconds_bucket{le="300"} 1',
      "paridad_origin_ingest_lag_seconds_count 2",
      'paridad_origin_store_call_duration_seconds_count{operation="commit",outcome="ok"} 3',
      "paridad_origin_database_up 1",
      "paridad_origin_quarantine_waiting 0",
      "paridad_origin_events_latest 2",
      'paridad_origin_events_behind{consumer="hub"} 1',
      'paridad_origin_newest_value_timestamp_seconds{provider="banxico"} 1703721600',
    ];
    expect(expected.filter((line) => !lines.includes(line))).toEqual([]);
    expect(lines.find((line) => line.includes('method="other"'))).toBeDefined();
    for (const text of ["secret", "no/such", "BREW", "2023-12-28"]) expect(lines.join("\n")).not.toContain(text);
  });

  test("say that the database is away, and leave out what it would have to tell", async () => {
    const origin = await createOrigin();
    origin.mood.now = "fails";
    const { status, lines } = await scrape(origin);
    expect(status).toBe(200);
    expect(lines).toContain("paridad_origin_database_up 0");
    expect(lines).toContain('paridad_origin_store_call_duration_seconds_count{operation="ping",outcome="failed"} 2');
    expect(lines.join("\n")).not.toMatch(/^paridad_origin_(quarantine_waiting|migrations)/m);
  });

  test("count the edge's runs and events, with labels that nobody can multiply", async () => {
    const metrics = new Metrics();
    const log = metrics.around(() => undefined);
    for (let count = 0; count < 500; count++) {
      log("breaker", { name: `name-${count}`, to: "open" });
      log("ingest_run", { provider: `provider-${count}`, kind: "sync", outcome: "ok" });
      log(`unknown-${count}`, { name: "x" });
    }
    log("breaker", { name: "redis", to: "half_open" });
    const lines = (await metrics.text(NOTHING_READ)).split("\n");
    expect(lines).toContain('paridad_origin_edge_events_total{event="breaker"} 501');
    expect(lines).toContain('paridad_origin_edge_breaker_changes_total{breaker="redis",to="other"} 1');
    expect(lines.filter((line) => /^paridad_origin_(edge|ingest_runs)/.test(line)).length).toBeLessThan(150);
  });

  test("show series of intraday providers that have stalled", async () => {
    const stalled = [{ provider: "exchangerate-api", series: 2 }];
    const text = await new Metrics().text({ ...NOTHING_READ, stalled });
    expect(text).toContain('paridad_origin_ticks_stalled{provider="exchangerate-api"} 2');
  });

  test("show connections of each database", async () => {
    const pools = [{ role: "reader", state: { open: 5, idle: 3, waiting: 7 } }];
    const lines = (await new Metrics().text({ ...NOTHING_READ, pools })).split("\n");
    expect(lines).toContain('paridad_origin_pool_connections{role="reader",state="in_use"} 2');
    expect(lines).toContain('paridad_origin_pool_waiting{role="reader"} 7');
  });
});

const NOTHING_READ: Readings = {
  health: {
    status: "healthy",
    level: "healthy",
    dependencies: { database: "healthy", redis: "unknown", banxico_api: "unknown", circuit_breaker: "unknown" },
    performance: { response_time_p95: null, cache_hit_ratio: null },
    freshness: { latest: null, expected: "2023-12-29", publishes_missed: null },
    dead_letters: null,
    settlement_check: "unknown",
    series: [],
    providers: [],
  },
  isDatabaseUp: true,
  quarantineWaiting: undefined,
  migrations: undefined,
  pools: [],
  pagesHeld: 0,
  hotResponses: { entries: 0, bytes: 0 },
  latestEvent: undefined,
  consumers: [],
  stalled: [],
};

describe("access", () => {
  test.each([{}, { Authorization: `Bearer ${TOKEN}` }, { Authorization: METRICS_TOKEN }])(
    "%j is refused",
    async (headers) => {
      const origin = await createOrigin({ environment: "prd", metricsToken: METRICS_TOKEN });
      const { status, lines } = await scrape(origin, headers as Record<string, string>);
      expect(status).toBe(401);
      expect(lines.join("")).not.toContain("paridad_origin");
    },
  );

  test("needs the token, which opens nothing else", async () => {
    const origin = await createOrigin({ environment: "prd", metricsToken: METRICS_TOKEN });
    const headers = { Authorization: `Bearer ${METRICS_TOKEN}` };
    expect((await scrape(origin, headers)).status).toBe(200);
    expect((await origin.get("/internal/versions", headers)).status).toBe(401);
  });

  test("without a token there are no metrics, but on a developer's machine", async () => {
    expect((await scrape(await createOrigin({ environment: "prd" }))).status).toBe(404);
    expect((await scrape(await createOrigin({ environment: "local" }))).status).toBe(200);
  });
});
