import { DATA_HEADERS } from "#core/api/headers.ts";
import type { Health } from "#core/api/health.ts";
import { problemResponse } from "#core/api/problem.ts";
import type { ProviderHealth } from "#core/api/provider-health.ts";
import { LATENCY_BOUNDS_MS } from "#core/ops/latency.ts";
import { TIERS } from "#core/pages/page-source.ts";
import { DEFAULT_PROVIDER } from "#core/providers/catalogue.ts";
import { EVENTS_KEY, ingestKeyOf, TOTALS_KEY } from "#core/wire/keys.ts";
import type { Reply } from "../clients/redis-client.ts";
import type { Services } from "../services.ts";
import { gatherHealth } from "./health.ts";
import { CONTENT_TYPE, type Family, type Histogram, type Labels, prometheusText } from "./prometheus-text.ts";
import type { Scope } from "./scope.ts";
import { countersOf, FIELDS } from "./stats.ts";

/**
 * GET /metrics of the edge. No isolate can be scraped by itself, so isolates add their counts to Redis: this is one
 * target for the whole edge. After a loss of Redis all counters start again at zero, as Prometheus expects of a restart.
 */
export async function metricsResponse(services: Services, scope: Scope, request: Request): Promise<Response> {
  const { metricsToken, environment } = services.env;
  // On a developer's machine the worker only listens on the loopback interface.
  const isOpen = metricsToken === undefined && environment === "local";
  if (!isOpen && metricsToken === undefined) return problemResponse({ code: "not_found" }, request.url);
  if (metricsToken !== undefined && !(await bears(request.headers.get("Authorization"), metricsToken)))
    return problemResponse({ code: "unauthorized" }, request.url);
  const [health, stored] = await Promise.all([gatherHealth(services, scope), readStored(services, scope)]);
  const text = prometheusText([...storedFamilies(stored), ...healthFamilies(health, stored !== undefined)]);
  return new Response(text, {
    headers: { ...DATA_HEADERS, "Content-Type": CONTENT_TYPE, "Cache-Control": "no-store" },
  });
}

/** Whether an Authorization header bears the token, compared in constant time. */
async function bears(authorization: string | null, token: string): Promise<boolean> {
  const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const given = (authorization ?? "").replace(/^bearer /i, "Bearer ");
  return crypto.subtle.timingSafeEqual(await digest(given), await digest(`Bearer ${token}`));
}

interface Stored {
  totals: ReadonlyMap<string, number>;
  /** When the cron last ran, epoch milliseconds; undefined if it never did. */
  tickedMs: number | undefined;
  /** How far live updates are. */
  events: ReadonlyMap<string, number>;
}

/** What Redis has; undefined if it can't be read. */
async function readStored({ redisReader, redisGuard }: Services, scope: Scope): Promise<Stored | undefined> {
  try {
    const [totals, ticked, events] = await redisGuard.run(scope, () =>
      redisReader.pipeline([
        ["HGETALL", TOTALS_KEY],
        ["HGET", ingestKeyOf(DEFAULT_PROVIDER), "ticked"],
        ["HGETALL", EVENTS_KEY],
      ]),
    );
    return { totals: countersOf(totals), tickedMs: instantOf(ticked), events: countersOf(events) };
  } catch {
    return undefined;
  }
}

function instantOf(reply: Reply | undefined): number | undefined {
  const ms = typeof reply === "string" ? Number(reply) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

function storedFamilies(stored: Stored | undefined): (Family | Histogram)[] {
  if (stored === undefined) return [];
  const { totals, tickedMs, events } = stored;
  const count = (field: string) => totals.get(field) ?? 0;
  const counter = (name: string, help: string, field: string): Family => ({
    name: `paridad_edge_${name}_total`,
    help,
    type: "counter",
    samples: [{ value: count(field) }],
  });
  return [
    counter("requests", "Requests that reached the worker.", FIELDS.requests),
    counter("errors", "Responses with status 5xx.", FIELDS.errors),
    counter("rate_limited", "Responses with status 429.", FIELDS.rateLimited),
    counter("hot_responses", "Requests served with a finished response from the isolate's memory.", FIELDS.hot),
    counter("stale_pages", "Pages served past their freshness because no tier had a newer one.", FIELDS.stale),
    {
      name: "paridad_edge_request_duration_seconds",
      help: "Time from request to response in the worker.",
      type: "histogram",
      bounds: LATENCY_BOUNDS_MS.map((ms) => ms / 1_000),
      counts: [...LATENCY_BOUNDS_MS, Number.POSITIVE_INFINITY].map((ms) => count(FIELDS.latency(ms))),
      sum: count(FIELDS.latencySum) / 1_000,
    },
    {
      name: "paridad_edge_page_reads_total",
      help: "Pages looked up in a tier, by what came of it.",
      type: "counter",
      samples: TIERS.flatMap((tier) => [
        { labels: { tier, result: "hit" }, value: count(FIELDS.hits(tier)) },
        { labels: { tier, result: "miss" }, value: count(FIELDS.misses(tier)) },
        { labels: { tier, result: "corrupt" }, value: count(FIELDS.corrupt(tier)) },
      ]),
    },
    {
      name: "paridad_edge_tier_failures_total",
      help: "Calls to a tier that failed, by operation.",
      type: "counter",
      samples: TIERS.flatMap((tier) => [
        { labels: { tier, operation: "read" }, value: count(FIELDS.failed(tier)) },
        { labels: { tier, operation: "fill" }, value: count(FIELDS.fillFailed(tier)) },
      ]),
    },
    gauge("events_latest", "The highest number in the log of events, when it was last read.", [
      { value: events.get("latest") },
    ]),
    gauge("events_published", "Up to which number events were sent to all hubs.", [{ value: events.get("published") }]),
    gauge("ingest_last_tick_timestamp_seconds", "When the ingestion's cron last ran.", [
      { value: tickedMs === undefined ? undefined : tickedMs / 1_000 },
    ]),
  ];
}

function healthFamilies(health: Health, isRedisUp: boolean): Family[] {
  const { database, banxico_api } = health.dependencies;
  const up = (dependency: string, state: string) => ({
    labels: { dependency },
    value: state === "unknown" ? undefined : Number(state === "healthy"),
  });
  const byProvider = (read: (provider: ProviderHealth) => number | undefined) =>
    health.providers.map((provider) => ({ labels: { provider: provider.id }, value: read(provider) }));
  return [
    gauge("dependency_up", "Whether a dependency works, if that is known: 1 or 0.", [
      up("database", database),
      { labels: { dependency: "redis" }, value: Number(isRedisUp) },
      up("banxico_api", banxico_api),
    ]),
    gauge(
      "breaker_open",
      "Whether a provider's circuit breaker is open: 1 or 0.",
      health.providers.map(({ id, circuit_breaker: state }) => ({
        labels: { breaker: id },
        value: state === "unknown" ? undefined : Number(state === "open"),
      })),
    ),
    gauge("dead_letters", "Batches that could not be stored and wait to be replayed.", [
      { value: health.dead_letters ?? undefined },
    ]),
    gauge("settlement_differs", "Whether Banxico's settlement rates differ from those derived from its FIX: 1 or 0.", [
      { value: health.settlement_check === "unknown" ? undefined : Number(health.settlement_check === "differs") },
    ]),
    gauge(
      "publications_missed",
      "Publications missed by the series furthest behind.",
      byProvider(({ publishes_missed }) => publishes_missed ?? undefined),
    ),
    gauge(
      "newest_value_timestamp_seconds",
      "Date of the newest value, as midnight UTC.",
      byProvider(({ latest }) => (latest === null ? undefined : Date.parse(latest) / 1_000)),
    ),
    gauge(
      "series_behind",
      "Series that missed a publication.",
      byProvider(({ series_behind }) => series_behind),
    ),
    gauge(
      "series_missing",
      "Series without any value.",
      byProvider(({ series_missing }) => series_missing),
    ),
    gauge("values_waiting", "Values that wait for confirmation or for a person.", [
      {
        labels: { provider: DEFAULT_PROVIDER },
        value: health.series.reduce((sum, { waiting }) => sum + waiting, 0),
      },
    ]),
  ];
}

/** A gauge of what is known. */
function gauge(name: string, help: string, samples: readonly { labels?: Labels; value: number | undefined }[]): Family {
  const known = samples.flatMap(({ labels = {}, value }) => (value === undefined ? [] : [{ labels, value }]));
  return { name: `paridad_edge_${name}`, help, type: "gauge", samples: known };
}
