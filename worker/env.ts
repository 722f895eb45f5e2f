import { type ExternalIssuer, externalIssuer } from "#core/auth/issuers.ts";
import { InvalidEnv } from "#core/ops/invalid-env.ts";
import { DEFAULT_POLICY, type Policy, policySchema } from "#core/ops/policy.ts";
import { withCurrentNames } from "#core/ops/policy-names.ts";
import { binding, numeric, optional, orDefault, Settings, text } from "#core/ops/settings.ts";
import { type Catalogue, catalogueFor } from "#core/providers/catalogue.ts";
import { variableOf } from "#core/providers/provider.ts";
import type { Hub } from "./live/hub.ts";
import { LOCAL_PROVIDER_SECRETS, type Source, secret, secretsOf, sourcesIn, url, variablesOf } from "./provider-env.ts";

/** The worker's environment: variables and secrets of wrangler.toml, and bindings. */
export interface Env {
  environment: "local" | "dev" | "stg" | "prd";
  /** The URL that clients use. */
  publicUrl: string;
  originUrl: string;
  /** Sends requests with the worker's client certificate, which the load balancer asks for. */
  originCertificate: Fetcher | undefined;
  edgeToken: string;
  redisUrl: string;
  redisToken: string;
  /** The providers that are ingested. */
  sources: readonly Source[];
  sentryDsn: string | undefined;
  /** What GET /metrics requires; undefined: it is off, or open in the local environment. */
  metricsToken: string | undefined;
  release: string | undefined;
  /** Added to the clock; always 0 outside the local environment. */
  clockOffsetMs: number;
  policy: Policy;
  /** The providers of this deployment. */
  catalogue: Catalogue;
  /** Names that are not settings, probably misspelt. */
  unknownNames: readonly string[];
  /** What operators should know of at the start: providers that are off for lack of a secret. */
  warnings: readonly string[];
  ingestQueue: Queue<unknown>;
  /** Wakes up the delivering worker; undefined: there is none. */
  deliverQueue: Queue<unknown> | undefined;
  /** Live updates; undefined: there are none. */
  hubs: DurableObjectNamespace<Hub> | undefined;
  /** For all requests that no hot response serves. */
  rateLimiter: RateLimit | undefined;
  /** For long periods, in units of core/api/cost. */
  heavyRateLimiter: RateLimit | undefined;
  healthRateLimiter: RateLimit | undefined;
  /** For private endpoints, by key. */
  privateRateLimiter: RateLimit | undefined;
  /** For new live connections. */
  connectRateLimiter: RateLimit | undefined;
  /** Whose access tokens are accepted besides our own. */
  externalIssuer: ExternalIssuer | undefined;
  /** The files of the dashboard; undefined in a deployment without them. */
  assets: Fetcher | undefined;
  /** Everything that must never be seen in a log or report. */
  secrets: readonly string[];
}

const ENVIRONMENTS = ["local", "dev", "stg", "prd"] as const;
const MAX_RELEASE_LENGTH = 100;

const rateLimit = optional(binding<RateLimit>(({ limit }) => typeof limit === "function", "must be a rate limit"));

const fetcher = (what: string) =>
  optional(binding<Fetcher>(({ fetch }) => typeof fetch === "function", `must be ${what}`));

const queue = binding<Queue<unknown>>(({ send }) => typeof send === "function", "must be a queue");

const fixed = {
  ENVIRONMENT: text((given) => ENVIRONMENTS.find((one) => one === given), "must be local, dev, stg or prd"),
  PUBLIC_URL: url,
  ORIGIN_URL: url,
  ORIGIN_CERTIFICATE: fetcher("an mTLS certificate"),
  EDGE_TOKEN: secret(16),
  UPSTASH_REDIS_REST_URL: url,
  UPSTASH_REDIS_REST_TOKEN: secret(8),
};
const others = {
  SENTRY_DSN: optional(url),
  METRICS_TOKEN: optional(secret(32)),
  RELEASE: optional(
    text(
      (given) => (given.length <= MAX_RELEASE_LENGTH ? given : undefined),
      `must have at most ${MAX_RELEASE_LENGTH} characters`,
    ),
  ),
  CLOCK_OFFSET_MS: orDefault(numeric(Number.isSafeInteger, "must be a whole number"), 0),
  INGEST: queue,
  DELIVER: optional(queue),
  HUB: optional(
    binding<DurableObjectNamespace<Hub>>(
      ({ idFromName }) => typeof idFromName === "function",
      "must be a Durable Object",
    ),
  ),
  RATE_LIMITER: rateLimit,
  HEAVY_RATE_LIMITER: rateLimit,
  HEALTH_RATE_LIMITER: rateLimit,
  PRIVATE_RATE_LIMITER: rateLimit,
  CONNECT_RATE_LIMITER: rateLimit,
  EXTERNAL_ISSUER: optional(externalIssuer),
  ASSETS: fetcher("the binding of the assets"),
};

/** Validates the environment, once; throws InvalidEnv naming everything that is missing or wrong. */
export function parseEnv(bindings: unknown): Env {
  // An empty variable is not set: as a number it would count as 0. Nor is "-", by which a deployment's secret is off.
  const isSet = ([, value]: [string, unknown]) => value !== undefined && value !== "" && value !== "-";
  const set = withCurrentNames(Object.fromEntries(Object.entries(bindings ?? {}).filter(isSet)));
  const given: Record<string, unknown> = set.ENVIRONMENT === "local" ? { ...LOCAL_SECRETS, ...set } : set;
  const policy = policySchema.safeParse(given);
  const catalogue = catalogueFor(String(given.ENVIRONMENT), policy.data ?? DEFAULT_POLICY);
  const ingested = catalogue.providers;
  const variables = new Settings({ ...fixed, ...variablesOf(ingested), ...others });
  const parsed = variables.safeParse(given);
  if (!parsed.success || !policy.success) {
    const issues = [...(parsed.error?.issues ?? []), ...(policy.error?.issues ?? [])];
    throw new InvalidEnv(issues.map(({ path: [name = ""], message }) => describe(String(name), message, given)));
  }
  const env = parsed.data;
  const isLocal = env.ENVIRONMENT === "local";
  const sources = sourcesIn(env, ingested);
  if (!isLocal) {
    requireEncryption(env, sources);
    refuseLocalSecrets(given);
  }
  return {
    environment: env.ENVIRONMENT,
    publicUrl: env.PUBLIC_URL,
    originUrl: env.ORIGIN_URL,
    originCertificate: env.ORIGIN_CERTIFICATE,
    edgeToken: env.EDGE_TOKEN,
    redisUrl: env.UPSTASH_REDIS_REST_URL,
    redisToken: env.UPSTASH_REDIS_REST_TOKEN,
    sources: sources.filter(({ isUsable }) => isUsable),
    sentryDsn: env.SENTRY_DSN,
    metricsToken: env.METRICS_TOKEN,
    release: env.RELEASE,
    clockOffsetMs: isLocal ? env.CLOCK_OFFSET_MS : 0,
    policy: policy.data,
    catalogue,
    unknownNames: Object.keys(given).filter((name) => !isKnown(name, variables)),
    warnings: sources.flatMap(({ provider, isUsable }) =>
      isUsable ? [] : [`${provider.secret?.name} is not set: ${provider.id} is off`],
    ),
    ingestQueue: env.INGEST,
    deliverQueue: env.DELIVER,
    hubs: env.HUB,
    rateLimiter: env.RATE_LIMITER,
    heavyRateLimiter: env.HEAVY_RATE_LIMITER,
    healthRateLimiter: env.HEALTH_RATE_LIMITER,
    privateRateLimiter: env.PRIVATE_RATE_LIMITER,
    connectRateLimiter: env.CONNECT_RATE_LIMITER,
    externalIssuer: env.EXTERNAL_ISSUER,
    assets: env.ASSETS,
    secrets: [
      ...[env.EDGE_TOKEN, env.UPSTASH_REDIS_REST_TOKEN, env.SENTRY_DSN, env.METRICS_TOKEN].filter(
        (value) => value !== undefined,
      ),
      ...sources.flatMap(secretsOf),
    ],
  };
}

/** These open nothing but the simulators and the origin on this machine. */
const LOCAL_SECRETS: Readonly<Record<string, string>> = {
  EDGE_TOKEN: "local-edge-token-0123456789abcdef",
  UPSTASH_REDIS_REST_TOKEN: "local-redis-token",
  ...LOCAL_PROVIDER_SECRETS,
};

function refuseLocalSecrets(given: Readonly<Record<string, unknown>>): void {
  const local = Object.entries(LOCAL_SECRETS).filter(([name, value]) => given[name] === value);
  if (local.length > 0) throw new InvalidEnv(local.map(([name]) => `${name} must not be the local one`));
}

/** Names with an underscore in front are the runtime's own. */
function isKnown(name: string, variables: { shape: object }): boolean {
  return name.startsWith("_") || [variables, policySchema].some(({ shape }) => Object.hasOwn(shape, name));
}

function describe(name: string, message: string, given: Record<string, unknown>): string {
  return given[name] === undefined ? `${name} is missing` : `${name} ${message}`;
}

/** Tokens are sent over these, so outside the local environment they must be encrypted. */
function requireEncryption(
  env: Record<"PUBLIC_URL" | "ORIGIN_URL" | "UPSTASH_REDIS_REST_URL", string>,
  sources: readonly Source[],
): void {
  const urls = (["PUBLIC_URL", "ORIGIN_URL", "UPSTASH_REDIS_REST_URL"] as const).map(
    (name) => [name, env[name]] as const,
  );
  const faults = [...urls, ...sources.map(({ provider, url }) => [variableOf(provider.id, "URL"), url] as const)]
    .filter(([, value]) => !value.startsWith("https://"))
    .map(([name]) => `${name} must be https outside the local environment`);
  if (faults.length > 0) throw new InvalidEnv(faults);
}
