import { beforeAll, expect, it } from "vitest";
import { edgeEventSchema } from "#core/wire/internal.ts";
import type { Graph } from "../../pulumi/graph.ts";
import { alarmType, evaluate } from "./alarms.ts";
import { all, graphOf, one } from "./graphs.ts";

/** Alarms on what readers get, over the figures that the worker reports each minute. */

let graph: Graph;
beforeAll(async () => {
  graph = await graphOf("prd");
});

const report = {
  event: "edge_minute",
  at: "2026-11-27T04:00:00Z",
  requests: 1_000,
  errors: 1,
  rate_limited: 2,
  slow: 3,
  p95_ms: 20,
  page_reads: 40,
  cached_page_reads: 39,
};

it("counts fields that a report of the edge has, and all of them", () => {
  expect(edgeEventSchema.safeParse(report).success).toBe(true);
  const counted = all(graph, "aws:cloudwatch/logMetricFilter:LogMetricFilter")
    .filter(({ inputs }) => String(inputs.pattern).includes('"edge_minute"'))
    .map(({ inputs }) => (inputs.metricTransformation as { value: string }).value);
  const fields = Object.keys(report).filter((field) => field !== "event" && field !== "at");
  expect(counted.sort()).toEqual(["1", ...fields.map((field) => `$.${field}`)].sort());
});

type Figures = Record<string, number>;
it.each<[string, string, Figures, number]>([
  ["edgeErrorBudgetBurn1h-critical-long", "nine errors of ten", { edgeErrors: 9, edgeRequests: 10 }, 0],
  ["edgeErrorBudgetBurn1h-critical-long", "ten in a thousand", { edgeErrors: 10, edgeRequests: 1_000 }, 20],
  ["edgeErrorBudgetBurn6h-warning-short", "no request at all", {}, 0],
  ["edgeSlowPercent-high-long", "a tenth too slow", { edgeSlow: 100, edgeRequests: 1_000 }, 10],
  ["edgeSlowPercent-high-short", "few that are slow", { edgeSlow: 5, edgeRequests: 5 }, 0],
  ["edgeRateLimitedPercent-high", "one client over its limit", { edgeRateLimited: 50, edgeRequests: 200 }, 25],
  ["edgeRateLimitedPercent-high", "little traffic", { edgeRateLimited: 50, edgeRequests: 60 }, 0],
  ["edgeCacheHitPercent-warning", "an empty cache", { edgePageReads: 200, edgeCachedPageReads: 20 }, 10],
  ["edgeCacheHitPercent-warning", "nobody reads", {}, 100],
  ["edgeCacheHitPercent-warning", "few read", { edgePageReads: 20, edgeCachedPageReads: 0 }, 100],
])("%s of %s", (alarm, _what, figures, expected) => {
  const queries = one(graph, alarmType, `paridad-prd-${alarm}`).inputs.metricQueries as {
    id: string;
    expression?: string;
  }[];
  const expression = queries.find((query) => query.expression)?.expression ?? "";
  const values = Object.fromEntries(queries.map(({ id }) => [id, figures[id]]));
  expect(evaluate(expression, values)).toBeCloseTo(expected);
});

it("takes a silent edge for a fault, but not before there is one", async () => {
  const alarm = (of: Graph) => one(of, alarmType, "paridad-prd-edgeReports-critical").inputs;
  expect(alarm(graph)).toMatchObject({ treatMissingData: "breaching", actionsEnabled: true, period: 3_600 });
  const first = await graphOf("prd", { imageDigest: null, firstDeployment: "true" });
  expect(alarm(first).actionsEnabled).toBe(false);
});
