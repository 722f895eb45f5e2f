import type { HotResponses } from "#core/api/hot-responses.ts";
import type { LiveSource } from "#core/api/live.ts";
import { JWKS_PATH } from "#core/api/private/paths.ts";
import type { TrustedIssuer } from "#core/auth/verifier.ts";
import type { BreakerEvent } from "#core/ops/breaker.ts";
import { breakerPolicy } from "#core/ops/policy.ts";
import type { Archive, Boards } from "#core/pages/page-source.ts";
import type { Conditions } from "#core/pages/page-ttl.ts";
import { Guard } from "./clients/guard.ts";
import { OriginClient } from "./clients/origin-client.ts";
import { OriginFailure } from "./clients/origin-failure.ts";
import { RedisClient, RedisFailure } from "./clients/redis-client.ts";
import { documentReader } from "./document-reader.ts";
import { type Env, parseEnv } from "./env.ts";
import { homePageReader } from "./home-page.ts";
import { type HotResponse, hotResponses } from "./hot-response.ts";
import { ProviderClient } from "./ingest/provider-client.ts";
import { edgeLive } from "./live/edge-live.ts";
import { EventClient } from "./ops/event-client.ts";
import { HealthMemory } from "./ops/health-memory.ts";
import { Metrics } from "./ops/metrics.ts";
import { type Reporter, SentryReporter } from "./ops/reporter.ts";
import type { Scope } from "./ops/scope.ts";
import { Jwks, trustedIssuers } from "./private/jwks.ts";
import { Announcements } from "./tiers/announcements.ts";
import { BoardMemory } from "./tiers/board-memory.ts";
import { ColoTier } from "./tiers/colo-tier.ts";
import { IsolateTier } from "./tiers/isolate-tier.ts";
import { OriginArchive } from "./tiers/origin-archive.ts";
import { OriginTier } from "./tiers/origin-tier.ts";
import { RedisTier } from "./tiers/redis-tier.ts";
import { Renewals } from "./tiers/renewals.ts";
import type { TierEvents } from "./tiers/tier.ts";
import { type BoardsSettings, TieredBoards } from "./tiers/tiered-boards.ts";
import { TieredPages, type TiersSettings } from "./tiers/tiered-pages.ts";

/** Everything that lives as long as the isolate. None of it keeps a request's objects. */
export interface Services {
  env: Env;
  now: () => number;
  /** With the deadline of requests. */
  redisReader: RedisClient;
  /** With the deadline of background work. */
  redisWriter: RedisClient;
  redisGuard: Guard;
  origin: OriginClient;
  originGuard: Guard;
  /** One for each provider that is ingested. */
  clients: readonly ProviderClient[];
  /** The public keys of our own access tokens. */
  jwks: Jwks;
  /** Whose access tokens are accepted. */
  issuers: readonly TrustedIssuer[];
  /** Sends requests to the origin. */
  originFetch: typeof fetch;
  isolate: IsolateTier;
  tiers: TiersSettings;
  hotResponses: HotResponses<HotResponse>;
  metrics: Metrics;
  healthMemory: HealthMemory;
  eventClient: EventClient;
  reporter: Reporter;
  live: LiveSource;
  /** The lookup of one request. */
  pages: (scope: Scope) => TieredPages;
  boards: (scope: Scope) => Boards;
  homePage: () => Promise<string | undefined>;
  /** Reads a document. */
  document: ReturnType<typeof documentReader>;
  archive: (scope: Scope) => Archive;
}

/** What tests replace. */
export interface Overrides {
  now?: () => number;
  random?: () => number;
  fetch?: typeof fetch;
  log?: (line: string) => void;
}

/** Builds the services of an isolate; throws InvalidEnv if the environment is not complete. */
export function createServices(bindings: unknown, overrides: Overrides = {}): Services {
  const env = parseEnv(bindings);
  const { policy } = env;
  const now = overrides.now ?? (() => Date.now() + env.clockOffsetMs);

  const reporter = new SentryReporter({
    environment: env.environment,
    dsn: env.sentryDsn,
    release: env.release,
    secrets: env.secrets,
    ...(overrides.log && { log: overrides.log }),
  });

  const certificate = env.originCertificate;
  const originFetch = overrides.fetch ?? (certificate && ((input, init) => certificate.fetch(input, init)));
  let degradedUntilMs = 0;
  const origin = new OriginClient({
    url: env.originUrl,
    token: env.edgeToken,
    policy,
    // While Redis works, the origin is rarely called: what it reported holds as long as an open breaker would.
    onDatabase: (isDegraded) => {
      degradedUntilMs = isDegraded ? now() + policy.BREAKER_OPEN_MS : 0;
    },
    ...(originFetch && { fetch: originFetch }),
    ...(overrides.random && { random: overrides.random }),
  });
  const eventClient = new EventClient(origin);

  const redis = { url: env.redisUrl, token: env.redisToken };
  const redisReader = new RedisClient({ ...redis, deadlineMs: policy.REDIS_PATIENCE_MS });
  const redisWriter = new RedisClient({ ...redis, deadlineMs: policy.COMMIT_DEADLINE_MS });

  const guard = (name: string, deadlineMs: number, classify: (error: unknown) => BreakerEvent | undefined) =>
    new Guard({
      name,
      deadlineMs,
      classify,
      policy: breakerPolicy(policy),
      onChange: ({ from, to }, scope) => {
        reporter.notice(`circuit breaker of ${name}: ${from} → ${to}`, { breaker: name, from, to }, scope);
        if (to !== "half_open") eventClient.send("breaker", name, to, scope);
      },
    });
  const clients = env.sources.map(
    (source) =>
      new ProviderClient({
        ...source,
        policy,
        redis: redisWriter,
        now,
        random: overrides.random ?? Math.random,
        ...(overrides.fetch && { fetch: overrides.fetch }),
      }),
  );

  const redisGuard = guard("redis", policy.REDIS_PATIENCE_MS, redisEvent);
  const originGuard = guard("origin", policy.ORIGIN_PATIENCE_MS, originEvent);

  const metrics = new Metrics(redisWriter, () => !redisGuard.isAway);
  const events: TierEvents = {
    read: (tier, counts, scope) => {
      metrics.read(tier, counts);
      if (counts.corrupt > 0) eventClient.send("corrupt_page", tier, "a corrupt entry", scope);
    },
    failed: (tier) => metrics.failed(tier),
    fillFailed: (tier) => metrics.fillFailed(tier),
    servedStale: (count) => metrics.servedStale(count),
  };

  const isolate = new IsolateTier(policy);
  const send = originFetch ?? ((input, init) => fetch(input, init));
  const jwks = new Jwks({ url: `${env.originUrl}${JWKS_PATH}`, env, now, fetch: send });
  const issuers = trustedIssuers(env, jwks, now, overrides.fetch);
  const conditions = (nowMs: number): Conditions => ({
    isRedisAway: redisGuard.isAway,
    isDatabaseDegraded: nowMs < degradedUntilMs,
  });
  const announcements = new Announcements(env.catalogue, policy);
  const tiers: TiersSettings = {
    tiers: [
      isolate,
      new ColoTier({ publicUrl: env.publicUrl, policy, events }),
      new RedisTier({ reader: redisReader, writer: redisWriter, guard: redisGuard, policy, events }),
      new OriginTier({ client: origin, guard: originGuard, policy }),
    ],
    renewals: new Renewals(),
    policy,
    conditions,
    announcements,
    originClosedForMs: (nowMs) => originGuard.closedForMs(nowMs),
    events,
    ...(overrides.random && { random: overrides.random }),
  };

  const boards: BoardsSettings = {
    memory: new BoardMemory(),
    redis: redisReader,
    redisGuard,
    origin,
    originGuard,
    policy,
    catalogue: env.catalogue,
    announcements,
  };

  return {
    env,
    now,
    redisReader,
    redisWriter,
    redisGuard,
    origin,
    originGuard,
    clients,
    jwks,
    issuers,
    originFetch: send,
    isolate,
    tiers,
    hotResponses: hotResponses(),
    metrics,
    healthMemory: new HealthMemory(),
    eventClient,
    reporter,
    live: edgeLive({ env, origin, issuer: issuers[0], now, random: overrides.random ?? Math.random }),
    pages: (scope) => new TieredPages(tiers, scope),
    archive: (scope) => new OriginArchive({ origin, originGuard, policy }, scope),
    boards: (scope) => new TieredBoards(boards, new TieredPages(tiers, scope), scope),
    homePage: homePageReader(env.assets),
    document: documentReader(env.assets),
  };
}

/** A command that Redis refuses, or a bad token, will be refused again. */
function redisEvent(error: unknown): BreakerEvent {
  return error instanceof RedisFailure && error.kind === "refused" ? "permanent" : "failure";
}

function originEvent(error: unknown): BreakerEvent | undefined {
  if (!(error instanceof OriginFailure)) return "failure";
  if (error.isUnauthorized) return "permanent";
  if (error.isBlocked) return undefined;
  // An origin that refuses a request is reachable.
  return error.isTransient ? "failure" : undefined;
}
