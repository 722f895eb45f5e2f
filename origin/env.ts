import { z } from "zod";
import { type ExternalIssuer, externalIssuer } from "#core/auth/issuers.ts";
import { type TokenKey, tokenKeysSchema } from "#core/auth/token-keys.ts";
import { InvalidEnv } from "#core/ops/invalid-env.ts";
import { type Policy, policySchema } from "#core/ops/policy.ts";
import { withCurrentNames } from "#core/ops/policy-names.ts";
import { optional, Settings } from "#core/ops/settings.ts";
import { SAMPLED_SHARE } from "#core/ops/trace.ts";
import { type Catalogue, catalogueFor } from "#core/providers/catalogue.ts";

/** The origin's environment. */
export interface Env {
  /** The image's digest, for reports and health; undefined: it has no name. */
  release: string | undefined;
  environment: "local" | "dev" | "stg" | "prd";
  /** store/open describes its forms. */
  databaseUrl: string;
  /** A replica for reading pages; a MySQL only. */
  databaseReaderUrl: string | undefined;
  /** The tokens that the edge may use: two during a rotation. */
  edgeTokens: readonly string[];
  /** The tokens that the delivering worker may use; none: nothing is delivered. */
  deliverTokens: readonly string[];
  /** Encrypts the secrets of webhooks: 32 bytes in base64; undefined: this deployment has no webhooks. */
  webhookKey: string | undefined;
  /** What GET /metrics requires; undefined: it is off, or open in the local environment. */
  metricsToken: string | undefined;
  /** The URL that clients use: issuer and audience of our access tokens. */
  publicUrl: string;
  /** The keys that sign them; none: no tokens are issued, and there is no private API. */
  tokenKeys: readonly TokenKey[];
  /** Whose tokens are accepted besides. */
  externalIssuer: ExternalIssuer | undefined;
  host: string;
  port: number;
  /** A second port, for TLS; undefined: there is none. */
  tls: { port: number; certificateFile: string; keyFile: string } | undefined;
  /** Added to the clock; always 0 outside the local environment. */
  clockOffsetMs: number;
  /** How long a page is served from memory. */
  pageMemoryMs: number;
  /** Where faults are reported; undefined: only in the log. */
  sentryDsn: string | undefined;
  /** Where spans are sent, and the sampled share of the traces that begin here; undefined: nowhere. */
  traces: { endpoint: string; serviceName: string; sampledShare: number } | undefined;
  policy: Policy;
  /** The providers of this deployment. */
  catalogue: Catalogue;
}

/** Only valid for an origin on this machine. */
const LOCAL_TOKEN = "local-edge-token-0123456789abcdef";
const LOCAL_DELIVER_TOKEN = "local-deliver-token-0123456789abcdef";
export const LOCAL_WEBHOOK_KEY = Buffer.from("local-webhook-key-0123456789abcd").toString("base64");
export const LOCAL_DATABASE = "file:.paridad/paridad.sqlite";
/** With more, instances would disagree for longer than the edge considers a page fresh. */
const MAX_PAGE_MEMORY_MS = 1_000;

const storeUrl = z.string().refine((text) => {
  if (text.startsWith("file:")) return text.length > "file:".length;
  return /^(mysql|https?):$/.test(URL.parse(text)?.protocol ?? "");
}, "must be file:PATH, mysql://… or https://…");

const tokens = z
  .string()
  .transform((text) => text.split(",").map((token) => token.trim()))
  .pipe(z.array(z.string().regex(/^[\x21-\x7e]{32,}$/, "must each be printable and have at least 32 characters")))
  .optional();
const WEBHOOK_KEY_BYTES = 32;

const variables = z.object({
  ENVIRONMENT: z.enum(["local", "dev", "stg", "prd"], "must be local, dev, stg or prd").default("local"),
  RELEASE: z.string().max(100).optional(),
  DATABASE_URL: storeUrl.optional(),
  DATABASE_READER_URL: storeUrl.refine((text) => text.startsWith("mysql:"), "must be mysql://…").optional(),
  EDGE_TOKENS: tokens,
  DELIVER_TOKENS: tokens,
  WEBHOOK_KEY: z
    .string()
    .refine((text) => Buffer.from(text, "base64").length === WEBHOOK_KEY_BYTES, "must be 32 bytes in base64")
    .optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{32,}$/, "must be printable and have at least 32 characters")
    .optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be http://… or https://…" }).default("http://127.0.0.1:8787"),
  TOKEN_KEYS: tokenKeysSchema.optional(),
  HOST: z.string().optional(),
  PORT: z.coerce.number("must be a port").int("must be a port").min(0).max(65_535).default(8788),
  TLS_PORT: z.coerce.number("must be a port").int("must be a port").min(0).max(65_535).optional(),
  TLS_CERTIFICATE_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  CLOCK_OFFSET_MS: z.coerce.number("must be a whole number").int("must be a whole number").default(0),
  PAGE_MEMORY_MS: z.coerce.number("must be a number").min(0).max(MAX_PAGE_MEMORY_MS).default(MAX_PAGE_MEMORY_MS),
  SENTRY_DSN: z
    .url({ protocol: /^https?$/, error: "must be https://KEY@HOST/PROJECT" })
    .refine((dsn) => /^\/\S*[^/]$/.test(new URL(dsn).pathname) && new URL(dsn).username !== "", {
      error: "must be https://KEY@HOST/PROJECT",
      when: ({ issues }) => issues.length === 0,
    })
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: "must be http://… or https://…" }).optional(),
  OTEL_SERVICE_NAME: z.string().default("paridad-origin"),
  // The only supported sampler: what the caller records, and a share of the rest.
  OTEL_TRACES_SAMPLER: z.literal("parentbased_traceidratio", "must be parentbased_traceidratio").optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number("must be from 0 to 1")
    .min(0, "must be from 0 to 1")
    .max(1, "must be from 0 to 1")
    .default(SAMPLED_SHARE),
});

const issuerSettings = new Settings({ EXTERNAL_ISSUER: optional(externalIssuer) });

/** Reads the environment. Throws InvalidEnv naming all that is missing or wrong; an empty variable counts as not set. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const isSet = ([, value]: [string, unknown]) => value !== undefined && value !== "";
  const given = withCurrentNames(Object.fromEntries(Object.entries(source).filter(isSet)));
  // A deployed image must never default to the local environment, whose token is public.
  if (given.NODE_ENV === "production" && given.ENVIRONMENT === undefined)
    throw new InvalidEnv(["ENVIRONMENT is required"]);
  const parsed = variables.safeParse(given);
  const issuers = issuerSettings.safeParse(given);
  const policy = policySchema.safeParse(given);
  const issues = [...(parsed.error?.issues ?? []), ...(issuers.error?.issues ?? []), ...(policy.error?.issues ?? [])];
  const faults = issues.map(({ path, message }) => `${String(path[0])} ${message}`);
  if (!parsed.success || !issuers.success || !policy.success) throw new InvalidEnv([...new Set(faults)]);

  const { ENVIRONMENT, DATABASE_URL, DATABASE_READER_URL, EDGE_TOKENS, CLOCK_OFFSET_MS, ...rest } = parsed.data;
  const isLocal = ENVIRONMENT === "local";
  if (!isLocal) {
    const missing = [
      DATABASE_URL === undefined && "DATABASE_URL is required",
      !EDGE_TOKENS && "EDGE_TOKENS is required",
    ];
    if (EDGE_TOKENS?.includes(LOCAL_TOKEN)) missing.push("EDGE_TOKENS must not hold the local token");
    if (rest.DELIVER_TOKENS?.includes(LOCAL_DELIVER_TOKEN))
      missing.push("DELIVER_TOKENS must not hold the local token");
    if (rest.WEBHOOK_KEY === LOCAL_WEBHOOK_KEY) missing.push("WEBHOOK_KEY must not be the local key");
    if (rest.DELIVER_TOKENS?.some((token) => EDGE_TOKENS?.includes(token)))
      missing.push("DELIVER_TOKENS must differ from EDGE_TOKENS");
    const hasTokens = rest.TOKEN_KEYS !== undefined || issuers.data.EXTERNAL_ISSUER !== undefined;
    if (hasTokens && !rest.PUBLIC_URL.startsWith("https:"))
      missing.push("PUBLIC_URL is required with TOKEN_KEYS or EXTERNAL_ISSUER, and must be https");
    if (CLOCK_OFFSET_MS !== 0) missing.push("CLOCK_OFFSET_MS is for the local environment only");
    const named = missing.filter((fault) => fault !== false);
    if (named.length > 0) throw new InvalidEnv(named);
  }
  return {
    environment: ENVIRONMENT,
    databaseUrl: DATABASE_URL ?? LOCAL_DATABASE,
    databaseReaderUrl: DATABASE_READER_URL,
    edgeTokens: EDGE_TOKENS ?? [LOCAL_TOKEN],
    deliverTokens: rest.DELIVER_TOKENS ?? (isLocal ? [LOCAL_DELIVER_TOKEN] : []),
    webhookKey: rest.WEBHOOK_KEY ?? (isLocal ? LOCAL_WEBHOOK_KEY : undefined),
    release: rest.RELEASE,
    metricsToken: rest.METRICS_TOKEN,
    host: rest.HOST ?? (isLocal ? "127.0.0.1" : "0.0.0.0"),
    publicUrl: rest.PUBLIC_URL,
    tokenKeys: rest.TOKEN_KEYS ?? [],
    externalIssuer: issuers.data.EXTERNAL_ISSUER,
    port: rest.PORT,
    tls: tlsOf(rest),
    clockOffsetMs: CLOCK_OFFSET_MS,
    pageMemoryMs: rest.PAGE_MEMORY_MS,
    sentryDsn: rest.SENTRY_DSN,
    traces:
      rest.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : {
            endpoint: rest.OTEL_EXPORTER_OTLP_ENDPOINT,
            serviceName: rest.OTEL_SERVICE_NAME,
            sampledShare: rest.OTEL_TRACES_SAMPLER_ARG,
          },
    policy: policy.data,
    catalogue: catalogueFor(ENVIRONMENT, policy.data),
  };
}

type TlsVariables = Partial<Pick<z.infer<typeof variables>, "TLS_PORT" | "TLS_CERTIFICATE_FILE" | "TLS_KEY_FILE">>;

/** Throws InvalidEnv if only some of the three are given. */
function tlsOf(given: TlsVariables): Env["tls"] {
  const { TLS_PORT: port, TLS_CERTIFICATE_FILE: certificateFile, TLS_KEY_FILE: keyFile } = given;
  const values = [port, certificateFile, keyFile];
  if (values.includes(undefined) && values.some((value) => value !== undefined))
    throw new InvalidEnv(["TLS_PORT, TLS_CERTIFICATE_FILE and TLS_KEY_FILE belong together"]);
  if (port === undefined || certificateFile === undefined || keyFile === undefined) return undefined;
  return { port, certificateFile, keyFile };
}
