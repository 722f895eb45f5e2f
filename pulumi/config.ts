import { z } from "zod";
import { ConfigError, describeIssue, listText, parseValue } from "./config-values.ts";
import { maxConnections } from "./data/connections.ts";
import { supportEndOf } from "./data/engine-calendar.ts";
import { thresholdsSchema } from "./observability/thresholds.ts";

/**
 * Every setting of a stack: its name, range and default. Nothing else in this folder reads configuration, and
 * Pulumi.<stack>.yaml holds only what differs from these defaults.
 */
const count = (low: number, high: number, fallback: number) => z.int().min(low).max(high).default(fallback);
const flag = (fallback: boolean) => z.boolean().default(fallback);
const days = (fallback: number) => z.int().min(1).max(3_653).default(fallback);
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region such as us-east-1");
const hostName = (message: string) => z.string().regex(/^[a-z0-9.-]+\.[a-z]{2,}$/, message);
const httpsUrl = z.url({ protocol: /^https$/, message: "must be an https:// address" });

/** CloudWatch Logs refuses any other number of days. */
const logDays = z.union(
  [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_827, 3_653].map((n) => z.literal(n)),
  { error: "must be a retention that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365…" },
);

const network = z.strictObject({
  cidr: z.cidrv4().default("10.0.0.0/16"),
  /** The letters of the availability zones: not every region has an a, b and c. */
  zones: z
    .array(z.string().regex(/^[a-z]$/, "must be the letter of an availability zone"))
    .min(2)
    .max(6)
    .default(["a", "b", "c"]),
  natGateways: z.enum(["one", "perZone"]).default("perZone"),
  /** none: to AWS's services through the NAT gateway, over TLS as well; S3, which costs nothing, stays private. */
  interfaceEndpoints: z.enum(["none", "oneZone", "everyZone"]).default("everyZone"),
});

const acu = z.number().min(0.5).max(256).multipleOf(0.5);
const database = z
  .strictObject({
    engineVersion: z
      .string()
      .regex(/^8\.0\.mysql_aurora\.3\.\d+\.\d+$/, "must be an Aurora MySQL 3 version")
      .refine((version) => supportEndOf(version) !== undefined, "must be a version of pulumi/data/engine-calendar.ts")
      // The long-term support release: its minor version stays for years, its patches are applied once a year.
      .default("8.0.mysql_aurora.3.10.5"),
    minAcu: acu.default(0.5),
    maxAcu: acu.default(16),
    readers: count(0, 15, 2),
    backupDays: count(1, 35, 35),
    /** Whether the cluster, and whatever else holds data or opens it, refuses to be deleted. */
    protect: flag(true),
    /** What the cluster is made from when it is made: a copy, in a recovery stack. Ignored once the cluster is there. */
    snapshot: z
      .string()
      .regex(/^arn:aws:rds:[a-z0-9-]+:\d{12}:cluster-snapshot:\S+$/, "must be the ARN of a cluster snapshot")
      .optional(),
    /** Whether a destroy leaves a last snapshot and the automated backups. Its own switch: protect goes off first. */
    finalSnapshot: flag(true),
    slowQuerySeconds: z.number().min(0.01).max(60).default(1),
    performanceInsightsDays: z.union([7, 31, 93, 465, 731].map((n) => z.literal(n))).default(7),
    monitoringSeconds: z.union([1, 5, 10, 15, 30, 60].map((n) => z.literal(n))).default(60),
  })
  .refine((given) => given.maxAcu >= given.minAcu, { path: ["maxAcu"], message: "must be at least minAcu" });

const backup = z.strictObject({
  copies: flag(true),
  hourlyKeepDays: count(1, 7, 2),
  dailyKeepDays: count(1, 365, 35),
});

const scaling = z.strictObject({
  requestsPerTarget: z.number().positive().default(50),
  requestsPer: z.enum(["second", "minute"]).default("second"),
  requestsAdd: count(1, 10, 2),
  idleCpuPercent: z.number().min(1).max(90).default(30),
  idleMinutes: count(1, 60, 10),
  idleRemove: count(1, 10, 1),
  slowP95Ms: z.number().positive().default(500),
  slowAdd: count(1, 10, 3),
});

const service = z
  .strictObject({
    instanceType: z
      .string()
      .regex(/^[a-z][a-z0-9-]*\.[a-z0-9]+$/)
      .default("t3.medium"),
    minInstances: count(0, 100, 2),
    maxInstances: count(1, 100, 10),
    diskGb: count(8, 200, 20),
    memoryMb: count(256, 65_536, 2_560),
    maxInstanceLifetimeDays: count(1, 365, 30),
    warmupSeconds: count(30, 900, 120),
    /** The edge has the same three among its vars (wrangler.toml); the preflight compares them. */
    providers: listText(/^([a-z][a-z-]*(,|$))+$/, "banxico,ecb,parities").default("banxico,ecb,parities"),
    extraClosures: listText(/^([a-z-]+:\d{4}-\d\d-\d\d(,|$))*$/, "banxico:2026-11-30").default(""),
    facadeHosts: listText(/^([\w-]+(\.[\w-]+)+(,|$))*$/, "fx.example.com").default(""),
    cognito: flag(false), // Whether access tokens of a pool made here are accepted besides our own.
    /** How long a new instance may take until it answers; it is given up after that. */
    readySeconds: count(120, 7_200, 900),
    scaling: scaling.prefault({}),
  })
  .refine((given) => given.maxInstances >= given.minInstances, {
    path: ["maxInstances"],
    message: "must be at least minInstances",
  });

const edge = z.strictObject({
  zone: hostName("must be a domain name that Route 53 hosts"),
  host: hostName("must be a host name within the zone"),
  tlsPolicy: z
    .string()
    .regex(/^ELBSecurityPolicy-TLS13-1-2-Res-/, "must be a TLS 1.2/1.3 policy without CBC suites")
    .default("ELBSecurityPolicy-TLS13-1-2-Res-2021-06"),
  /** The authority (PEM, no key) of the worker's client certificate; none: any customer of Cloudflare may connect. */
  clientCa: z
    .string()
    .regex(
      /^(-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n*)+$/,
      "must be certificates as PEM",
    )
    .optional(),
  drainSeconds: count(0, 3_600, 30),
  protect: flag(true),
  accessLogDays: days(90),
  requestsPerSecond: count(1, 30_000_000, 1_000),
  clientHeader: z.enum(["CF-Connecting-IP", "X-Forwarded-For"]).default("CF-Connecting-IP"),
  /** Where nothing may be served to. Cached responses never come here: Cloudflare needs the same list (docs/deploy.md). */
  blockedCountries: z
    .array(z.string().regex(/^[A-Z]{2}$/, "must be ISO 3166 codes such as KP"))
    .default(["CU", "IR", "KP", "SY"]),
  /** The readers' host, which is checked from outside on three continents; none: it is not. */
  publicHost: hostName("must be a host name").optional(),
});

const observability = z.strictObject({
  /** Two years, as the audit trail. */
  logDays: logDays.default(731),
  traceSamplePercent: z.number().min(0).max(100).default(10),
  availabilityPercent: z.number().min(90).max(99.999).default(99.95),
  latencyObjectiveMs: z.number().positive().default(200),
  /** Fewer errors than this within a window burn no budget: caches take most traffic, and one slip must wake nobody. */
  minErrors: count(1, 10_000, 10),
  pagerDutyUrl: httpsUrl.optional(),
  slack: z
    .strictObject({ teamId: z.string().regex(/^T[A-Z0-9]+$/), channelId: z.string().regex(/^[CG][A-Z0-9]+$/) })
    .optional(),
  emails: z.array(z.email()).default([]),
});

const audit = z
  .strictObject({
    trail: flag(true),
    trailDays: days(731),
    objectLock: flag(false),
    guardDuty: flag(true),
    inspector: flag(true),
    /** AWS Config: what each resource was like, once a day, as long as the trail is kept. */
    recorder: flag(true),
    /** Security Hub's checks of the account, which read what Config records. */
    securityHub: flag(true),
    monthlyBudgetUsd: z.number().positive().default(1_000),
  })
  .refine((given) => given.recorder || !given.securityHub, { path: ["securityHub"], message: "needs audit.recorder" });

const schema = z
  .strictObject({
    /** What the origin takes itself for. A stack of another name, such as a recovery stack, says which it stands in for. */
    environment: z.enum(["dev", "stg", "prd"]).optional(),
    owner: z.string().min(1).max(64).default("platform"),
    /** The policy that bounds every role made here: the deploying role can make no others (pulumi/roles). */
    permissionsBoundary: z.string().min(1).default("paridad-boundary"),
    recoveryRegion: region.default("us-west-2"),
    /** Whether a destroy leaves keys, vaults and the audit trail, without which no copy can be read again. */
    keepOnDestroy: flag(true),
    /** What the fleet runs. A pipeline gives it with `--config`, so no file has to follow each release. */
    imageDigest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal digits")
      .optional(),
    /** There is no image yet: everything but the fleet is made. Never assumed, for it empties a fleet that runs. */
    firstDeployment: flag(false),
    /** A repository of another stack to take images from: that of the lost region, replicated. */
    imageRepository: z
      .string()
      .regex(/^paridad-[a-z0-9]+\/origin$/, "must be another stack's repository such as paridad-prd/origin")
      .optional(),
    network: network.prefault({}),
    database: database.prefault({}),
    backup: backup.prefault({}),
    service: service.prefault({}),
    edge,
    observability: observability.prefault({}),
    alarms: thresholdsSchema.prefault({}),
    audit: audit.prefault({}),
  })
  .refine((given) => (given.imageDigest === undefined) === given.firstDeployment, {
    path: ["imageDigest"],
    message: "must be given, unless firstDeployment is true: npm run infra:up names the image that runs",
  })
  .refine((given) => given.keepOnDestroy || !given.database.finalSnapshot, {
    path: ["database", "finalSnapshot"],
    message: "needs keepOnDestroy: the key of the snapshot would be deleted with the stack",
  })
  .refine((given) => given.alarms.databaseConnections.critical < maxConnections(given.database.maxAcu), {
    path: ["alarms", "databaseConnections"],
    message: "must be below what the database admits at database.maxAcu",
  })
  .refine((given) => given.edge.host.endsWith(`.${given.edge.zone}`), {
    path: ["edge", "host"],
    message: "must be a host name within edge.zone",
  })
  .refine((given) => given.edge.publicHost !== undefined || !given.service.cognito, {
    path: ["edge", "publicHost"],
    message: "must be given with service.cognito: the origin accepts tokens for that host",
  });

type Environment = "dev" | "stg" | "prd";
export type Settings = z.infer<typeof schema> & { stack: string; region: string; environment: Environment };

/**
 * Turns a stack's raw configuration (`project:key` → string, objects as JSON, the form Pulumi hands to programs)
 * into settings. Throws a ConfigError that names every unknown key and every value out of range.
 */
export function readSettings(stack: string, raw: Record<string, string>): Settings {
  const problems: string[] = [];
  const isName = /^[a-z][a-z0-9]{1,7}$/.test(stack);
  if (!isName) problems.push(`stack name ${stack}: must be 2 to 8 letters and digits`);
  const given: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (key.startsWith("paridad:")) given[key.slice("paridad:".length)] = parseValue(value);
  }
  const home = region.safeParse(raw["aws:region"]);
  if (!home.success) problems.push(`aws:region: ${home.error.issues[0]?.message}`);
  const settings = schema.safeParse(given);
  if (!settings.success) problems.push(...settings.error.issues.flatMap(describeIssue));
  if (home.success && settings.success && home.data === settings.data.recoveryRegion) {
    problems.push("paridad:recoveryRegion: must differ from aws:region");
  }
  const environment = environmentOf(stack, settings.data?.environment);
  if (environment === undefined && settings.success && isName) {
    problems.push(`paridad:environment: must be dev, stg or prd, since the stack's name ${stack} is none of them`);
  }
  if (problems.length > 0 || !home.success || !settings.success || !environment) throw new ConfigError(stack, problems);
  return { ...settings.data, stack, region: home.data, environment };
}

function environmentOf(stack: string, given: Environment | undefined): Environment | undefined {
  return given ?? (["dev", "stg", "prd"] as const).find((name) => name === stack);
}
