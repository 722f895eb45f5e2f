import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, expect, inject, test } from "vitest";
import { ingestKeyOf, TOTALS_KEY } from "#core/wire/keys.ts";
import { createApp } from "../../worker/app.ts";
import { RedisClient } from "../../worker/clients/redis-client.ts";
import { Metrics } from "../../worker/ops/metrics.ts";
import { prometheusText } from "../../worker/ops/prometheus-text.ts";
import { createServices } from "../../worker/services.ts";
import { TestClock, TestOrigin, TestScope, testBindings } from "./support.ts";

const METRICS_TOKEN = "scrape-token-of-the-tests-0123456789abc";
const url = () => inject("upstashOf").scrape;
const redis = () => new RedisClient({ url: url(), token: inject("redisToken"), deadlineMs: 60_000 });
async function setFaults(faults: unknown): Promise<void> {
  const { ok } = await fetch(`${url()}/__faults`, { method: "PUT", body: JSON.stringify(faults) });
  expect(ok).toBe(true);
}

let clock: TestClock;

beforeEach(async () => {
  clock = new TestClock();
  await setFaults([]);
  await redis().send(["FLUSHALL"]);
});

async function scrape(authorization?: string, overrides: Record<string, unknown> = { METRICS_TOKEN }) {
  const bindings = testBindings({ UPSTASH_REDIS_REST_URL: url(), RATE_LIMITER: undefined, ...overrides });
  const services = createServices(bindings, { now: clock.now, fetch: new TestOrigin().fetch, log: () => undefined });
  const headers = new Headers(authorization === undefined ? {} : { Authorization: authorization });
  const context = createExecutionContext();
  const request = new Request("https://paridad.example.com/metrics", { headers });
  const response = await createApp(services).fetch(request, {}, context);
  await waitOnExecutionContext(context);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

const lineOf = (body: string, series: string) => body.split("\n").find((line) => line.startsWith(`${series} `));

test("gives the counts of all isolates since Redis was emptied, over all minutes", async () => {
  for (const isolate of [1, 2]) {
    const metrics = new Metrics(redis(), () => true);
    metrics.responded(200, 12);
    metrics.responded(503, 7_000);
    metrics.responded(429, 0);
    metrics.read("origin", { hits: isolate, misses: 1, corrupt: 0 });
    metrics.hot();
    await metrics.flush(new TestScope(clock.now));
    clock.advance(3_600_000);
  }
  await redis().send(["HSET", ingestKeyOf("banxico"), "ticked", clock.ms]);
  const { status, headers, body } = await scrape(`Bearer ${METRICS_TOKEN}`);
  expect([status, headers.get("Cache-Control")]).toEqual([200, "no-store"]);
  expect(headers.get("Content-Type")).toContain("text/plain; version=0.0.4");
  for (const line of [
    "paridad_edge_requests_total 8",
    "paridad_edge_errors_total 2",
    "paridad_edge_rate_limited_total 2",
    "paridad_edge_hot_responses_total 2",
    'paridad_edge_request_duration_seconds_bucket{le="0.001"} 4',
    'paridad_edge_request_duration_seconds_bucket{le="0.02"} 6',
    'paridad_edge_request_duration_seconds_bucket{le="5"} 6',
    'paridad_edge_request_duration_seconds_bucket{le="+Inf"} 8',
    "paridad_edge_request_duration_seconds_sum 14.024",
    "paridad_edge_request_duration_seconds_count 8",
    'paridad_edge_page_reads_total{tier="origin",result="hit"} 3',
    'paridad_edge_dependency_up{dependency="redis"} 1',
    `paridad_edge_ingest_last_tick_timestamp_seconds ${clock.ms / 1_000}`,
  ])
    expect(body.split("\n")).toContain(line);
});

test("says that Redis is away rather than that nothing was counted", async () => {
  await setFaults([{ type: "unavailable" }]);
  const { status, body } = await scrape(`Bearer ${METRICS_TOKEN}`);
  expect(status).toBe(200);
  expect(lineOf(body, 'paridad_edge_dependency_up{dependency="redis"}')).toMatch(/ 0$/);
  expect(body).not.toContain("paridad_edge_requests_total");
});

test("a hash that holds nonsense counts as zero", async () => {
  await redis().send(["HSET", TOTALS_KEY, "requests", "-3", "errors", "many", "hot", "1e400"]);
  const { body } = await scrape(`Bearer ${METRICS_TOKEN}`);
  for (const name of ["requests", "errors", "hot_responses"])
    expect(lineOf(body, `paridad_edge_${name}_total`)).toMatch(/ 0$/);
});

test.each([undefined, "Bearer ", `Bearer ${METRICS_TOKEN}x`, METRICS_TOKEN, `Basic ${METRICS_TOKEN}`])(
  "refuses %s",
  async (authorization) => {
    const { status, body, headers } = await scrape(authorization);
    expect([status, headers.get("WWW-Authenticate")]).toEqual([401, 'Bearer realm="paridad"']);
    expect(body).not.toContain("paridad_edge");
  },
);

test("without a token it is open on a developer's machine, and does not exist elsewhere", async () => {
  expect((await scrape(undefined, {})).status).toBe(200);
  const https = { ORIGIN_URL: "https://o.example.com", BANXICO_URL: "https://b.example.com" };
  const secrets = { EDGE_TOKEN: "e".repeat(32), BANXICO_TOKEN: "b".repeat(64) };
  const deployed = { ENVIRONMENT: "prd", ...https, ...secrets, UPSTASH_REDIS_REST_URL: "https://r.example.com" };
  expect((await scrape(undefined, deployed)).status).toBe(404);
});

test("labels are escaped, and a family of nothing is left out", () => {
  const labels = { name: 'a"b\\c\nd' };
  const family = { name: "n", help: "h", type: "gauge" as const };
  expect(prometheusText([{ ...family, samples: [{ labels, value: 1 }] }])).toBe(
    '# HELP n h\n# TYPE n gauge\nn{name="a\\"b\\\\c\\nd"} 1\n',
  );
  expect(prometheusText([{ ...family, samples: [] }])).toBe("");
});
