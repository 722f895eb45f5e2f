import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { stringify } from "yaml";
import { System, until } from "../../tools/dev/system.ts";
import { DASHBOARDS } from "../../tools/observability/dashboards.ts";
import { ruleGroups } from "../../tools/observability/rules.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { type Prometheus, promtool, startPrometheus } from "../../tools/servers/prometheus.ts";

const METRICS_TOKEN = "scrape-token-of-the-tests-0123456789abc";
const bearer = { Authorization: `Bearer ${METRICS_TOKEN}` };
/** What one expression may name beside metrics of the two hosts. */
const PROMETHEUS_OWN = new Set(["up"]);

let system: System;
let texts: { edge: string; origin: string };

beforeAll(async () => {
  const databaseUrl = await createDatabaseAt(inject("mariadbUrl"));
  const providers = ["banxico", "exchangerate-api"];
  system = await System.start({ databaseUrl, providers, redisUrl: inject("redisUrl"), vars: { METRICS_TOKEN } });
  await system.redis("FLUSHALL");
  await system.fill();
  for (const path of ["/api/v1/rates/current", "/api/v1/rates/historical?days=10", "/no-such-path"]) {
    await system.edge(path);
    await system.origin(path);
  }
  // The isolate writes its counts at most every ten seconds, with a request.
  await until("the edge's counts are in Redis", async () => {
    const { body } = await system.edge("/metrics", bearer);
    return sampleOf(body, "paridad_edge_requests_total") > 0;
  });
  // On a busy machine a first reading of the board may take longer than a probe waits.
  await until("the origin has read its board", async () => {
    const { body } = await system.origin("/metrics", bearer);
    return sampleOf(body, 'paridad_origin_publications_missed{provider="banxico"}') === 0;
  });
  await until("an intraday provider was polled", async () => {
    const { body } = await system.origin("/metrics", bearer);
    return sampleOf(body, 'paridad_origin_ticks_stalled{provider="exchangerate-api"}') === 0;
  });
  const [edge, origin] = await Promise.all([system.edge("/metrics", bearer), system.origin("/metrics", bearer)]);
  texts = { edge: edge.body, origin: origin.body };
});
afterAll(() => system?.stop());

function sampleOf(text: string, series: string): number {
  const line = text.split("\n").find((each) => each.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length));
}

/** The names of all series of a text. */
const namesOf = (text: string) => new Set(Array.from(text.matchAll(/^([a-z_0-9]+)(?:{| )/gm), ([, name = ""]) => name));

/** The metrics that an expression names. */
function metricsIn(expr: string): string[] {
  const bare = expr.replaceAll(/"[^"]*"/g, "");
  return Array.from(bare.matchAll(/\b(?:paridad_(?:edge|origin)|nodejs|process)_\w+|\bup\b/g), ([name]) => name);
}

test.each(["edge", "origin"] as const)("promtool finds no fault in the metrics of the %s", async (host) => {
  const checked = await promtool(["check", "metrics"], texts[host]);
  expect(checked, checked.output).toEqual({ isOk: true, output: "" });
});

test("say what happened", () => {
  const { edge, origin } = texts;
  expect(sampleOf(edge, "paridad_edge_request_duration_seconds_count")).toBe(
    sampleOf(edge, "paridad_edge_requests_total"),
  );
  expect(sampleOf(edge, 'paridad_edge_dependency_up{dependency="redis"}')).toBe(1);
  expect(sampleOf(edge, 'paridad_edge_publications_missed{provider="banxico"}')).toBe(0);
  expect(sampleOf(edge, "paridad_edge_dead_letters")).toBe(0);
  expect(
    sampleOf(origin, 'paridad_origin_requests_total{method="GET",route="/api/v1/rates/current",class="2xx"}'),
  ).toBe(1);
  expect(sampleOf(origin, "paridad_origin_commits_total")).toBeGreaterThan(100);
  expect(sampleOf(origin, 'paridad_origin_observations_total{outcome="accepted"}')).toBeGreaterThan(30_000);
  expect(sampleOf(origin, "paridad_origin_database_up")).toBe(1);
  expect(sampleOf(origin, 'paridad_origin_migrations{state="applied"}')).toBe(
    sampleOf(origin, 'paridad_origin_migrations{state="expected"}'),
  );
  expect(sampleOf(origin, 'paridad_origin_pool_connections{role="writer",state="idle"}')).toBeGreaterThan(0);
});

test("hold no token and no URL of a dependency", () => {
  for (const text of Object.values(texts)) {
    for (const secret of [METRICS_TOKEN, "local-edge-token", "local-redis-token", "mysql://", "127.0.0.1"])
      expect(text).not.toContain(secret);
    // Bounded: a fill of 160 pages and requests of every kind leave so many series.
    expect(text.split("\n").length).toBeLessThan(1_500);
  }
});

test.each(["edge", "origin"] as const)("the %s shows them to nobody without the token", async (host) => {
  for (const headers of [
    {},
    { Authorization: "Bearer local-edge-token-0123456789abcdef" },
    { Authorization: METRICS_TOKEN },
  ]) {
    const { status, body } = await system[host]("/metrics", headers as Record<string, string>);
    expect([status, body.includes("paridad_")]).toEqual([401, false]);
  }
});

test("every rule and every panel names only metrics that exist", () => {
  const known = new Set([...namesOf(texts.edge), ...namesOf(texts.origin), ...PROMETHEUS_OWN]);
  const rules = ruleGroups().flatMap(({ rules }) => rules.map(({ expr }) => expr));
  const queries = DASHBOARDS.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries.map(([, expr]) => expr)));
  const named = new Set([...rules, ...queries].flatMap(metricsIn));
  expect(named.size).toBeGreaterThan(30);
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
});

test("Prometheus scrapes both hosts, and answers every rule's and panel's expression", async () => {
  const job = (name: string, url: string) => ({
    job_name: name,
    scrape_interval: "1s",
    authorization: { credentials: METRICS_TOKEN },
    static_configs: [{ targets: [new URL(url).host] }],
  });
  const jobs = [job("paridad-edge", system.stack.urls.edge), job("paridad-origin", system.stack.urls.origin)];
  const prometheus = await startPrometheus(stringify({ scrape_configs: jobs }));
  try {
    const ask = (expr: string) => query(prometheus, expr);
    await until("both targets are up", async () => (await ask("up == 1")).length === 2);
    expect(await ask("paridad_edge_requests_total > 0")).toHaveLength(1);
    const queries = DASHBOARDS.flatMap(({ panels }) =>
      panels.flatMap((panel) => panel.queries.map(([, expr]) => expr)),
    );
    for (const expr of queries) await ask(expr);
  } finally {
    await prometheus.stop();
  }
});

async function query({ url }: Prometheus, expr: string): Promise<unknown[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expr })}`);
  const { status, error, data } = (await response.json()) as {
    status: string;
    error?: string;
    data?: { result: unknown[] };
  };
  expect([status, error]).toEqual(["success", undefined]);
  return data?.result ?? [];
}
