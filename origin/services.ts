import type { HotResponses } from "#core/api/hot-responses.ts";
import type { Env } from "./env.ts";
import { hotResponses, type NegotiatedResponse } from "./negotiated-response.ts";
import type { Log } from "./ops/log.ts";
import { Reports, secretsOf } from "./ops/reporter.ts";
import { SpanExporter } from "./ops/spans.ts";
import { Timings } from "./ops/timings.ts";
import { openStore } from "./store/open.ts";
import { withReader } from "./store/reader.ts";
import { WatchedStore } from "./store/watched.ts";
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
  hotResponses: HotResponses<NegotiatedResponse>;
  timings: Timings;
  /** undefined: spans are not sent. */
  spans: SpanExporter | undefined;
  /** Reports to Sentry besides the log; undefined: no reports. */
  reports: Reports | undefined;
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
  const log = reports?.around(plainLog) ?? plainLog;
  const writer = await openStore(env.databaseUrl);
  const { databaseReaderUrl } = env;
  const opened = databaseReaderUrl === undefined ? writer : withReader(writer, await openStore(databaseReaderUrl));
  const store = new WatchedStore(opened, log);
  return {
    env,
    log,
    now,
    store,
    pages: new StorePages({ store, now, freshMs: env.pageMemoryMs, horizonMs: env.policy.STALE_HORIZON_MS }),
    hotResponses: hotResponses(),
    timings: new Timings(now),
    spans: env.traces && new SpanExporter({ ...env.traces, environment }, log),
    reports,
    isEdge: tokenCheck(env.edgeTokens),
    isDraining: false,
  };
}
