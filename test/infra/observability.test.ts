import { beforeAll, describe, expect, it } from "vitest";
import { maxConnections } from "../../pulumi/data/connections.ts";
import type { Graph } from "../../pulumi/graph.ts";
import { severities, thresholdsSchema } from "../../pulumi/observability/thresholds.ts";
import { alarms, alarmType, compositeType, evaluate } from "./alarms.ts";
import { all, graphOf, one } from "./graphs.ts";

describe("observability", () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await graphOf("prd");
  });

  it("has an alarm for each name that can be configured, at each severity, to that severity's topic", () => {
    const found = alarms(graph);
    expect([...found.keys()].sort()).toEqual(Object.keys(thresholdsSchema.parse({})).sort());
    expect(found.size).toBeGreaterThanOrEqual(15);
    for (const [name, levels] of found) {
      expect([...levels.keys()].sort(), name).toEqual([...severities].sort());
      for (const [severity, { inputs }] of levels) {
        expect(inputs.alarmActions).toEqual([expect.stringMatching(new RegExp(`:paridad-prd-${severity}$`))]);
      }
    }
  });

  it("turns worse from warning to critical", () => {
    for (const [name, levels] of alarms(graph)) {
      if (levels.get("warning")?.type === compositeType) continue;
      const [warning = 0, high = 0, critical = 0] = severities.map((severity) =>
        Number(levels.get(severity)?.inputs.threshold),
      );
      const rising = levels.get("warning")?.inputs.comparisonOperator === "GreaterThanOrEqualToThreshold";
      const inOrder = rising ? warning <= high && high <= critical : warning >= high && high >= critical;
      expect(inOrder, name).toBe(true);
    }
  });

  it("counts in the metric's unit: seconds for milliseconds, bytes for megabytes", () => {
    const threshold = (name: string) => alarms(graph).get(name)?.get("critical")?.inputs.threshold;
    expect(threshold("latencyP95Ms")).toBe(1);
    expect(threshold("databaseFreeMemoryMb")).toBe(128 * 1_048_576);
  });

  it("takes thresholds from the stack", async () => {
    const changed = await graphOf("prd", { alarms: { latencyP99Ms: { warning: 10, high: 20, critical: 30 } } });
    expect(alarms(changed).get("latencyP99Ms")?.get("high")?.inputs.threshold).toBe(0.02);
  });

  it("leaves out alarms on what a stack does not have", async () => {
    const names = alarms(await graphOf("dev"));
    expect(names.has("replicaLagMs")).toBe(false);
    expect(names.has("backupFailures")).toBe(false);
    expect(names.has("backupCopies")).toBe(false);
    expect(names.has("restoreTests")).toBe(false);
    expect(names.size).toBe(alarms(graph).size - 5);
  });

  it("keeps each alarm's span within what CloudWatch allows", () => {
    for (const { name, inputs } of all(graph, alarmType)) {
      const queries = (inputs.metricQueries ?? []) as { metric?: { period: number } }[];
      const period = Number(inputs.period ?? queries.find(({ metric }) => metric)?.metric?.period);
      expect(period % 60, name).toBe(0);
      expect(period * Number(inputs.evaluationPeriods), name).toBeLessThanOrEqual(86_400);
      expect(Number(inputs.datapointsToAlarm ?? 1), name).toBeLessThanOrEqual(Number(inputs.evaluationPeriods));
      expect(queries.filter((query) => !query.metric).length, name).toBe(queries.length > 0 ? 1 : 0);
    }
  });

  const burn = (of: Graph, window: string) =>
    one(of, alarmType, `paridad-prd-errorBudgetBurn${window}`).inputs.metricQueries as {
      expression?: string;
      metric?: { period: number };
    }[];

  it("counts burn against the objective: the same errors burn five times faster at 99.99 % than at 99.95 %", async () => {
    const expression = (of: Graph) => JSON.stringify(burn(of, "1h-high-long"));
    expect(expression(graph)).toContain("/ 0.000500");
    expect(expression(await graphOf("prd", { observability: { availabilityPercent: 99.99 } }))).toContain("/ 0.000100");
  });

  it("rings while a budget burns in a long and in a short window, and no longer", () => {
    expect(alarms(graph).get("errorBudgetBurn1h")?.get("critical")?.inputs.alarmRule).toBe(
      'ALARM("paridad-prd-errorBudgetBurn1h-critical-long") AND ALARM("paridad-prd-errorBudgetBurn1h-critical-short")',
    );
    const periods = (window: string) => burn(graph, window).flatMap(({ metric }) => metric?.period ?? []);
    expect(new Set(periods("1h-critical-long"))).toEqual(new Set([3_600]));
    expect(new Set(periods("1h-critical-short"))).toEqual(new Set([300]));
    expect(new Set(periods("6h-critical-short"))).toEqual(new Set([1_800]));
    for (const half of ["long", "short"]) {
      expect(one(graph, alarmType, `paridad-prd-errorBudgetBurn6h-high-${half}`).inputs).not.toHaveProperty(
        "alarmActions",
      );
    }
  });

  it.each([
    ["one error among few requests", { targetErrors: 1, balancerErrors: 0, requests: 20 }, 0],
    ["one in a hundred of many", { targetErrors: 50, balancerErrors: 0, requests: 5_000 }, 20],
    ["no instance to choose, so no request is counted", { targetErrors: 0, balancerErrors: 40, requests: 0 }, 2_000],
    ["nothing at all", { targetErrors: 0, balancerErrors: 0, requests: 0 }, 0],
  ])("burns by %s: %j", (_what, metrics, expected) => {
    const expression = burn(graph, "1h-high-long").find((query) => query.expression)?.expression ?? "";
    expect(evaluate(expression, metrics)).toBeCloseTo(expected);
  });

  it("keeps still about what is absent until there are instances", async () => {
    const first = alarms(await graphOf("prd", { imageDigest: null, firstDeployment: "true" }));
    for (const name of ["healthyHosts", "ingestionRuns", "backupCopies", "restoreTests"]) {
      expect(first.get(name)?.get("critical")?.inputs.actionsEnabled, name).toBe(false);
      expect(alarms(graph).get(name)?.get("critical")?.inputs.actionsEnabled, name).toBe(true);
    }
    expect(first.get("errorRatePercent")?.get("critical")?.inputs.actionsEnabled).toBe(true);
  });

  it("can fire: no threshold is beyond what its metric reaches", async () => {
    const threshold = (of: Graph, name: string) => Number(alarms(of).get(name)?.get("critical")?.inputs.threshold);
    for (const stack of ["dev", "prd"] as const) {
      const of = await graphOf(stack);
      expect(threshold(of, "unhealthyHosts")).toBeLessThanOrEqual(
        Number(one(of, "aws:autoscaling/group:Group").inputs.minSize),
      );
      expect(threshold(of, "serviceCpuPercent")).toBeLessThan(50);
      const { maxCapacity } = one(of, "aws:rds/cluster:Cluster").inputs.serverlessv2ScalingConfiguration as {
        maxCapacity: number;
      };
      expect(threshold(of, "databaseConnections")).toBeLessThan(maxConnections(maxCapacity));
    }
  });

  it("asks the edge from outside, on three continents, and listens in Route 53's region", async () => {
    expect(one(graph, "aws:route53/healthCheck:HealthCheck").inputs).toMatchObject({
      type: "HTTPS",
      fqdn: "paridad.example.com",
      resourcePath: "/api/v1/rates/current",
    });
    expect(alarms(graph).has("outsideHealthyPercent")).toBe(true);
    expect(alarms(await graphOf("dev")).has("outsideHealthyPercent")).toBe(false);
  });

  it("counts the origin's events", () => {
    const filters = all(graph, "aws:cloudwatch/logMetricFilter:LogMetricFilter").map(({ inputs }) => inputs);
    const counted = Object.fromEntries(
      filters.map(({ pattern, metricTransformation }) => [pattern, (metricTransformation as { value: string }).value]),
    );
    expect(counted).toMatchObject({
      '{ $.event = "breaker" && $.to = "open" }': "1",
      '{ $.event = "ingest_run" && $.outcome = "failed" }': "1",
      '{ $.event = "freshness" }': "$.publishes_missed",
      '{ $.event = "dead_letters" }': "$.count",
      '{ $.event = "commit" }': "$.lag_ms",
      '{ $.event = "quarantine" }': "$.count",
      '{ $.event = "store_behind" }': "1",
      '{ $.event = "corrupt_page" }': "1",
      '{ $.event = "request" && $.status >= 500 }': "1",
    });
    expect(new Set(filters.map(({ logGroupName }) => logGroupName))).toEqual(
      new Set(["/paridad/paridad-prd/origin", "/paridad/paridad-prd/backup-jobs", "/paridad/paridad-prd/trail"]),
    );
  });

  it("watches only metrics that the filters make", () => {
    const made = all(graph, "aws:cloudwatch/logMetricFilter:LogMetricFilter").map(
      ({ inputs }) => (inputs.metricTransformation as { name: string }).name,
    );
    const watched = all(graph, alarmType).filter(({ inputs }) => inputs.namespace === "Paridad/paridad-prd");
    expect(watched.length).toBeGreaterThan(0);
    for (const { inputs } of watched) expect(made).toContain(inputs.metricName);
  });

  it("samples a tenth of requests", () => {
    expect(one(graph, "aws:xray/samplingRule:SamplingRule").inputs.fixedRate).toBe(0.1);
  });

  it("records every shell on an instance in an encrypted group", () => {
    const { content, name } = one(graph, "aws:ssm/document:Document").inputs;
    expect(name).toBe("SSM-SessionManagerRunShell");
    expect(JSON.parse(String(content)).inputs).toMatchObject({
      cloudWatchLogGroupName: "/paridad/paridad-prd/sessions",
      cloudWatchEncryptionEnabled: true,
    });
  });

  it("keeps logs for two years in prd", () => {
    const groups = all(graph, "aws:cloudwatch/logGroup:LogGroup");
    expect(new Set(groups.map(({ inputs }) => inputs.retentionInDays))).toEqual(new Set([731]));
  });

  it("wakes PagerDuty for high and critical, tells Slack and mail of all", async () => {
    const told = await graphOf("prd", {
      observability: {
        pagerDutyUrl: "https://events.example.com/key",
        emails: ["ops@example.com"],
        slack: { teamId: "T0123", channelId: "C0123" },
      },
    });
    const subscriptions = all(told, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => [
      inputs.protocol,
      String(inputs.topic).split("-").at(-1),
    ]);
    expect(
      subscriptions
        .filter(([protocol]) => protocol === "https")
        .map(([, topic]) => topic)
        .sort(),
    ).toEqual(["critical", "high"]);
    expect(subscriptions.filter(([protocol]) => protocol === "email")).toHaveLength(3);
    expect(
      one(told, "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration").inputs.snsTopicArns,
    ).toHaveLength(3);
  });
});
