import type { Plan } from "#core/ingest/plan.ts";
import type { Policy } from "#core/ops/policy.ts";
import type { Board } from "#core/pages/board.ts";
import type { Provider, ProviderRequest } from "#core/providers/provider.ts";
import type { Page } from "#core/rates/page.ts";
import type {
  Batch,
  Commit,
  DigestSummary,
  Digests,
  EdgeIncident,
  ReadingCommit,
  Run,
  SeriesReading,
  Versions,
} from "#core/wire/internal.ts";
import type { PollCommit, PollMessage } from "#core/wire/polls.ts";
import type { Command, Reply } from "../clients/redis-client.ts";
import type { FetchOptions, FetchResult } from "./provider-client.ts";

/** What the ingestion needs of the world. */

export interface IngestRedis {
  send(command: Command): Promise<Reply>;
  /** All commands in one request, in order; fails where any of them was refused. */
  pipeline(commands: readonly Command[]): Promise<Reply[]>;
}

export interface IngestOrigin {
  pages(series: string, fromYear: number, toYear: number): Promise<Page[]>;
  /** Stores what a reading says; the same reading twice changes nothing. */
  commitReading(reading: SeriesReading): Promise<ReadingCommit>;
  /** Stores what an intraday provider said at an instant; the same poll twice changes nothing. */
  commitPoll(poll: PollMessage): Promise<PollCommit>;
  /** Stores what readings of different series say, all or nothing. */
  commitReadings(readings: readonly SeriesReading[]): Promise<ReadingCommit>;
  /** As an older release stores values: an origin that is not yet updated knows nothing else. */
  commit(batch: Batch): Promise<Commit>;
  versions(provider: string): Promise<Versions>;
  /** What the origin holds of some series, by content; by version alone if it is of an older release. */
  digests(series: readonly string[]): Promise<Digests>;
  /** The same of a provider, in short; undefined if the origin is of a release that knows one provider only. */
  digestSummary(provider: string): Promise<DigestSummary | undefined>;
  /** The newest values of a provider; undefined if the origin can't tell. */
  board(provider: string): Promise<Board | undefined>;
  recordRun(run: Run): Promise<void>;
}

export interface IngestQueue {
  sendBatch(messages: Iterable<{ body: unknown }>): Promise<unknown>;
}

/** A message as the queue delivers it. */
export interface QueueMessage {
  readonly id: string;
  readonly body: unknown;
  /** Deliveries so far, this one counted. */
  readonly attempts: number;
  ack(): void;
  retry(options?: { delaySeconds?: number }): void;
}

/** Tells operators what happens. Bound to the invocation at hand, and never in the way: nothing of it throws or waits. */
export interface Watch {
  /** A fault of ours. */
  exception(error: unknown, where: string): void;
  /** Something that operators should know of. */
  notice(message: string, facts: Record<string, string | number>): void;
  /** Something that is counted at the origin, or wakes somebody. */
  event(event: EdgeIncident["event"], name: string, detail: string): void;
}

/** What the record says of an attempt besides its kind and times. */
export type RunRecord = Pick<Run, "outcome" | "requests" | "observations" | "queued" | "error">;

/** A provider's API, as a reading uses it. */
export interface SourceClient {
  readonly provider: Provider;
  readonly hasSecret: boolean;
  fetch(request: ProviderRequest, watch: Watch, options?: FetchOptions): Promise<FetchResult>;
  fingerprint(): Promise<string>;
}

export interface IngestDeps {
  /** With time enough for many pages at once: nobody waits. */
  redis: IngestRedis;
  origin: IngestOrigin;
  queue: IngestQueue;
  policy: Policy;
  /** The clock, epoch milliseconds. */
  now(): number;
  /** 0 to 1, for back-off. */
  random(): number;
}

/** What a tick of the cron needs besides. */
export interface CollectDeps extends IngestDeps {
  /** One for each provider that is ingested. */
  clients: readonly SourceClient[];
  /** A fresh id for each run. */
  newId(): string;
}

/** What the polls of intraday providers need besides. */
export interface PollDeps extends IngestDeps {
  clients: readonly SourceClient[];
  /** Waits, with the invocation of the cron kept open. */
  pause(ms: number): Promise<void>;
}

/** What a reading needs: the provider's client, and until when it may take. */
export interface ReadingDeps extends IngestDeps {
  client: SourceClient;
  plan: Plan;
  endMs: number;
}
