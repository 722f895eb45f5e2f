import type { HotResponses } from "#core/api/hot-responses.ts";
import { type Issuer, ownIssuer } from "#core/auth/issuers.ts";
import type { TrustedIssuer } from "#core/auth/verifier.ts";
import { trustedIssuers } from "./auth.ts";
import type { Env } from "./env.ts";
import { hotResponses, type NegotiatedResponse } from "./negotiated-response.ts";
import type { Log } from "./ops/log.ts";
import { Metrics, type Pools } from "./ops/metrics.ts";
import { Reports, secretsOf } from "./ops/reporter.ts";
import { SpanExporter } from "./ops/spans.ts";
import { Timings } from "./ops/timings.ts";
import { Accounts } from "./store/accounts.ts";
import { openStore } from "./store/open.ts";
import { withReader } from "./store/reader.ts";
import type { Store } from "./store/store.ts";
import { DEADLINES, WatchedStore } from "./store/watched.ts";
import { StoreBoards } from "./store-boards.ts";
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
  /** Ourselves, as the issuer of access tokens. */
  ownIssuer: Issuer;
  /** Whose access tokens are accepted; none: there is no private API. */
  issuers: readonly TrustedIssuer[];
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
  /** Set once: no new work is accepted, and work in flight is completed. */
  isDraining: boolean;
}

/** Builds the origin. Does not connect yet; throws if a URL names no store. */
export async function createServices(env: Env, plainLog: Log): Promise<Services> {
  const now = () => Date.now() + env.clockOffsetMs;
  const { environment, sentryDsn } = env;
  const reports =
    sentryDsn === undefined ? undefined : new Reports({ dsn: sentryDsn, environment, secrets: secretsOf(env), now });
  const metrics = new Metrics({ withProcess: true });
  const log = metrics.around(reports?.around(plainLog) ?? plainLog);
  const writer = await openStore(env.databaseUrl);
  const { databaseReaderUrl } = env;
  const reader = databaseReaderUrl === undefined ? undefined : await openStore(databaseReaderUrl);
  const opened = reader === undefined ? writer : withReader(writer, reader);
  const store = new WatchedStore(opened, log, DEADLINES, (...call) => metrics.storeCall(...call));
  const held = { freshMs: env.pageMemoryMs, horizonMs: env.policy.STALE_HORIZON_MS };
  return {
    env,
    log,
    now,
    store,
    pages: new StorePages({ store, now, ...held }),
    boards: new StoreBoards({ store, catalogue: env.catalogue, now, ...held }),
    accounts: new Accounts(store),
    ownIssuer: ownIssuer(env.publicUrl),
    issuers: trustedIssuers(env),
    hotResponses: hotResponses(),
    timings: new Timings(now),
    spans: env.traces && new SpanExporter({ ...env.traces, environment }, log),
    reports,
    metrics,
    pools: () => poolsOf({ writer, reader }),
    isEdge: tokenCheck(env.edgeTokens),
    isDraining: false,
  };
}

function poolsOf(stores: { writer: Store; reader: Store | undefined }): Pools {
  return Object.entries(stores).flatMap(([role, store]) => {
    const state = store?.poolState?.();
    return state === undefined ? [] : [{ role, state }];
  });
}
