import type { HotResponses } from "#core/api/hot-responses.ts";
import { type FinishedAnswer, hotAnswers } from "./answers.ts";
import type { Env } from "./env.ts";
import type { Log } from "./ops/log.ts";
import { Reports, secretsOf } from "./ops/reporter.ts";
import { SpanExporter } from "./ops/spans.ts";
import { Timings } from "./ops/timings.ts";
import { openStore } from "./store/open.ts";
import { withReader } from "./store/reader.ts";
import { WatchedStore } from "./store/watched.ts";
import { StorePages } from "./store-pages.ts";
import { tokenCheck } from "./tokens.ts";

/** What the origin is made of, and how it stands. */
export interface Services {
  env: Env;
  log: Log;
  /** Epoch milliseconds; the one clock that decides anything. */
  now: () => number;
  store: WatchedStore;
  pages: StorePages;
  answers: HotResponses<FinishedAnswer>;
  timings: Timings;
  /** undefined: no collector is told. */
  spans: SpanExporter | undefined;
  /** What goes to Sentry beside the log; undefined: nothing does. */
  reports: Reports | undefined;
  /** Whether an Authorization header bears a token of the edge's. */
  isEdge: (authorization: string | undefined) => boolean;
  /** Set once: no new work is to come, and what is under way is brought to its end. */
  isDraining: boolean;
}

/** Puts the origin together. Connects to nothing yet; throws where a URL stands for no store. */
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
    answers: hotAnswers(),
    timings: new Timings(now),
    spans: env.traces && new SpanExporter({ ...env.traces, environment }, log),
    reports,
    isEdge: tokenCheck(env.edgeTokens),
    isDraining: false,
  };
}
