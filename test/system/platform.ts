import { Hono } from "hono";
import { type ApiVariables, publicApi } from "#core/api/app.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { mexicoCityDate, publicationMs } from "#core/time/mexico.ts";
import { createApp } from "../../origin/app.ts";
import { readEnv } from "../../origin/env.ts";
import { createServices, type Services } from "../../origin/services.ts";
import { startBanxico } from "../../tools/simulators/banxico/simulator.ts";
import type { Simulator } from "../../tools/simulators/server.ts";
import { startUpstash } from "../../tools/simulators/upstash/simulator.ts";
import { Guard } from "../../worker/clients/guard.ts";
import { OriginClient } from "../../worker/clients/origin-client.ts";
import { RedisClient } from "../../worker/clients/redis-client.ts";
import { BanxicoClient } from "../../worker/ingest/banxico.ts";
import { collect } from "../../worker/ingest/collect.ts";
import { publish } from "../../worker/ingest/publish.ts";
import { IsolateTier } from "../../worker/tiers/isolate-tier.ts";
import { OriginTier } from "../../worker/tiers/origin-tier.ts";
import { RedisTier } from "../../worker/tiers/redis-tier.ts";
import { Renewals } from "../../worker/tiers/renewals.ts";
import { TieredPages, type TiersSettings } from "../../worker/tiers/tiered-pages.ts";
import { TestQueue, TestWatch } from "../unit/ingest/doubles.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TOKEN = "local-edge-token-0123456789abcdef";
const REDIS_TOKEN = "local-redis-token";
const BANXICO_TOKEN = "0".repeat(64);

/** A response of the edge or the origin, read. */
export interface Read {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the fields differ from route to route.
  json: any;
  headers: Headers;
}

/** The body of a data response of Banxico's SIE. */
export interface SieBody {
  bmx: { series: { idSerie: string; titulo: string; datos?: { fecha: string; dato: string }[] }[] };
}

/**
 * The whole platform in one process, on a clock that moves by hand: the simulators, the origin over its real store, the
 * edge's ingestion, publisher and tiers. Weeks pass in seconds.
 */
export class Platform {
  readonly watch = new TestWatch();
  readonly queue = new TestQueue();
  readonly banxico: Simulator;
  readonly redis: RedisClient;
  services: Services;
  /** How far the origin's clock is ahead of everyone else's, in milliseconds. */
  originAheadMs = 0;
  token = BANXICO_TOKEN;
  /** Changes the body of each response of Banxico on its way to the edge. */
  tamper: ((body: SieBody, path: string) => void) | undefined;
  nowMs: number;
  readonly #upstash: Simulator;
  #origin: ReturnType<typeof createApp>;
  #edge: Hono<{ Variables: ApiVariables }> | undefined;
  #ids = 0;

  private constructor(nowMs: number, banxico: Simulator, upstash: Simulator, services: Services) {
    this.nowMs = nowMs;
    this.banxico = banxico;
    this.#upstash = upstash;
    this.services = services;
    this.#origin = createApp(services);
    this.redis = new RedisClient({ url: upstash.url, token: REDIS_TOKEN, deadlineMs: 60_000 });
  }

  static async start(now: string, databaseUrl = "file::memory:"): Promise<Platform> {
    const clock: { platform?: Platform } = {};
    const nowMs = Date.parse(now);
    const time = () => clock.platform?.nowMs ?? nowMs;
    const banxico = await startBanxico({ port: 0, token: BANXICO_TOKEN, realNow: time, limits: {} });
    const upstash = await startUpstash({ port: 0, token: REDIS_TOKEN, now: time });
    const services = await openOrigin(databaseUrl);
    const platform = new Platform(nowMs, banxico, upstash, services);
    clock.platform = platform;
    return platform;
  }

  async stop(): Promise<void> {
    await Promise.all([this.banxico.stop(), this.#upstash.stop(), this.services.store.close()]);
  }

  /** Puts another database in the place of the origin's, as after a restore from a backup. */
  async useDatabase(databaseUrl: string): Promise<void> {
    await this.services.store.close();
    this.services = await openOrigin(databaseUrl);
    this.#origin = createApp(this.services);
  }

  readonly now = () => this.nowMs;

  /** Puts faults of the Banxico simulator in force, in place of those before. */
  async faults(...faults: Record<string, unknown>[]): Promise<void> {
    const response = await fetch(`${this.banxico.url}/__faults`, { method: "PUT", body: JSON.stringify(faults) });
    if (!response.ok) throw new Error(`the simulator refused the faults: ${await response.text()}`);
  }

  /** One tick of the cron, and all that the queue then holds. */
  async tick(): Promise<void> {
    await collect(this.#deps(), this.watch);
    await this.drain();
  }

  async drain(): Promise<void> {
    for (let round = 0; round < 4 && this.queue.waiting.length > 0; round++) {
      const messages = this.queue.waiting;
      this.queue.waiting = [];
      await publish(messages, this.#deps(), this.watch);
      for (const message of messages) {
        if (message.state !== "retried") continue;
        message.attempts++;
        this.queue.waiting.push(message);
      }
    }
  }

  /** Lets minutes pass, with a tick in each. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      this.nowMs += MINUTE_MS;
      await this.tick();
    }
  }

  /** Moves on to an instant: a tick in each minute for some minutes after each announcement, otherwise one in eight hours. */
  async until(instant: string): Promise<void> {
    const endMs = Date.parse(instant);
    while (this.nowMs < endMs) {
      const noonMs = publicationMs(mexicoCityDate(this.nowMs));
      const isBusy = this.nowMs >= noonMs && this.nowMs < noonMs + 6 * MINUTE_MS;
      const next = isBusy
        ? this.nowMs + MINUTE_MS
        : Math.min(this.nowMs + 8 * HOUR_MS, this.nowMs < noonMs ? noonMs : endMs);
      this.nowMs = Math.min(endMs, Math.max(next, this.nowMs + MINUTE_MS));
      await this.tick();
    }
  }

  /** What a warm edge answers. */
  edge(path: string): Promise<Read> {
    this.#edge ??= this.newEdge();
    return read(this.#edge.request(`/api/v1${path}`));
  }

  origin(path: string): Promise<Read> {
    return read(this.#origin.request(`/api/v1${path}`));
  }

  /** An isolate that has seen nothing yet. */
  newEdge(): Hono<{ Variables: ApiVariables }> {
    const guard = (name: string) =>
      new Guard({
        name,
        deadlineMs: 60_000,
        classify: () => "failure",
        policy: { failureThreshold: 3, openMs: MINUTE_MS, probeMs: MINUTE_MS },
        onChange: () => undefined,
      });
    const events = { read: () => {}, failed: () => {}, fillFailed: () => {}, servedStale: () => {} };
    const settings: TiersSettings = {
      tiers: [
        new IsolateTier(),
        new RedisTier({
          reader: this.redis,
          writer: this.redis,
          guard: guard("redis"),
          events,
          policy: DEFAULT_POLICY,
        }),
        new OriginTier({ client: this.#client(), guard: guard("origin"), policy: DEFAULT_POLICY }),
      ],
      renewals: new Renewals(),
      policy: DEFAULT_POLICY,
      conditions: () => ({ isRedisAway: false, isDatabaseInTrouble: false }),
      originClosedForMs: () => 0,
      events,
      random: () => 0.5,
    };
    const work: Promise<unknown>[] = [];
    const scope = { now: this.now, waitUntil: (promise: Promise<unknown>) => void work.push(promise) };
    const app = new Hono<{ Variables: ApiVariables }>();
    app.route(
      "/",
      publicApi<{ Variables: ApiVariables }>(() => ({
        pages: new TieredPages(settings, scope),
        nowMs: this.nowMs,
        elapsedMs: () => 0,
        policy: DEFAULT_POLICY,
      })),
    );
    return app;
  }

  #client(): OriginClient {
    return new OriginClient({
      url: "http://origin.test",
      token: TOKEN,
      policy: { ...DEFAULT_POLICY, ORIGIN_DEADLINE_MS: 60_000, COMMIT_DEADLINE_MS: 60_000 },
      fetch: async (input, init) => {
        this.services.env.clockOffsetMs = this.nowMs + this.originAheadMs - Date.now();
        return await this.#origin.request(String(input).replace("http://origin.test", ""), init as RequestInit);
      },
    });
  }

  async #fetchTampered(url: string, init: RequestInit): Promise<Response> {
    const response = await fetch(url, init);
    if (this.tamper === undefined || !response.ok) return response;
    const body = (await response.json()) as SieBody;
    this.tamper(body, new URL(url).pathname);
    return Response.json(body, { headers: { "Content-Type": "application/json;charset=UTF-8" } });
  }

  #deps() {
    this.services.env.clockOffsetMs = this.nowMs + this.originAheadMs - Date.now();
    return {
      redis: this.redis,
      origin: this.#client(),
      queue: this.queue,
      policy: DEFAULT_POLICY,
      now: this.now,
      random: () => 0.5,
      newId: () => `run-${this.#ids++}`,
      banxico: new BanxicoClient({
        url: `${this.banxico.url}/SieAPIRest/service/v1`,
        token: this.token,
        policy: DEFAULT_POLICY,
        redis: this.redis,
        now: this.now,
        random: () => 0.5,
        pause: async () => undefined,
        fetch: (input, init) => this.#fetchTampered(String(input), init as RequestInit),
      }),
    };
  }
}

async function openOrigin(databaseUrl: string): Promise<Services> {
  const services = await createServices(readEnv({ DATABASE_URL: databaseUrl, PAGE_MEMORY_MS: "0" }), () => undefined);
  await services.store.migrate();
  return services;
}

async function read(response: Response | Promise<Response>): Promise<Read> {
  const { status, headers } = await response;
  const text = await (await response).text();
  return { status, headers, json: text === "" ? undefined : JSON.parse(text) };
}
