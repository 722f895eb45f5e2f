import { stringify } from "yaml";
import { burnWindowsOf, SLOS, type Slo, WINDOWS } from "./slo.ts";

/** Prometheus's recording and alerting rules. */

interface RecordingRule {
  record: string;
  labels?: Record<string, string>;
  expr: string;
}

interface AlertingRule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: "page" | "ticket"; slo?: string; window?: string };
  annotations: { summary: string; runbook: string };
}

export interface RuleGroup {
  name: string;
  interval?: string;
  rules: (RecordingRule | AlertingRule)[];
}

const SECONDS = { m: 60, h: 3_600, d: 86_400 } as const;

function secondsOf(window: string): number {
  return Number.parseInt(window, 10) * SECONDS[window.slice(-1) as keyof typeof SECONDS];
}

export const badRatio = (window: string) => `paridad_slo:bad:ratio_rate${window}`;
export const totalRate = (window: string) => `paridad_slo:events:rate${window}`;

function recordingsOf({ name, budget, bad, total }: Slo): RecordingRule[] {
  const labels = { slo: name };
  return [
    { record: "paridad_slo:budget", labels, expr: `vector(${budget})` },
    ...WINDOWS.flatMap((window) => [
      { record: totalRate(window), labels, expr: total(window) },
      { record: badRatio(window), labels, expr: `(${bad(window)}) / (${total(window)})` },
    ]),
  ];
}

function burnAlertsOf(slo: Slo): AlertingRule[] {
  const { name, budget, minEvents, promise, runbook } = slo;
  const only = `{slo="${name}"}`;
  return burnWindowsOf(slo).map(({ long, short, factor, severity }) => {
    const limit = Number((factor * budget).toPrecision(6));
    return {
      alert: "ErrorBudgetBurns",
      expr: [
        `${badRatio(long)}${only} > ${limit}`,
        `and ${badRatio(short)}${only} > ${limit}`,
        `and ${totalRate(long)}${only} * ${secondsOf(long)} >= ${minEvents}`,
      ].join("\n"),
      labels: { severity, slo: name, window: long },
      annotations: {
        summary: `The promise that ${promise} is missed ${factor} times as fast as allowed (${long}).`,
        runbook: `docs/runbooks/${runbook}`,
      },
    };
  });
}

type Condition = [
  alert: string,
  severity: "page" | "ticket",
  lasts: string,
  expr: string,
  summary: string,
  runbook: string,
];

const CONDITIONS: readonly Condition[] = [
  [
    "OriginDown",
    "page",
    "2m",
    'sum(up{job="paridad-origin"}) == 0 or absent(up{job="paridad-origin"})',
    "No instance of the origin can be scraped. The edge serves what its caches and Redis hold.",
    "database-trouble.md",
  ],
  [
    "OriginInstanceDown",
    "ticket",
    "10m",
    'up{job="paridad-origin"} == 0',
    "Instance {{ $labels.instance }} of the origin can't be scraped.",
    "database-trouble.md",
  ],
  [
    "EdgeDown",
    "page",
    "3m",
    'up{job="paridad-edge"} == 0 or absent(up{job="paridad-edge"})',
    "The edge's /metrics does not respond.",
    "rollback.md",
  ],
  [
    "DatabaseDown",
    "page",
    "2m",
    "max(paridad_origin_database_up) == 0",
    "No instance of the origin can read the database.",
    "database-trouble.md",
  ],
  [
    "RedisDown",
    "page",
    "5m",
    'paridad_edge_dependency_up{dependency="redis"} == 0',
    "The edge can't read Redis: the origin takes its load.",
    "redis-loss.md",
  ],
  [
    "BanxicoFailing",
    "ticket",
    "15m",
    'paridad_edge_dependency_up{dependency="banxico_api"} == 0',
    "Banxico's API fails.",
    "banxico-failing.md",
  ],
  [
    "BreakerOpen",
    "ticket",
    "10m",
    "paridad_edge_breaker_open == 1",
    "The circuit breaker of {{ $labels.breaker }} stays open.",
    "banxico-failing.md",
  ],
  [
    "BreakerFlaps",
    "ticket",
    "0m",
    'sum by (breaker) (increase(paridad_origin_edge_breaker_changes_total{to="open"}[1h])) > 5',
    "The circuit breaker of {{ $labels.breaker }} has opened more than five times in an hour.",
    "high-latency.md",
  ],
  [
    "IngestionStopped",
    "page",
    "2m",
    "time() - paridad_edge_ingest_last_tick_timestamp_seconds > 300",
    "The ingestion's cron has not run for five minutes.",
    "banxico-failing.md",
  ],
  [
    "PublicationMissed",
    "ticket",
    "5m",
    "max by (provider) (paridad_edge_publications_missed or paridad_origin_publications_missed) > 0",
    "A publication of {{ $labels.provider }} is missing: rates are marked stale.",
    "banxico-failing.md",
  ],
  [
    "NothingCurrent",
    "page",
    "5m",
    "max by (provider) (paridad_edge_publications_missed or paridad_origin_publications_missed) > 5",
    "So many publications of {{ $labels.provider }} are missing that nothing is served as current.",
    "banxico-failing.md",
  ],
  [
    "DeadLetters",
    "page",
    "5m",
    "paridad_edge_dead_letters > 0",
    "{{ $value }} batches could not be stored and wait to be replayed.",
    "dead-letters.md",
  ],
  [
    "EventLag",
    "page",
    "5m",
    "max by (consumer) (paridad_origin_event_lag_seconds) > 300",
    "{{ $labels.consumer }} has not read events for {{ $value }} s.",
    "live-updates.md",
  ],
  [
    "QuarantineWaiting",
    "ticket",
    "2h",
    "max(paridad_origin_quarantine_waiting) > 0",
    "{{ $value }} values wait in quarantine: a person must decide.",
    "banxico-failing.md",
  ],
  [
    "StoreBehind",
    "page",
    "0m",
    'sum(increase(paridad_origin_edge_events_total{event="store_behind"}[15m])) > 0',
    "The database lacks values that clients have seen.",
    "region-loss.md",
  ],
  [
    "CorruptPages",
    "ticket",
    "0m",
    'sum by (tier) (increase(paridad_edge_page_reads_total{result="corrupt"}[15m])) > 0',
    "Corrupt entries were found in {{ $labels.tier }} and replaced.",
    "redis-loss.md",
  ],
  [
    "MigrationsMissing",
    "ticket",
    "15m",
    'max(paridad_origin_migrations{state="expected"}) > max(paridad_origin_migrations{state="applied"})',
    "The database has fewer migrations than this release needs.",
    "rollback.md",
  ],
  [
    "PoolExhausted",
    "ticket",
    "2m",
    "max by (role) (paridad_origin_pool_waiting) > 0",
    "Statements wait for a connection to the {{ $labels.role }}.",
    "database-trouble.md",
  ],
  [
    "EventLoopBlocked",
    "ticket",
    "10m",
    "max(nodejs_eventloop_lag_p99_seconds) > 0.2",
    "The origin's event loop is blocked for more than 200 ms at a time.",
    "high-latency.md",
  ],
];

/** All groups, as the file holds them. */
export function ruleGroups(): RuleGroup[] {
  const alerts = CONDITIONS.map(
    ([alert, severity, lasts, expr, summary, runbook]): AlertingRule => ({
      alert,
      expr,
      ...(lasts !== "0m" && { for: lasts }),
      labels: { severity },
      annotations: { summary, runbook: `docs/runbooks/${runbook}` },
    }),
  );
  return [
    ...SLOS.map((slo) => ({ name: `slo-${slo.name}`, rules: recordingsOf(slo) })),
    { name: "budgets", rules: SLOS.flatMap(burnAlertsOf) },
    { name: "conditions", rules: alerts },
  ];
}

/** The rules file. */
export function rulesYaml(): string {
  return `# Made by npm run observability. Do not edit.\n${stringify({ groups: ruleGroups() }, { lineWidth: 0 })}`;
}
