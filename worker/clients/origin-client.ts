import { z } from "zod";
import { readBounded } from "#core/ops/body.ts";
import { endsWithin, type Timer } from "#core/ops/deadline.ts";
import { type Policy, readDeadlineMs } from "#core/ops/policy.ts";
import type { Board } from "#core/pages/board.ts";
import type { Page } from "#core/rates/page.ts";
import {
  type Batch,
  boardSchema,
  type Commit,
  commitSchema,
  DATABASE_HEADER,
  type DigestSummary,
  type Digests,
  digestSummarySchema,
  digestsSchema,
  type EdgeEvent,
  pageSchema,
  type ReadingCommit,
  type Run,
  readingCommitSchema,
  type SeriesReading,
  type Versions,
  versionsSchema,
} from "#core/wire/internal.ts";
import { type PollCommit, type PollMessage, pollCommitSchema } from "#core/wire/polls.ts";
import { isTimeout, OriginFailure } from "./origin-failure.ts";

export interface OriginSettings {
  url: string;
  token: string;
  policy: Policy;
  /** Called at every response: whether the origin says that its database is degraded. */
  onDatabase?: (isDegraded: boolean) => void;
  fetch?: typeof fetch;
  /** 0 to 1, for the pause before a retry. */
  random?: () => number;
  timer?: Timer;
}

/** Of one call: the caller's W3C trace context. */
export interface CallOptions {
  traceparent?: string | undefined;
}

/** After this share of the deadline without a response a second attempt starts in parallel. */
const SECOND_ATTEMPT_SHARE = 0.6;
const MAX_PAUSE_MS = 60;
/** A hundred years of one series are some 700 kB. */
const MAX_RESPONSE_BYTES = 4_000_000;

const summaryOrDigestsSchema = z.lazy(() => z.union([digestSummarySchema, digestsSchema]));
const pagesSchema = z.lazy(() => z.strictObject({ pages: z.array(pageSchema) }));

/** The origin's internal API over HTTPS. Reads are tried twice; writes once, for the queue retries. */
export class OriginClient {
  readonly #settings: OriginSettings;

  constructor(settings: OriginSettings) {
    this.#settings = settings;
  }

  /** The pages of the years from `fromYear` to `toYear`, ascending, one for each; empty if there is no data. */
  async pages(
    series: string,
    fromYear: number,
    toYear: number,
    options: CallOptions = {},
    path = "pages",
  ): Promise<Page[]> {
    const count = toYear - fromYear + 1;
    const deadlineMs = readDeadlineMs("ORIGIN", count, this.#settings.policy);
    const { pages } = await this.read(`${path}/${series}/${fromYear}-${toYear}`, pagesSchema, options, deadlineMs);
    // A year that is missing from the response is unknown, which is not the same as empty.
    const isWhole = pages.every((page, index) => page.series === series && page.year === fromYear + index);
    if (pages.length !== count || !isWhole) throw new OriginFailure("invalid", "pages");
    return pages;
  }

  /** What the origin holds of some series. Of an older release only versions are known: digests and lineage are empty then. */
  async digests(series: readonly string[], options: CallOptions = {}): Promise<Digests> {
    const digests = await this.#readKnown(`digests?series=${series.join(",")}`, digestsSchema, options);
    if (digests !== undefined) return digests;
    const { versions } = await this.read("versions", versionsSchema, options);
    const pages = Object.entries(versions).map(([id, years]) => {
      const known = Object.entries(years).map(([year, version]) => [year, { version, digest: "" }] as const);
      return [id, Object.fromEntries(known)] as const;
    });
    const maxSeq = Math.max(0, ...Object.values(versions).flatMap((years) => Object.values(years)));
    return { lineage: "", max_seq: maxSeq, pages: Object.fromEntries(pages) };
  }

  /** What the origin holds of a provider, in short; undefined if it is of a release that knows one provider only. */
  async digestSummary(provider: string, options: CallOptions = {}): Promise<DigestSummary | undefined> {
    const answer = await this.#readKnown(`digests?providers=${provider}`, summaryOrDigestsSchema, options);
    return answer && "recent_from" in answer ? answer : undefined;
  }

  /** The version of every page of a provider that has observations; an older release tells those of its only provider. */
  async versions(provider: string, options: CallOptions = {}): Promise<Versions> {
    return (await this.read(`versions?providers=${provider}`, versionsSchema, options)).versions;
  }

  /** The newest values of a provider; undefined if the origin is of a release before boards, or does not know it. */
  board(provider: string, options: CallOptions = {}): Promise<Board | undefined> {
    return this.#readKnown(`boards/${provider}`, boardSchema, options);
  }

  /** Stores a reading durably; the same reading twice changes nothing. */
  async commitReading(reading: SeriesReading, options: CallOptions = {}): Promise<ReadingCommit> {
    return parse(readingCommitSchema, await this.write("readings", reading, options), "readings");
  }

  /** The same for readings of different series, all of them or none. */
  async commitReadings(readings: readonly SeriesReading[], options: CallOptions = {}): Promise<ReadingCommit> {
    return parse(readingCommitSchema, await this.write("readings", { readings }, options), "readings");
  }

  /** Stores what an intraday provider said at an instant; the same poll twice changes nothing. */
  async commitPoll(poll: PollMessage, options: CallOptions = {}): Promise<PollCommit> {
    return parse(pollCommitSchema, await this.write("ticks", poll, options), "ticks");
  }

  /** Stores the values of a batch, as older releases send them. */
  async commit(batch: Batch, options: CallOptions = {}): Promise<Commit> {
    return parse(commitSchema, await this.write("observations", batch, options), "observations");
  }

  async recordRun(run: Run, options: CallOptions = {}): Promise<void> {
    await this.write("runs", run, options);
  }

  async sendEvent(event: EdgeEvent, options: CallOptions = {}): Promise<void> {
    await this.write("events", event, options);
  }

  /** Whether the origin reports that it can use its database; false if it does not respond in time. */
  async isReady(): Promise<boolean> {
    const { url, policy, fetch: send = fetch } = this.#settings;
    try {
      const signal = AbortSignal.timeout(policy.ORIGIN_DEADLINE_MS);
      const response = await send(`${url}/health/ready`, { signal, redirect: "manual" });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  /** Undefined if an older release does not know the route, or a newer one not the provider. */
  async #readKnown<T>(path: string, schema: z.ZodType<T>, options: CallOptions): Promise<T | undefined> {
    try {
      return await this.read(path, schema, options);
    } catch (error) {
      if (error instanceof OriginFailure && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Reads a path of the internal API. A slow first attempt is not cut off: whichever of two responds first counts. */
  async read<T>(
    path: string,
    schema: z.ZodType<T>,
    options: CallOptions,
    deadlineMs = this.#settings.policy.ORIGIN_DEADLINE_MS,
  ): Promise<T> {
    const { policy, timer } = this.#settings;
    const patienceMs = Math.max(policy.ORIGIN_PATIENCE_MS, deadlineMs);
    const other = new AbortController();
    const attempt = async () =>
      parse(schema, await this.#call("GET", path, undefined, patienceMs, options, other.signal), nameOf(path));
    try {
      const first = attempt();
      if (!(await endsWithin(first, deadlineMs * SECOND_ATTEMPT_SHARE, timer))) return await firstOf(first, attempt());
      return await first.catch((error) => this.#again(error, attempt));
    } finally {
      other.abort();
    }
  }

  async #again<T>(error: unknown, attempt: () => Promise<T>): Promise<T> {
    if (!(error instanceof OriginFailure) || !error.isTransient) throw error;
    const pauseMs = Math.ceil((this.#settings.random ?? Math.random)() * MAX_PAUSE_MS);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    return await attempt();
  }

  /** Calls a path of the internal API once. */
  write(path: string, body: unknown, options: CallOptions): Promise<unknown> {
    return this.#call("POST", path, body, this.#settings.policy.COMMIT_DEADLINE_MS, options);
  }

  async #call(
    method: string,
    path: string,
    body: unknown,
    deadlineMs: number,
    { traceparent }: CallOptions,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const { url, token, onDatabase, fetch: send = fetch } = this.#settings;
    const what = nameOf(path);
    try {
      const response = await send(`${url}/internal/${path}`, {
        method,
        // The signal covers the body too.
        signal: AbortSignal.any([AbortSignal.timeout(Math.ceil(deadlineMs)), ...(signal ? [signal] : [])]),
        redirect: "manual",
        headers: {
          Authorization: `Bearer ${token}`,
          Accept: "application/json",
          ...(body !== undefined && { "Content-Type": "application/json" }),
          ...(traceparent !== undefined && { Traceparent: traceparent }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      onDatabase?.(response.headers.get(DATABASE_HEADER) === "trouble");
      const text = await readBounded(response, MAX_RESPONSE_BYTES);
      if (text === undefined) throw new OriginFailure("invalid", what);
      if (!response.ok) throw new OriginFailure("status", what, response.status);
      return text === "" ? undefined : parseJson(text, what);
    } catch (error) {
      if (error instanceof OriginFailure) throw error;
      throw new OriginFailure(isTimeout(error) ? "timeout" : "unreachable", what);
    }
  }
}

/** The first to succeed; the first one's error if neither does. */
async function firstOf<T>(first: Promise<T>, second: Promise<T>): Promise<T> {
  return await Promise.any([first, second]).catch(() => first);
}

function parse<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new OriginFailure("invalid", what);
  return parsed.data;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OriginFailure("invalid", what);
  }
}

function nameOf(path: string): string {
  return path.split(/[/?]/, 1)[0] ?? path;
}
