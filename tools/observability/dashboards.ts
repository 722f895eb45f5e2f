import type { Dashboard, Panel } from "./grafana.ts";
import { badRatio } from "./rules.ts";
import { SLOS } from "./slo.ts";

/** What the dashboards show. */

const quantiles = (histogram: string, by: string[] = [], selector = ""): Panel["queries"] =>
  ([0.5, 0.95, 0.99] as const).map((q) => [
    `p${q * 100}${by.map((label) => ` {{${label}}}`).join("")}`,
    `histogram_quantile(${q}, sum by (${["le", ...by].join(", ")}) (rate(${histogram}_bucket${selector}[5m])))`,
  ]);

const OBJECTIVES: Dashboard = {
  uid: "paridad-objectives",
  title: "Paridad: objectives",
  panels: SLOS.flatMap(({ name, promise }): Panel[] => [
    {
      title: promise,
      unit: "percentunit",
      queries: (["5m", "1h", "6h", "3d"] as const).map((window) => [window, `1 - ${badRatio(window)}{slo="${name}"}`]),
    },
    {
      title: `${name}: budget left, of three days'`,
      unit: "percentunit",
      view: "stat",
      queries: [["left", `1 - ${badRatio("3d")}{slo="${name}"} / paridad_slo:budget{slo="${name}"}`]],
    },
  ]),
};

const EDGE: Dashboard = {
  uid: "paridad-edge",
  title: "Paridad: edge",
  panels: [
    {
      title: "Requests",
      unit: "reqps",
      queries: [
        ["all", "sum(rate(paridad_edge_requests_total[5m]))"],
        ["from the isolate's finished responses", "sum(rate(paridad_edge_hot_responses_total[5m]))"],
        ["5xx", "sum(rate(paridad_edge_errors_total[5m]))"],
        ["429", "sum(rate(paridad_edge_rate_limited_total[5m]))"],
      ],
    },
    { title: "Latency", unit: "s", queries: quantiles("paridad_edge_request_duration_seconds") },
    {
      title: "Pages served, by tier",
      unit: "reqps",
      queries: [["{{tier}}", 'sum by (tier) (rate(paridad_edge_page_reads_total{result="hit"}[5m]))']],
    },
    {
      title: "Hit ratio of each tier",
      unit: "percentunit",
      queries: [
        [
          "{{tier}}",
          'sum by (tier) (rate(paridad_edge_page_reads_total{result="hit"}[5m])) / sum by (tier) (rate(paridad_edge_page_reads_total[5m]))',
        ],
      ],
    },
    {
      title: "Failures of tiers, corrupt and stale pages",
      unit: "reqps",
      queries: [
        ["{{tier}} {{operation}}", "sum by (tier, operation) (rate(paridad_edge_tier_failures_total[5m]))"],
        ["{{tier}} corrupt", 'sum by (tier) (rate(paridad_edge_page_reads_total{result="corrupt"}[5m]))'],
        ["stale", "sum(rate(paridad_edge_stale_pages_total[5m]))"],
      ],
    },
    {
      title: "Dependencies and breakers",
      unit: "bool_on_off",
      queries: [
        ["{{dependency}}", "paridad_edge_dependency_up"],
        ["breaker of {{breaker}} open", "paridad_edge_breaker_open"],
      ],
    },
  ],
};

const INGESTION: Dashboard = {
  uid: "paridad-ingestion",
  title: "Paridad: ingestion",
  panels: [
    {
      title: "Publications missed",
      unit: "short",
      queries: [["{{provider}}", "max by (provider) (paridad_edge_publications_missed)"]],
    },
    {
      title: "Newest value",
      unit: "dateTimeFromNow",
      view: "stat",
      queries: [["{{provider}}", "max by (provider) (paridad_edge_newest_value_timestamp_seconds) * 1000"]],
    },
    {
      title: "Since the cron last ran",
      unit: "s",
      view: "stat",
      queries: [["cron", "time() - paridad_edge_ingest_last_tick_timestamp_seconds"]],
    },
    { title: "From reading to commit", unit: "s", queries: quantiles("paridad_origin_ingest_lag_seconds") },
    {
      title: "Values committed, by outcome",
      unit: "short",
      queries: [["{{outcome}}", "sum by (outcome) (increase(paridad_origin_observations_total[5m]))"]],
    },
    {
      title: "Ingestion runs",
      unit: "short",
      queries: [
        [
          "{{provider}} {{kind}} {{outcome}}",
          "sum by (provider, kind, outcome) (increase(paridad_origin_ingest_runs_total[5m]))",
        ],
      ],
    },
    {
      title: "Waiting for a person",
      unit: "short",
      queries: [
        ["quarantine", "max(paridad_origin_quarantine_waiting)"],
        ["{{provider}} at the edge", "max by (provider) (paridad_edge_values_waiting)"],
        ["dead letters", "max(paridad_edge_dead_letters)"],
        ["events not read by {{consumer}}", "max by (consumer) (paridad_origin_events_behind)"],
      ],
    },
    {
      title: "Events of the edge",
      unit: "short",
      queries: [
        ["{{event}}", "sum by (event) (increase(paridad_origin_edge_events_total[15m]))"],
        [
          "breaker of {{breaker}} {{to}}",
          "sum by (breaker, to) (increase(paridad_origin_edge_breaker_changes_total[15m]))",
        ],
      ],
    },
  ],
};

const ORIGIN: Dashboard = {
  uid: "paridad-origin",
  title: "Paridad: origin",
  panels: [
    {
      title: "Requests by class",
      unit: "reqps",
      queries: [["{{class}}", "sum by (class) (rate(paridad_origin_requests_total[5m]))"]],
    },
    {
      title: "Requests by route",
      unit: "reqps",
      queries: [["{{method}} {{route}}", "sum by (method, route) (rate(paridad_origin_requests_total[5m]))"]],
    },
    { title: "Latency", unit: "s", queries: quantiles("paridad_origin_request_duration_seconds") },
    {
      title: "P95 by route",
      unit: "s",
      queries: quantiles("paridad_origin_request_duration_seconds", ["route"]).slice(1, 2),
    },
    {
      title: "Store: calls",
      unit: "reqps",
      queries: [
        [
          "{{operation}} {{outcome}}",
          "sum by (operation, outcome) (rate(paridad_origin_store_call_duration_seconds_count[5m]))",
        ],
      ],
    },
    {
      title: "Store: P95",
      unit: "s",
      queries: quantiles("paridad_origin_store_call_duration_seconds", ["operation"]).slice(1, 2),
    },
    {
      title: "Connections to the database",
      unit: "short",
      queries: [
        ["{{role}} {{state}}", "sum by (role, state) (paridad_origin_pool_connections)"],
        ["{{role}} waiting", "sum by (role) (paridad_origin_pool_waiting)"],
      ],
    },
    {
      title: "Database",
      unit: "short",
      queries: [
        ["up", "max(paridad_origin_database_up)"],
        ["migrations {{state}}", "max by (state) (paridad_origin_migrations)"],
        ["commits in 5 minutes", "sum(increase(paridad_origin_commits_total[5m]))"],
      ],
    },
    {
      title: "Held in memory",
      unit: "short",
      queries: [
        ["pages", "sum(paridad_origin_pages_held)"],
        ["finished responses", "sum(paridad_origin_hot_responses_held)"],
      ],
    },
    {
      title: "Memory",
      unit: "bytes",
      queries: [
        ["resident {{instance}}", 'process_resident_memory_bytes{job="paridad-origin"}'],
        ["heap {{instance}}", 'nodejs_heap_size_used_bytes{job="paridad-origin"}'],
        ["finished responses {{instance}}", "paridad_origin_hot_responses_bytes"],
      ],
    },
    {
      title: "Processor and event loop",
      unit: "short",
      queries: [
        ["cores {{instance}}", 'rate(process_cpu_seconds_total{job="paridad-origin"}[5m])'],
        ["event loop p99 {{instance}}, s", "nodejs_eventloop_lag_p99_seconds"],
      ],
    },
  ],
};

export const DASHBOARDS: readonly Dashboard[] = [OBJECTIVES, EDGE, INGESTION, ORIGIN];
