import { type Policy, policySchema } from "#core/ops/policy.ts";
import { banxico } from "#core/providers/banxico.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import { createApp } from "../../origin/app.ts";
import type { Services } from "../../origin/services.ts";
import { mexicoCityDate, publicationMs } from "../../tools/simulators/banxico/mexico.ts";
import { startBanxico } from "../../tools/simulators/banxico/simulator.ts";
import type { Simulator } from "../../tools/simulators/server.ts";
import { startUpstash } from "../../tools/simulators/upstash/simulator.ts";
import { OriginClient } from "../../worker/clients/origin-client.ts";
import { RedisClient } from "../../worker/clients/redis-client.ts";
import { collect } from "../../worker/ingest/collect.ts";
import type { CollectDeps } from "../../worker/ingest/ports.ts";
import { ProviderClient } from "../../worker/ingest/provider-client.ts";
import { publish } from "../../worker/ingest/publish.ts";
import { TestQueue, TestWatch } from "../unit/ingest/doubles.ts";
import {
  type Edge,
  edgeOver,
  openOrigin,
  PATIENT,
  putFaults,
  type Read,
  read,
  rowsOf,
  type SieBody,
} from "./platform-parts.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** So many minutes after an announcement have a tick each; the rest of a day has one every four hours. */
const BUSY_MINUTES = 12;
const REDIS_TOKEN = "local-redis-token";
export const TOKENS = ["0".repeat(64), "1".repeat(64)] as const;
export interface PlatformOptions {
  /** Where the history that Banxico publishes begins. */
  since?: PlainDate;
  databaseUrl?: string;
  /** Overrides of the policy, by name. */
  policy?: Readonly<Record<string, string>>;
}

/**
 * The whole platform in one process, on a clock that is moved by hand: the simulators, the origin over a real SQLite, the
 * edge's cron, consumer and tiers. Weeks pass in seconds.
 */
export class Platform {
  readonly watch = new TestWatch();
  readonly queue = new TestQueue();
  readonly redis: RedisClient;
  services: Services;
  nowMs: number;
  /** How far the origin's clock is ahead of everyone else's. */
  originAheadMs = 0;
  /** The same of Banxico's. */
  banxicoAheadMs = 0;
  isOriginAway = false;
  /** While it is set nothing is delivered. */
  isQueueHeld = false;
  /** Which of Banxico's tokens the edge uses. */
  token: string = TOKENS[0];
  /** Changes the body of each of Banxico's responses before the edge reads it. */
  tamper: ((body: SieBody, path: string) => void) | undefined;
  readonly #policy: Policy;
  readonly #banxico: Simulator;
  readonly #upstash: Simulator;
  readonly #dueMs = new Map<string, number>();
  #origin: ReturnType<typeof createApp>;
  #edge: Edge | undefined;
  #runs = 0;

  private constructor(nowMs: number, banxico: Simulator, upstash: Simulator, services: Services, policy: Policy) {
    this.nowMs = nowMs;
    this.services = services;
    this.redis = new RedisClient({ url: upstash.url, token: REDIS_TOKEN, deadlineMs: MINUTE_MS });
    this.#policy = policy;
    this.#banxico = banxico;
    this.#upstash = upstash;
    this.#origin = createApp(services);
  }

  static async start(now: string, options: PlatformOptions = {}): Promise<Platform> {
    const { since = addDays(now.slice(0, 10), -120), databaseUrl = "file::memory:", policy = {} } = options;
    const clock: { platform?: Platform } = {};
    const time = () => clock.platform?.nowMs ?? Date.parse(now);
    const [token, ...moreTokens] = TOKENS;
    const simulator = await startBanxico({
      port: 0,
      token,
      moreTokens,
      realNow: () => time() + (clock.platform?.banxicoAheadMs ?? 0),
      data: rowsOf(since, addDays(now.slice(0, 10), 60)),
    });
    const upstash = await startUpstash({ port: 0, token: REDIS_TOKEN, now: time });
    const services = await openOrigin(databaseUrl, policy);
    const edgePolicy = policySchema.parse({ ...PATIENT, ...policy });
    clock.platform = new Platform(Date.parse(now), simulator, upstash, services, edgePolicy);
    return clock.platform;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#banxico.stop(), this.#upstash.stop(), this.services.store.close()]);
  }

  /** Puts another database in the place of the origin's. */
  async useDatabase(databaseUrl: string): Promise<void> {
    await this.services.store.close();
    this.services = await openOrigin(databaseUrl, {});
    this.#origin = createApp(this.services);
  }

  /** Puts faults of Banxico's simulator in force, in place of those before. */
  async faults(...faults: Record<string, unknown>[]): Promise<void> {
    await putFaults(this.#banxico, faults);
  }

  /** The same of Redis's. */
  async redisFaults(...faults: Record<string, unknown>[]): Promise<void> {
    await putFaults(this.#upstash, faults);
  }

  /** How many requests Banxico was sent so far. */
  async countRequests(): Promise<number> {
    const response = await fetch(`${this.#banxico.url}/__requests`);
    const { counts } = (await response.json()) as { counts: Record<string, number> };
    return Object.values(counts).reduce((total, count) => total + count, 0);
  }

  /** One tick of the cron, and the deliveries that are due then. */
  async tick(): Promise<void> {
    await collect(this.#deps(), this.watch);
    await this.deliver();
  }

  async deliver(): Promise<void> {
    if (this.isQueueHeld) return;
    const isDue = ({ id }: { id: string }) => (this.#dueMs.get(id) ?? 0) <= this.nowMs;
    const due = this.queue.waiting.filter(isDue);
    this.queue.waiting = this.queue.waiting.filter((message) => !isDue(message));
    if (due.length === 0) return;
    await publish(due, this.#deps(), this.watch);
    for (const message of due.filter(({ state }) => state === "retried")) {
      message.attempts++;
      this.#dueMs.set(message.id, this.nowMs + (message.delaySeconds ?? 0) * 1_000);
      this.queue.waiting.push(message);
    }
  }

  /** Lets minutes pass, with a tick in each. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      this.nowMs += MINUTE_MS;
      await this.tick();
    }
  }

  /** Moves on to an instant, with ticks that are dense after each announcement and sparse otherwise. */
  async until(instant: string): Promise<void> {
    const endMs = Date.parse(instant);
    while (this.nowMs < endMs) {
      const noonMs = publicationMs(mexicoCityDate(this.nowMs));
      const isBusy = this.nowMs >= noonMs && this.nowMs < noonMs + BUSY_MINUTES * MINUTE_MS;
      const stepMs = isBusy ? MINUTE_MS : 4 * HOUR_MS;
      const nextMs = this.nowMs + stepMs;
      this.nowMs = Math.min(endMs, this.nowMs < noonMs ? Math.min(nextMs, noonMs) : nextMs);
      await this.tick();
    }
  }

  /** What an isolate responds that has been up all the time. */
  edge(path: string): Promise<Read> {
    this.#edge ??= this.newEdge();
    return this.ask(this.#edge, path);
  }

  origin(path: string): Promise<Read> {
    this.#setOriginClock();
    return read(this.#origin.request(path.startsWith("/health") ? path : `/api/v1${path}`));
  }

  ask(edge: Edge, path: string): Promise<Read> {
    return read(edge.request(`/api/v1${path}`));
  }

  /** An isolate that has seen nothing yet. */
  newEdge(): Edge {
    return edgeOver({ redis: this.redis, origin: this.#client(), policy: this.#policy, now: () => this.nowMs });
  }

  #client(): OriginClient {
    return new OriginClient({
      url: "http://origin.test",
      token: "local-edge-token-0123456789abcdef",
      policy: this.#policy,
      fetch: async (input, init) => {
        if (this.isOriginAway) throw new TypeError("fetch failed");
        this.#setOriginClock();
        return await this.#origin.request(String(input).replace("http://origin.test", ""), init as RequestInit);
      },
    });
  }

  #setOriginClock(): void {
    this.services.env.clockOffsetMs = this.nowMs + this.originAheadMs - Date.now();
  }

  #deps(): CollectDeps {
    const own = { redis: this.redis, policy: this.#policy, now: () => this.nowMs, random: () => 0.5 };
    const client = new ProviderClient({
      provider: banxico,
      ...own,
      url: `${this.#banxico.url}/SieAPIRest/service/v1`,
      secret: this.token,
      pause: async () => undefined,
      fetch: (input, init) => this.#fetchTampered(String(input), init as RequestInit),
    });
    return { ...own, clients: [client], origin: this.#client(), queue: this.queue, newId: () => `run-${this.#runs++}` };
  }

  async #fetchTampered(url: string, init: RequestInit): Promise<Response> {
    const response = await fetch(url, init);
    if (this.tamper === undefined || !response.ok) return response;
    const body = (await response.json()) as SieBody;
    this.tamper(body, new URL(url).pathname);
    return Response.json(body, { headers: { "Content-Type": "application/json;charset=UTF-8" } });
  }
}
