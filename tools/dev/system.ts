import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "./ports.ts";
import { LOCAL, Stack, type StackOptions } from "./stack.ts";

/** The instant at which tests' stacks start: a Friday afternoon in Mexico City, after the day's FIX. */
export const CLOCK = "2023-12-29T20:00:00Z";
/** For machines that are slow or busy; less than the tests' own, so that what was waited for is named. */
const DEADLINE_MS = 120_000;
const POLL_MS = 50;
/** Long enough for the queue, and few enough readings for Banxico's limits. */
const READ_AGAIN_MS = 15_000;

export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

/** Deadlines that a busy machine keeps too, for tests in which nothing hangs. */
export const PATIENT = {
  COLO_DEADLINE_MS: "10000",
  REDIS_DEADLINE_MS: "10000",
  ORIGIN_DEADLINE_MS: "10000",
  COMMIT_DEADLINE_MS: "60000",
  BANXICO_DEADLINE_MS: "60000",
};

export interface SystemOptions extends Partial<StackOptions> {
  databaseCopy?: string;
}

/** A stack of a test's own, on free ports and in a folder that goes with it. */
export class System {
  readonly stack: Stack;
  readonly dir: string;
  readonly #edgeToken: string;
  readonly #clockOffsetMs: number;

  private constructor(stack: Stack, dir: string, edgeToken: string, clockOffsetMs: number) {
    this.stack = stack;
    this.dir = dir;
    this.#edgeToken = edgeToken;
    this.#clockOffsetMs = clockOffsetMs;
  }

  /** `databaseCopy` is a database of SQLite that the stack begins with a copy of. */
  static async start({ databaseCopy, ...options }: SystemOptions = {}): Promise<System> {
    const clockOffsetMs = options.clockOffsetMs ?? Date.parse(CLOCK) - Date.now();
    const dir = await mkdtemp(join(tmpdir(), "paridad-system-"));
    if (databaseCopy !== undefined) await copyFile(databaseCopy, join(dir, "paridad.sqlite"));
    const stack = new Stack({
      port: await freePorts(5),
      stateDir: dir,
      databaseUrl: `file:${dir}/paridad.sqlite`,
      ...options,
      clockOffsetMs,
    });
    await stack.start();
    return new System(stack, dir, options.vars?.EDGE_TOKEN ?? LOCAL.edgeToken, clockOffsetMs);
  }

  /** The instant by the stack's clocks (epoch milliseconds). */
  get nowMs(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    await rm(this.dir, { recursive: true, force: true });
  }

  edge(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return read(`${this.stack.urls.edge}${path}`, headers);
  }

  origin(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return read(`${this.stack.urls.origin}${path}`, headers);
  }

  /** Fires the cron once. Throws if it did not run: what a test waits for then would never come. */
  async tick(): Promise<void> {
    if (!(await this.stack.tick())) throw new Error("the edge did not run its cron");
  }

  /** Has Banxico read, again and again, until something is true: on a busy machine a run may give up on a dependency. */
  async readUntil(what: string, check: () => Promise<boolean>): Promise<void> {
    await until(what, async () => {
      await this.forgetSchedule();
      await this.stack.tick();
      return isTrueWithin(READ_AGAIN_MS, check);
    });
  }

  /** Fires the cron until what the origin stores has all that Banxico publishes, as far as the series' years go. */
  async fill(): Promise<void> {
    // Asked for once: Banxico allows 200 questions in five minutes, the ingestion's own among them.
    const published = await this.publishedBySeries();
    await this.tick();
    await until("history is stored", async () => (await this.missing(published)).length === 0);
  }

  /** What Banxico publishes and the edge does not serve, or serves otherwise: "series date value". */
  async missing(published?: ReadonlyMap<string, readonly string[]>): Promise<string[]> {
    const expected = published ?? (await this.publishedBySeries());
    const differences: string[] = [];
    for (const [currency, series] of Object.entries(SERIES_OF)) {
      const served = new Set(await this.served(currency));
      for (const line of expected.get(series) ?? []) if (!served.delete(line)) differences.push(`${series} ${line}`);
      differences.push(...Array.from(served, (line) => `${series} ${line} (not published)`));
    }
    return differences;
  }

  /** "date value" of every observation that the origin has of a currency in pesos, whichever years there are. */
  async served(currency: string): Promise<string[]> {
    const series = SERIES_OF[currency as keyof typeof SERIES_OF];
    return (await this.stored(`banxico.${series}`)).map((observation) => observation.join(" "));
  }

  /** Every observation that the origin has of a series. */
  async stored(series: string): Promise<(readonly [date: string, value: string])[]> {
    const authorization = { Authorization: `Bearer ${this.#edgeToken}` };
    const { status, body } = await this.origin(`/internal/pages/${series}/1991-2050`, authorization);
    // A database that is away has nothing to give; a refused request would never be answered otherwise.
    if (status >= 400 && status < 500) throw new Error(`the origin refuses its pages: ${status} ${body}`);
    if (status !== 200) return [];
    const { pages } = JSON.parse(body) as { pages: { observations: [string, string][] }[] };
    return pages.flatMap(({ observations }) => observations);
  }

  /** What Banxico publishes at this moment, by series. */
  async publishedBySeries(): Promise<Map<string, string[]>> {
    const all = new Map<string, string[]>();
    for (const series of Object.values(SERIES_OF)) all.set(series, await this.published(series));
    return all;
  }

  /** "date value" of every observation that Banxico publishes of a series. */
  async published(series: string): Promise<string[]> {
    const answer = await fetch(`${this.stack.urls.banxico}/SieAPIRest/service/v1/series/${series}/datos`, {
      headers: { "Bmx-Token": LOCAL.banxicoToken },
    });
    const { bmx } = (await answer.json()) as { bmx: { series: { datos?: { fecha: string; dato: string }[] }[] } };
    return (bmx.series[0]?.datos ?? []).map(({ fecha, dato }) => `${fecha.split("/").reverse().join("-")} ${dato}`);
  }

  /** Tells the simulator of a provider or of Redis to misbehave; an empty list ends it. */
  async faults(simulator: string, faults: unknown[]): Promise<void> {
    const { redis, banxico } = this.stack.urls;
    const url = simulator === "redis" ? redis : simulator === "banxico" ? banxico : `${banxico}/${simulator}`;
    const answer = await fetch(`${url}/__faults`, {
      method: "PUT",
      body: JSON.stringify(faults),
    });
    if (!answer.ok) throw new Error(`faults were refused: ${await answer.text()}`);
  }

  /** One Redis command, past the worker. */
  async redis(...command: (string | number)[]): Promise<unknown> {
    const answer = await fetch(this.stack.urls.redis, {
      method: "POST",
      headers: { Authorization: `Bearer ${LOCAL.redisToken}` },
      body: JSON.stringify(command),
    });
    return ((await answer.json()) as { result: unknown }).result;
  }

  /** Makes ingestion forget when it last ran, so that the next tick reads Banxico again. */
  async forgetSchedule(): Promise<void> {
    await this.redis("DEL", "paridad:v1:ingest:banxico");
  }
}

const SERIES_OF = { USD: "SF43718", EUR: "SF46410", JPY: "SF46406", GBP: "SF46407", CAD: "SF60632" };

/**
 * Waits until something is true, looking again and again; throws if it does not become so in time. Looking takes a
 * fifth of the time at most: reading all that is stored would otherwise slow down what is waited for.
 */
export async function until(what: string | (() => string), check: () => Promise<boolean>): Promise<void> {
  if (await isTrueWithin(DEADLINE_MS, check)) return;
  throw new Error(`not in time: ${typeof what === "string" ? what : what()}`);
}

async function isTrueWithin(limitMs: number, check: () => Promise<boolean>): Promise<boolean> {
  const deadlineMs = Date.now() + limitMs;
  for (;;) {
    const beganMs = performance.now();
    if (await check()) return true;
    if (Date.now() > deadlineMs) return false;
    await new Promise((resolve) => setTimeout(resolve, Math.max(POLL_MS, 4 * (performance.now() - beganMs))));
  }
}

async function read(url: string, headers: Record<string, string>): Promise<Answer> {
  // Uncompressed: hosts differ in who compresses, and a compressed answer has a tag of its own.
  const answer = await fetch(url, { headers: { "Accept-Encoding": "identity", ...headers }, redirect: "manual" });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}
