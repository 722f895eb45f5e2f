import { type Load, startLoad, total } from "../chaos/load.ts";
import { ROOT } from "../dev/build.ts";
import { Part } from "../dev/part.ts";
import { freePorts } from "../dev/ports.ts";
import { LOCAL } from "../dev/stack.ts";
import { CLOCK, until } from "../dev/system.ts";
import { type MariaDb, startMariaDb } from "../servers/mariadb.ts";
import { Balancer } from "./balancer.ts";
import type { Edge, Surroundings } from "./release.ts";

const CRON_MS = 2_000;
const READS_PER_SECOND = 20;

/** Several, for more than five corrections of one in a day wait for a second reading. */
const SERIES = { USD: "SF43718", EUR: "SF46410", GBP: "SF46407" };

/** A value in pesos that Banxico corrects. */
export interface Observation {
  base: keyof typeof SERIES;
  date: string;
}

/** One thing that was done, how long it took, and what readers noticed meanwhile. */
export interface Step {
  what: string;
  seconds: number;
  reads: number;
  failedReads: number;
}

/** What a rehearsal takes place in: simulators, a database server, a balancer before the instances and one before the workers. */
export class Scene {
  readonly around: Surroundings;
  readonly origins: Balancer;
  readonly readers: Balancer;
  readonly steps: Step[] = [];
  readonly #servers: MariaDb[] = [];
  readonly #parts: Part[];
  readonly #corrections: object[] = [];
  readonly #expected = new Map<string, string>();
  #load: Load | undefined;
  #reads = 0;
  #failedReads = 0;

  readonly #onStep: (step: Step) => void;

  private constructor(
    around: Surroundings,
    parts: Part[],
    origins: Balancer,
    readers: Balancer,
    onStep: (step: Step) => void,
  ) {
    this.around = around;
    this.#onStep = onStep;
    this.#parts = parts;
    this.origins = origins;
    this.readers = readers;
  }

  static async start(onStep: (step: Step) => void): Promise<Scene> {
    const port = await freePorts(2);
    const at = (offset: number) => `http://127.0.0.1:${port + offset}`;
    const clockOffsetMs = Date.parse(CLOCK) - Date.now();
    const simulator = (name: string, url: string, args: string[]) =>
      new Part({ name, url, script: `${ROOT}tools/simulators/${name}/main.ts`, args, ready: /ready/ });
    const parts = [
      simulator("banxico", at(0), [
        ...["--port", String(port), "--token", LOCAL.banxicoToken],
        `--clock-offset-ms=${clockOffsetMs}`,
      ]),
      simulator("upstash", at(1), ["--port", String(port + 1), "--token", LOCAL.redisToken]),
    ];
    for (const part of parts) await part.start();
    const around = { banxicoUrl: at(0), redisUrl: at(1), clockOffsetMs };
    return new Scene(around, parts, await Balancer.start(), await Balancer.start(), onStep);
  }

  /** A database server, as a region has one. */
  async startDatabase(): Promise<MariaDb> {
    const server = await startMariaDb();
    this.#servers.push(server);
    return server;
  }

  /** Starts the readers, who do not stop before the rehearsal does. */
  startReaders(): void {
    this.#load = startLoad(this.readers.url, { requestsPerSecond: READS_PER_SECOND });
  }

  /** Does one thing, and notes how long it took and how many reads failed. */
  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    const before = this.#counted();
    const beganMs = performance.now();
    const result = await work();
    const seconds = (performance.now() - beganMs) / 1_000;
    const after = this.#counted();
    const step = {
      what,
      seconds,
      reads: after.reads - before.reads,
      failedReads: after.failedReads - before.failedReads,
    };
    this.steps.push(step);
    this.#onStep(step);
    return result;
  }

  /** All reads since the beginning: steps may be parts of others. */
  #counted() {
    const { requests = 0, failures = new Map<string, number>() } = this.#load?.take() ?? {};
    this.#reads += requests;
    this.#failedReads += total(failures);
    for (const [failure, times] of failures) console.error(`${times} × ${failure}`);
    return { reads: this.#reads, failedReads: this.#failedReads };
  }

  /** Has Banxico correct a value that readers have, in its last digit. */
  async correct({ base, date }: Observation): Promise<void> {
    const rate = await this.#rate({ base, date });
    if (rate === undefined) throw new Error(`readers have no ${base} of ${date}`);
    const value = rate.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
    this.#corrections.push({ type: "observation", series: SERIES[base], date, value });
    const body = JSON.stringify(this.#corrections);
    const { ok } = await fetch(`${this.around.banxicoUrl}/__faults`, { method: "PUT", body });
    if (!ok) throw new Error("the simulator refused a correction");
    this.#expected.set(`${base} ${date}`, value);
    await this.redis("DEL", "paridad:v1:ingest:banxico");
  }

  /** Waits until readers get a corrected value, with the cron of one worker. */
  async corrected(cron: Edge, { base, date }: Observation): Promise<void> {
    const value = this.#expected.get(`${base} ${date}`);
    await this.until(cron, `${base} of ${date} is ${value}`, async () => (await this.#rate({ base, date })) === value);
  }

  async #rate({ base, date }: Observation): Promise<string | undefined> {
    const response = await fetch(`${this.readers.url}/api/v1/rates/on/${date}?base=${base}`);
    return response.ok ? ((await response.json()) as { rate: string }).rate : undefined;
  }

  /** Waits until something is true, with the cron of one worker. */
  async until(cron: Edge, what: string, check: () => Promise<boolean>): Promise<void> {
    let nextTickMs = 0;
    await until(what, async () => {
      if (performance.now() >= nextTickMs) {
        nextTickMs = performance.now() + CRON_MS;
        await cron.tick();
      }
      return await check();
    });
  }

  /** One Redis command. */
  async redis(...command: string[]): Promise<unknown> {
    const headers = { Authorization: `Bearer ${LOCAL.redisToken}` };
    const response = await fetch(this.around.redisUrl, { method: "POST", headers, body: JSON.stringify(command) });
    return ((await response.json()) as { result: unknown }).result;
  }

  async stop(): Promise<void> {
    await this.#load?.stop();
    await Promise.all([this.origins.stop(), this.readers.stop()]);
    await Promise.all([...this.#parts, ...this.#servers].map((each) => each.stop()));
  }
}
