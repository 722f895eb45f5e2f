import { z } from "zod";
import {
  type Batch,
  type Commit,
  commitSchema,
  type EdgeEvent,
  pageSchema,
  type Run,
  type Versions,
  versionsSchema,
} from "#core/internal.ts";
import { emptyPage, type Page } from "#core/page.ts";
import type { Policy } from "#core/policy.ts";

/** timeout and unreachable: no answer. status: an answer that is an error. invalid: an answer that is not ours. */
export type OriginFailureKind = "timeout" | "unreachable" | "status" | "invalid";

/** A failed call to the origin; what it was about, and nothing of what was sent or answered. */
export class OriginFailure extends Error {
  override name = "OriginFailure";
  readonly kind: OriginFailureKind;
  /** The HTTP status where kind is "status". */
  readonly status: number | undefined;

  constructor(kind: OriginFailureKind, what: string, status?: number) {
    super(`origin ${what}: ${status ?? kind}`);
    this.kind = kind;
    this.status = status;
  }

  /** Whether the same call may succeed later: not where the origin refused what it was sent. */
  get isTransient(): boolean {
    return (
      this.status === undefined || this.status >= 500 || this.status === 408 || this.status === 429 || this.isBlocked
    );
  }

  /** Whether the origin does not take our token. */
  get isUnauthorized(): boolean {
    return this.status === 401;
  }

  /** Whether a firewall before the origin refused this one request, which says nothing of the next. */
  get isBlocked(): boolean {
    return this.status === 403 || this.status === 451;
  }
}

export interface OriginSettings {
  url: string;
  token: string;
  policy: Pick<Policy, "ORIGIN_DEADLINE_MS" | "COMMIT_DEADLINE_MS">;
  /** Told at every answer whether the origin says that its database is in trouble. */
  onDatabase?: (isInTrouble: boolean) => void;
  fetch?: typeof fetch;
  /** 0 to 1, for the pause before a retry. */
  random?: () => number;
}

/** Of one call: the caller's W3C trace context. */
export interface CallOptions {
  traceparent?: string | undefined;
}

/** The header by which the origin says that its database is in trouble, so that we spare it. */
export const DATABASE_HEADER = "Paridad-Database";

/** The share of the deadline that a first attempt may use: the rest is for the second. */
const FIRST_ATTEMPT_SHARE = 0.6;
const LONGEST_PAUSE_MS = 60;

const pagesSchema = z.lazy(() => z.strictObject({ pages: z.array(pageSchema) }));

/** The origin's internal API over HTTPS. Reads are tried twice within one deadline; writes once, for the queue retries. */
export class OriginClient {
  readonly #settings: OriginSettings;

  constructor(settings: OriginSettings) {
    this.#settings = settings;
  }

  /** The pages of the years from `fromYear` to `toYear`, ascending, one for each; empty where there is no data. */
  async pages(series: string, fromYear: number, toYear: number, options: CallOptions = {}): Promise<Page[]> {
    const { pages } = await this.#read(`pages/${series}/${fromYear}-${toYear}`, pagesSchema, options);
    if (pages.some((page) => page.series !== series)) throw new OriginFailure("invalid", "pages");
    const byYear = new Map(pages.map((page) => [page.year, page]));
    return Array.from({ length: toYear - fromYear + 1 }, (_, index) => {
      const year = fromYear + index;
      return byYear.get(year) ?? emptyPage({ series, year });
    });
  }

  /** The version of every page that has observations. */
  async versions(options: CallOptions = {}): Promise<Versions> {
    return (await this.#read("versions", versionsSchema, options)).versions;
  }

  /** Stores a batch for good; the same batch twice changes nothing. */
  async commit(batch: Batch, options: CallOptions = {}): Promise<Commit> {
    const answer = await this.#write("observations", batch, options);
    return parse(commitSchema, answer, "observations");
  }

  async recordRun(run: Run, options: CallOptions = {}): Promise<void> {
    await this.#write("runs", run, options);
  }

  async sendEvent(event: EdgeEvent, options: CallOptions = {}): Promise<void> {
    await this.#write("events", event, options);
  }

  /** The origin's own word on whether it can use its database; false too where it says nothing in time. */
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

  async #read<T>(path: string, schema: z.ZodType<T>, options: CallOptions): Promise<T> {
    const { policy, random = Math.random } = this.#settings;
    const what = nameOf(path);
    const endMs = Date.now() + policy.ORIGIN_DEADLINE_MS;
    try {
      const firstMs = policy.ORIGIN_DEADLINE_MS * FIRST_ATTEMPT_SHARE;
      return parse(schema, await this.#call("GET", path, undefined, firstMs, options), what);
    } catch (error) {
      if (!(error instanceof OriginFailure) || !error.isTransient) throw error;
      // The retry gets what is left: attempts and pause never outlive the deadline.
      const pauseMs = Math.ceil(random() * LONGEST_PAUSE_MS);
      const leftMs = endMs - Date.now() - pauseMs;
      if (leftMs <= 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      return parse(schema, await this.#call("GET", path, undefined, leftMs, options), what);
    }
  }

  #write(path: string, body: unknown, options: CallOptions): Promise<unknown> {
    return this.#call("POST", path, body, this.#settings.policy.COMMIT_DEADLINE_MS, options);
  }

  async #call(
    method: string,
    path: string,
    body: unknown,
    deadlineMs: number,
    { traceparent }: CallOptions,
  ): Promise<unknown> {
    const { url, token, onDatabase, fetch: send = fetch } = this.#settings;
    const what = nameOf(path);
    try {
      const response = await send(`${url}/internal/${path}`, {
        method,
        // The signal covers the body too.
        signal: AbortSignal.timeout(Math.ceil(deadlineMs)),
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
      const text = await response.text();
      if (!response.ok) throw new OriginFailure("status", what, response.status);
      return text === "" ? undefined : parseJson(text, what);
    } catch (error) {
      if (error instanceof OriginFailure) throw error;
      throw new OriginFailure(isTimeout(error) ? "timeout" : "unreachable", what);
    }
  }
}

function parse<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer);
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
  return path.split("/", 1)[0] ?? path;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
}
