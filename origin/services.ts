import type { EventSource } from "#core/api/event-source.ts";
import type { HotResponses } from "#core/api/hot-responses.ts";
import type { LiveSource } from "#core/api/live.ts";
import { type Issuer, ownIssuer } from "#core/auth/issuers.ts";
import type { TrustedIssuer } from "#core/auth/verifier.ts";
import type { Archive } from "#core/pages/page-source.ts";
import { SecretBox } from "./alerts/secret-box.ts";
import { trustedIssuers } from "./auth.ts";
import type { Env } from "./env.ts";
import { originLive } from "./live.ts";
import { hotResponses, type NegotiatedResponse } from "./negotiated-response.ts";
import type { Log } from "./ops/log.ts";
import { Metrics, type Pools } from "./ops/metrics.ts";
import { Reports, secretsOf } from "./ops/reporter.ts";
import { SpanExporter } from "./ops/spans.ts";
import { Timings } from "./ops/timings.ts";
import { readSite, type Site } from "./site.ts";
import { Accounts } from "./store/accounts.ts";
import { openStore } from "./store/open.ts";
import { withReader } from "./store/reader.ts";
import type { Store } from "./store/store.ts";
import { Ticks } from "./store/ticks.ts";
import { DEADLINES, WatchedStore } from "./store/watched.ts";
import { storeArchive } from "./store-archive.ts";
import { StoreBoards } from "./store-boards.ts";
import { storeEvents } from "./store-events.ts";
import { StorePages } from "./store-pages.ts";
import { tokenCheck } from "./tokens.ts";

/** Everything that the origin consists of, and its state. */
export interface Services {
  env: Env;
  log: Log;
  /** Epoch milliseconds; the only clock that decides anything. */
  now: () => number;
  store: WatchedStore;
  pages: StorePages;
  boards: StoreBoards;
  accounts: Accounts;
  ticks: Ticks;
  /** Ourselves, as the issuer of access tokens. */
  ownIssuer: Issuer;
  /** Whose access tokens are accepted; none: there is no private API. */
  issuers: readonly TrustedIssuer[];
  events: EventSource;
  live: LiveSource;
  archive: Archive;
  hotResponses: HotResponses<NegotiatedResponse>;
  timings: Timings;
  /** undefined: spans are not sent. */
  spans: SpanExporter | undefined;
  /** Reports to Sentry besides the log; undefined: no reports. */
  reports: Reports | undefined;
  metrics: Metrics;
  /** The databases' connections, for metrics. */
  pools: () => Pools;
  /** Whether an Authorization header bears a token of the edge's. */
  isEdge: (authorization: string | undefined) => boolean;
  /** Whether it bears a token of the delivering worker's. */
  isDeliverer: (authorization: string | undefined) => boolean;
  /** For the secrets of webhooks; undefined: this deployment has none. */
  secretBox: SecretBox | undefined;
  /** The dashboard; undefined: this build has none. */
  site: Site | undefined;
  /** Set once: no new work is accepted, and work in flight is completed. */
  isDraining: boolean;
}

/** Builds the origin. Does not connect yet; throws if a URL names no store. */
export async function createServices(env: Env, plainLog: Log): Promise<Services> {
  const now = () => Date.now() + env.clockOffsetMs;
  const { environment, release, sentryDsn } = env;
  const reports =
    sentryDsn === undefined
      ? undefined
      : new Reports({ dsn: sentryDsn, environment, release, secrets: secretsOf(env), now });
  const metrics = new Metrics({ withProcess: true });
  const log = metrics.around(reports?.around(plainLog) ?? plainLog);
  const writer = await openStore(env.databaseUrl);
  const { databaseReaderUrl } = env;
  const reader = databaseReaderUrl === undefined ? undefined : await openStore(databaseReaderUrl);
  const opened = reader === undefined ? writer : withReader(writer, reader);
  const store = new WatchedStore(opened, log, DEADLINES, (...call) => metrics.storeCall(...call));
  const secretBox = env.webhookKey === undefined ? undefined : new SecretBox(env.webhookKey);
  const held = { freshMs: env.pageMemoryMs, horizonMs: env.policy.STALE_HORIZON_MS };
  const source = storeEvents(store);
  const services: Services = {
    env,
    log,
    now,
    store,
    pages: new StorePages({ store, now, ...held }),
    boards: new StoreBoards({ store, catalogue: env.catalogue, now, ...held }),
    accounts: new Accounts(store, secretBox),
    ticks: new Ticks(store, now),
    ownIssuer: ownIssuer(env.publicUrl),
    issuers: trustedIssuers(env),
    events: source,
    live: originLive({ source, log, events: store.events, now: Date.now, isDraining: () => services.isDraining }),
    archive: storeArchive(store, env.catalogue),
    hotResponses: hotResponses(),
    timings: new Timings(now),
    spans: env.traces && new SpanExporter({ ...env.traces, environment }, log),
    reports,
    metrics,
    pools: () => poolsOf({ writer, reader }),
    isEdge: tokenCheck(env.edgeTokens),
    isDeliverer: tokenCheck(env.deliverTokens),
    secretBox,
    site: readSite(),
    isDraining: false,
  };
  return services;
}

function poolsOf(stores: { writer: Store; reader: Store | undefined }): Pools {
  return Object.entries(stores).flatMap(([role, store]) => {
    const state = store?.poolState?.();
    return state === undefined ? [] : [{ role, state }];
  });
}
