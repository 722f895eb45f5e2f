import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "@prometheus-io/client";
import type { Health } from "#core/api/health.ts";
import { LATENCY_BOUNDS_MS } from "#core/ops/latency.ts";
import { DEFAULT_PROVIDER } from "#core/providers/catalogue.ts";
import type { ConsumerLag } from "../store/event-log.ts";
import type { MigrationCount, PoolState } from "../store/store.ts";
import type { Log } from "./log.ts";

/** The pools of connections, by the role of their database: writer or reader. */
export type Pools = readonly { role: string; state: PoolState }[];

/** What is read at a scrape rather than counted; undefined: it could not be found out. */
export interface Readings {
  health: Health;
  isDatabaseUp: boolean;
  quarantineWaiting: number | undefined;
  migrations: MigrationCount | undefined;
  pools: Pools;
  pagesHeld: number;
  hotResponses: { entries: number; bytes: number };
  latestEvent: number | undefined;
  consumers: readonly ConsumerLag[];
  /** Of each intraday provider, the series without a value that can be believed. */
  stalled: readonly { provider: string; series: number }[];
}

const SECONDS = LATENCY_BOUNDS_MS.map((ms) => ms / 1_000);
/** Up to the queue's longest back-off. */
const LAG_SECONDS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];
const EVENT_LOOP_PRECISION_MS = 20;
/** Default metrics of the library whose names promtool refuses; nobody needs them. */
const MISNAMED = [
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
  "nodejs_eventloop_utilization_histogram",
  "nodejs_eventloop_utilization_summary",
];
const METHODS = new Set(["GET", "POST", "OPTIONS"]);
/** The edge's events, as the log names them (core/wire/internal.ts). */
const EDGE_EVENTS = new Set(["breaker", "dead_letters", "freshness", "corrupt_page", "ingest_failed", "store_behind"]);
const EDGE_BREAKERS = [DEFAULT_PROVIDER, "origin", "redis"];
const OUTCOMES = ["accepted", "unchanged", "revised", "withdrawn", "quarantined", "overtaken"] as const;
/** Names that come over the network become labels only up to this many; others count as "other". */
const MAX_NAMES = 40;

/** The origin's Prometheus metrics. Counts what is logged, so that nothing else needs to know of it. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<"method" | "route" | "class">;
  readonly #durations: Histogram<"route">;
  readonly #storeCalls: Histogram<"operation" | "outcome">;
  readonly #commits: Counter;
  readonly #observations: Counter<"outcome">;
  readonly #lag: Histogram;
  readonly #runs: Counter<"provider" | "kind" | "outcome">;
  readonly #edgeEvents: Counter<"event">;
  readonly #breakerChanges: Counter<"breaker" | "to">;
  readonly #breakers = new Set<string>();
  readonly #providers = new Set<string>();

  /** `withProcess`: also memory, processor time, event loop and garbage collection of this process. */
  constructor({ withProcess = false } = {}) {
    const registers = [this.#registry];
    const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
      new Counter({ name: `paridad_origin_${name}`, help, labelNames, registers });
    const histogram = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
      new Histogram({ name: `paridad_origin_${name}`, help, labelNames, buckets, registers });
    if (withProcess) collectProcessMetrics(this.#registry);
    this.#requests = counter("requests_total", "Requests served.", ["method", "route", "class"]);
    this.#durations = histogram("request_duration_seconds", "Time from request to response.", ["route"], SECONDS);
    this.#storeCalls = histogram(
      "store_call_duration_seconds",
      "Duration of calls to the store.",
      ["operation", "outcome"],
      SECONDS,
    );
    this.#commits = counter("commits_total", "Readings committed.", []);
    this.#observations = counter("observations_total", "Values of committed readings, by what became of them.", [
      "outcome",
    ]);
    for (const outcome of OUTCOMES) this.#observations.inc({ outcome }, 0);
    this.#lag = histogram(
      "ingest_lag_seconds",
      "Time from the edge's request to the provider to the commit, of readings that brought something new.",
      [],
      LAG_SECONDS,
    );
    this.#runs = counter("ingest_runs_total", "Attempts at ingestion.", ["provider", "kind", "outcome"]);
    this.#edgeEvents = counter("edge_events_total", "Events that the edge reported.", ["event"]);
    for (const event of EDGE_EVENTS) this.#edgeEvents.inc({ event }, 0);
    this.#breakerChanges = counter(
      "edge_breaker_changes_total",
      "Circuit breakers of the edge that opened or closed.",
      ["breaker", "to"],
    );
    for (const name of EDGE_BREAKERS)
      for (const to of ["open", "closed"]) this.#breakerChanges.inc({ breaker: bounded(this.#breakers, name), to }, 0);
  }

  /** The log, whose events are also counted. */
  around(log: Log): Log {
    return (event, fields = {}) => {
      log(event, fields);
      this.#take(event, fields);
    };
  }

  /** Counts a call to the store. */
  storeCall(operation: string, isOk: boolean, durationMs: number): void {
    this.#storeCalls.observe({ operation, outcome: isOk ? "ok" : "failed" }, durationMs / 1_000);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything in Prometheus's text format. */
  text(readings: Readings): Promise<string> {
    return Registry.merge([this.#registry, gaugesOf(readings)]).metrics();
  }

  #take(event: string, fields: Record<string, unknown>): void {
    if (event === "request") this.#request(fields);
    else if (event === "commit") this.#commit(fields);
    else if (event === "ingest_run") {
      const provider = bounded(this.#providers, fields.provider);
      this.#runs.inc({ provider, kind: String(fields.kind), outcome: String(fields.outcome) });
    } else if (EDGE_EVENTS.has(event)) {
      this.#edgeEvents.inc({ event });
      if (event === "breaker")
        this.#breakerChanges.inc({
          breaker: bounded(this.#breakers, fields.name),
          to: fields.to === "open" || fields.to === "closed" ? fields.to : "other",
        });
    }
  }

  #request({ method, route, status, duration_ms }: Record<string, unknown>): void {
    const isKnown = METHODS.has(String(method));
    this.#requests.inc({
      method: isKnown ? String(method) : "other",
      route: String(route),
      class: `${Math.floor(Number(status) / 100)}xx`,
    });
    this.#durations.observe({ route: String(route) }, Number(duration_ms) / 1_000);
  }

  #commit(fields: Record<string, unknown>): void {
    this.#commits.inc();
    const counts = OUTCOMES.map((outcome) => [outcome, Number(fields[outcome] ?? 0)] as const);
    for (const [outcome, count] of counts) if (count > 0) this.#observations.inc({ outcome }, count);
    const isNew = Number(fields.accepted ?? 0) + Number(fields.revised ?? 0) > 0;
    if (isNew && typeof fields.lag_ms === "number") this.#lag.observe(fields.lag_ms / 1_000);
  }
}

function collectProcessMetrics(register: Registry): void {
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });
  for (const name of MISNAMED) register.removeSingleMetric(name);
}

/** A name from outside as a label, if there are not too many of them already. */
function bounded(names: Set<string>, name: unknown): string {
  const text = String(name);
  if (names.size < MAX_NAMES) names.add(text);
  return names.has(text) ? text : "other";
}

/** Gauges as they were read just now: what could not be read is absent rather than old. */
function gaugesOf({
  health,
  isDatabaseUp,
  quarantineWaiting,
  migrations,
  pools,
  pagesHeld,
  hotResponses,
  latestEvent,
  consumers,
  stalled,
}: Readings): Registry {
  const registry = new Registry();
  type Sample = [labels: Record<string, string>, value: number | undefined];
  const gauge = (name: string, help: string, ...samples: Sample[]) => {
    const known = samples.filter((sample): sample is [Sample[0], number] => sample[1] !== undefined);
    if (known.length === 0) return;
    const labelNames = Object.keys(known[0]?.[0] ?? {});
    const made = new Gauge({ name: `paridad_origin_${name}`, help, labelNames, registers: [registry] });
    for (const [labels, value] of known) made.set(labels, value);
  };
  gauge("database_up", "Whether the database responds and every migration has run: 1 or 0.", [
    {},
    Number(isDatabaseUp),
  ]);
  gauge("quarantine_waiting", "Values that wait for confirmation or for a person.", [{}, quarantineWaiting]);
  gauge(
    "ticks_stalled",
    "Series of an intraday provider that are held back, or missing, or not polled, for ten minutes.",
    ...stalled.map(({ provider, series }): Sample => [{ provider }, series]),
  );
  gauge(
    "migrations",
    "Migrations that the database has, and that this release needs.",
    [{ state: "applied" }, migrations?.applied],
    [{ state: "expected" }, migrations?.expected],
  );
  const ofPools = (sample: (role: string, state: PoolState) => Sample[]) =>
    pools.flatMap(({ role, state }) => sample(role, state));
  gauge(
    "pool_connections",
    "Connections to the database.",
    ...ofPools((role, { open, idle }) => [
      [{ role, state: "in_use" }, open - idle],
      [{ role, state: "idle" }, idle],
    ]),
  );
  gauge(
    "pool_waiting",
    "Statements that wait for a connection.",
    ...ofPools((role, { waiting }) => [[{ role }, waiting]]),
  );
  gauge("pages_held", "Pages in memory.", [{}, pagesHeld]);
  gauge("hot_responses_held", "Finished responses in memory.", [{}, hotResponses.entries]);
  gauge("hot_responses_bytes", "Size of the finished responses in memory, roughly.", [{}, hotResponses.bytes]);
  gauge("events_latest", "The highest number in the log of events.", [{}, latestEvent]);
  gauge(
    "events_behind",
    "Events that a consumer of the log has not read.",
    ...consumers.map(({ consumer, behind }): Sample => [{ consumer }, behind]),
  );
  gauge(
    "event_lag_seconds",
    "Age of the oldest event that a consumer of the log has not read; 0: there is none.",
    ...consumers.map(({ consumer, ageSeconds }): Sample => [{ consumer }, ageSeconds]),
  );
  gauge(
    "publications_missed",
    "Publications missed by the series furthest behind.",
    ...health.providers.map(({ id, publishes_missed }): Sample => [{ provider: id }, publishes_missed ?? undefined]),
  );
  gauge(
    "newest_value_timestamp_seconds",
    "Date of the newest value, as midnight UTC.",
    ...health.providers.map(
      ({ id, latest }): Sample => [{ provider: id }, latest === null ? undefined : Date.parse(latest) / 1_000],
    ),
  );
  return registry;
}
