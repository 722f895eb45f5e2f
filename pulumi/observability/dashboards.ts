import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { burnRate, type Objective } from "./alarm-list.ts";
import { edgeBurnRate } from "./edge-watch.ts";
import { type Metric, type MetricName, type Parts, stackMetrics } from "./metrics.ts";
import { type Severity, severities } from "./thresholds.ts";

export interface DashboardsArgs {
  prefix: string;
  region: string;
  parts: Parts;
  alarmArns: Record<Severity, pulumi.Input<string>[]>;
  objective: Objective;
  latencyObjectiveMs: number;
}

interface Chart {
  title: string;
  metrics: MetricName[];
  /** Arithmetic over the metrics, which are then hidden. */
  expression?: string;
  view?: "timeSeries" | "singleValue";
  periodSeconds?: number;
  /** A line to stay under or over. */
  line?: { label: string; value: number };
}

const chartsARow = 3;
const chartWidth = 24 / chartsARow;
const chartHeight = 6;

/** Three dashboards: objectives for those who pay, health for those on call, detail for those who dig. */
export class Dashboards extends pulumi.ComponentResource {
  constructor(name: string, args: DashboardsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Dashboards", name, {}, opts);
    const { prefix } = args;
    const board = (use: string, title: string, charts: Chart[], alarmSeverities: readonly Severity[]) =>
      new aws.cloudwatch.Dashboard(
        `${prefix}-${use}`,
        { dashboardName: `${prefix}-${use}`, dashboardBody: body(title, charts, alarmSeverities, args) },
        { parent: this },
      );
    board("objectives", "Objectives", objectives(args), ["critical"]);
    board("operations", "Operations", operations, ["high", "critical"]);
    board("detail", "Detail", detail, severities);
    this.registerOutputs({});
  }
}

function objectives({ objective, latencyObjectiveMs }: DashboardsArgs): Chart[] {
  const errorMetrics: MetricName[] = ["targetErrors", "balancerErrors", "requests"];
  const edgeMetrics: MetricName[] = ["edgeErrors", "edgeRequests"];
  const served = "100 * (1 - FILL(edgeErrors, 0) / edgeRequests)";
  const burnLine = { label: "Budget lasts the month", value: 1 };
  return [
    // CloudWatch's days are those of UTC.
    {
      title: "Readers' availability, this UTC day (%)",
      metrics: edgeMetrics,
      expression: served,
      view: "singleValue",
      periodSeconds: 86_400,
    },
    { title: "Publications missed", metrics: ["publishesMissed"], view: "singleValue", periodSeconds: 3_600 },
    {
      title: "Readers' requests, this UTC day",
      metrics: ["edgeRequests"],
      view: "singleValue",
      periodSeconds: 86_400,
    },
    {
      title: "Readers' availability (%)",
      metrics: edgeMetrics,
      expression: served,
      periodSeconds: 3_600,
      line: { label: "Objective", value: objective.availabilityPercent },
    },
    {
      title: "Readers' P95 latency (ms)",
      metrics: ["edgeP95"],
      periodSeconds: 300,
      line: { label: "Objective", value: latencyObjectiveMs },
    },
    {
      title: "Readers' error-budget burn (×)",
      metrics: edgeMetrics,
      expression: edgeBurnRate(objective),
      periodSeconds: 3_600,
      line: burnLine,
    },
    {
      title: "Reads of pages without the origin (%)",
      metrics: ["edgeCachedPageReads", "edgePageReads"],
      expression: "100 * edgeCachedPageReads / edgePageReads",
      periodSeconds: 3_600,
      line: { label: "Objective", value: 90 },
    },
    {
      title: "The origin's error-budget burn (×)",
      metrics: errorMetrics,
      expression: burnRate(objective),
      periodSeconds: 3_600,
      line: burnLine,
    },
  ];
}

const operations: Chart[] = [
  { title: "Readers' requests", metrics: ["edgeRequests", "edgeErrors", "edgeRateLimited", "edgeSlow"] },
  { title: "Requests", metrics: ["requests", "targetErrors", "balancerErrors"] },
  { title: "Latency (s)", metrics: ["latencyP50", "latencyP95", "latencyP99"] },
  { title: "Instances", metrics: ["instances", "healthyHosts", "unhealthyHosts"] },
  { title: "Service CPU, memory, disk (%)", metrics: ["serviceCpu", "serviceMemory", "serviceDisk"] },
  { title: "Database capacity (ACU)", metrics: ["databaseAcu"] },
  { title: "Database CPU and capacity (%)", metrics: ["databaseCpu", "databaseAcuPercent"] },
  { title: "Ingestion runs", metrics: ["ingestionRuns", "ingestionFailures"] },
  {
    title: "Freshness and breaker",
    metrics: [
      "publishesMissed",
      "breakerOpened",
      "deadLetters",
      "commitLag",
      "eventLag",
      "storeBehind",
      "quarantined",
      "corruptPages",
    ],
  },
  { title: "Webhooks: age of the oldest due (ms), failed attempts", metrics: ["deliveryLag", "deliveriesFailed"] },
  { title: "Blocked by the firewall", metrics: ["wafBlocks"] },
];

const detail: Chart[] = [
  ...operations,
  { title: "Requests per target", metrics: ["requestsPerTarget"] },
  { title: "Origin's own P95 (ms)", metrics: ["appDuration"] },
  { title: "Origin's own 5xx", metrics: ["appErrors"] },
  { title: "Database connections", metrics: ["databaseConnections"] },
  { title: "Database free memory (bytes)", metrics: ["databaseFreeMemory"] },
  { title: "Replica lag (ms)", metrics: ["replicaLag"] },
  { title: "Deadlocks a second", metrics: ["deadlocks"] },
  { title: "Select and commit latency (ms)", metrics: ["selectLatency", "commitLatency"] },
  { title: "Load balancer capacity units", metrics: ["capacityUnits"] },
  {
    title: "Days until the certificate expires",
    metrics: ["certificateDays"],
    view: "singleValue",
    periodSeconds: 86_400,
  },
  {
    title: "Copies, restore tests, and jobs that failed",
    metrics: ["copiesCompleted", "restoresCompleted", "backupProblems"],
    periodSeconds: 3_600,
  },
];

function body(title: string, charts: Chart[], alarmSeverities: readonly Severity[], args: DashboardsArgs) {
  const metrics: Record<string, Metric> = stackMetrics(args.parts);
  const chartsTop = 2 + chartHeight;
  return pulumi.jsonStringify({
    start: "-PT12H",
    widgets: [
      { type: "text", x: 0, y: 0, width: 24, height: 2, properties: { markdown: `# ${args.prefix}: ${title}` } },
      {
        type: "alarm",
        x: 0,
        y: 2,
        width: 24,
        height: chartHeight,
        properties: {
          title: "Alarms",
          sortBy: "stateUpdatedTimestamp",
          // The widget shows a hundred at most.
          alarms: alarmSeverities.flatMap((severity) => args.alarmArns[severity]).slice(0, 100),
        },
      },
      ...charts.map((chart, index) => ({
        type: "metric",
        x: (index % chartsARow) * chartWidth,
        y: chartsTop + Math.floor(index / chartsARow) * chartHeight,
        width: chartWidth,
        height: chartHeight,
        properties: {
          title: chart.title,
          region: args.region,
          view: chart.view ?? "timeSeries",
          period: chart.periodSeconds ?? 60,
          metrics: series(chart, metrics),
          ...(chart.line ? { annotations: { horizontal: [chart.line] } } : {}),
        },
      })),
    ],
  });
}

/** CloudWatch's own notation: namespace, name, then dimension names and values in turn, then options. */
function series(chart: Chart, metrics: Record<string, Metric>): unknown[] {
  const lines = chart.metrics.map((id) => {
    const metric = metrics[id];
    if (!metric) throw new Error(`no metric ${id}`);
    const dimensions = Object.entries(metric.dimensions ?? {}).flat();
    return [metric.namespace, metric.metricName, ...dimensions, { id, stat: metric.stat, visible: !chart.expression }];
  });
  return chart.expression ? [[{ expression: chart.expression, label: chart.title }], ...lines] : lines;
}
