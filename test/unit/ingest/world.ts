import { planOf } from "#core/ingest/plan.ts";
import { DEFAULT_POLICY, type Policy } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import type { Budget, Provider } from "#core/providers/provider.ts";
import type { Page } from "#core/rates/page.ts";
import { CommandError } from "../../../tools/simulators/upstash/backend.ts";
import { MemoryBackend } from "../../../tools/simulators/upstash/memory.ts";
import { type Command, RedisFailure, type Reply } from "../../../worker/clients/redis-client.ts";
import { collect } from "../../../worker/ingest/collect.ts";
import { keepDeadLetters } from "../../../worker/ingest/dead-letters.ts";
import type { IngestRedis, ReadingDeps } from "../../../worker/ingest/ports.ts";
import { ProviderClient } from "../../../worker/ingest/provider-client.ts";
import { type Purge, publish } from "../../../worker/ingest/publish.ts";
import { TestBanxico, type TestMessage, TestQueue, TestWatch } from "./doubles.ts";
import { TestOrigin } from "./origin.ts";

export const FIX = "banxico.SF43718";
export const EUR = "banxico.SF46410";
const MINUTE_MS = 60_000;

/** Redis in memory, which can be away or fail at chosen commands. */
export class TestRedis implements IngestRedis {
  isAway = false;
  fails: (command: Command) => boolean = () => false;
  readonly log: string[] = [];
  readonly #backend: MemoryBackend;

  constructor(now: () => number) {
    this.#backend = new MemoryBackend(now);
  }

  async send(command: Command): Promise<Reply> {
    if (this.isAway || this.fails(command)) throw new RedisFailure("unreachable", command[0]);
    this.log.push(`${command[0]} ${command[1]}`);
    try {
      return await this.#backend.run(command.map(String));
    } catch (error) {
      throw error instanceof CommandError ? new RedisFailure("refused", command[0]) : error;
    }
  }

  async pipeline(commands: readonly Command[]): Promise<Reply[]> {
    const replies: Reply[] = [];
    for (const command of commands) replies.push(await this.send(command));
    return replies;
  }

  async page(series: string, year: number): Promise<Page | undefined> {
    const text = await this.#backend.run(["GET", `paridad:v1:page:${series}:${year}`]);
    return text === null ? undefined : JSON.parse(String(text));
  }

  async get(key: string): Promise<Reply> {
    return await this.#backend.run(["GET", key]);
  }
}

/** The whole ingestion over doubles, with a clock that moves only by hand. */
export class World {
  nowMs: number;
  readonly policy: Policy;
  readonly redis: TestRedis;
  origin = new TestOrigin();
  readonly queue = new TestQueue();
  readonly site = new TestBanxico();
  readonly watch = new TestWatch();
  readonly pauses: number[] = [];
  readonly purged: string[][] = [];
  /** Banxico as the policy has it. */
  readonly provider: Provider;
  banxico: ProviderClient;
  readonly random = () => 0.5;
  readonly now = () => this.nowMs;
  #ids = 0;

  constructor(now = "2023-12-29T20:00:00Z", policy: Partial<Policy> = {}, budget?: Budget) {
    this.nowMs = Date.parse(now);
    this.policy = { ...DEFAULT_POLICY, ...policy };
    this.redis = new TestRedis(this.now);
    const { main } = catalogueFor("local", { ...this.policy, PROVIDERS: ["banxico"] });
    this.provider = budget ? { ...main, budget } : main;
    this.banxico = this.clientWith("t".repeat(64));
  }

  /** Banxico's client, with the token that the environment gives. */
  clientWith(secret: string): ProviderClient {
    return new ProviderClient({
      provider: this.provider,
      url: "https://banxico.test",
      secret,
      policy: this.policy,
      redis: this.redis,
      now: this.now,
      random: this.random,
      fetch: this.site.fetch,
      pause: async (ms) => void this.pauses.push(ms),
    });
  }

  readonly newId = () => `run-${this.#ids++}`;
  readonly purge: Purge = async (series) => void this.purged.push(series);

  /** Clients of providers beside Banxico. */
  readonly others: ProviderClient[] = [];

  get clients(): ProviderClient[] {
    return [this.banxico, ...this.others];
  }

  /** Ingests another provider too. */
  add(provider: Provider, fetch: typeof globalThis.fetch): void {
    const { policy, redis, now, random } = this;
    const url = `https://${provider.id}.test`;
    const pause = async () => undefined;
    this.others.push(new ProviderClient({ provider, url, policy, redis, now, random, fetch, pause }));
  }

  /** What a single reading of Banxico needs. */
  readingDeps(): Pick<ReadingDeps, "client" | "plan" | "endMs"> {
    const plan = planOf(this.provider, this.policy, this.nowMs);
    return { client: this.banxico, plan, endMs: this.nowMs + MINUTE_MS };
  }

  tick(): Promise<void> {
    return collect(this, this.watch);
  }

  /** Ticks once in each of so many minutes, the queue's work done after each. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      await this.tick();
      await this.drain();
      this.nowMs += MINUTE_MS;
    }
  }

  /** Delivers what waits, once; what was retried waits again. */
  async deliver(messages = this.queue.waiting): Promise<TestMessage[]> {
    this.queue.waiting = this.queue.waiting.filter((message) => !messages.includes(message));
    await publish(messages, this, this.watch, this.purge);
    for (const message of messages.filter(({ state }) => state === "retried")) {
      message.attempts++;
      this.queue.waiting.push(message);
    }
    return messages;
  }

  async drain(): Promise<void> {
    for (let round = 0; round < 3 && this.queue.waiting.length > 0; round++) await this.deliver();
  }

  async bury(...messages: TestMessage[]): Promise<void> {
    await keepDeadLetters(messages, this, this.watch);
  }

  /** Every series with one value a day from one date to another, stored at the origin and in Redis. */
  async filled(): Promise<this> {
    this.site.putAll(["2022-12-30", "10.0000"], ["2023-12-27", "17.0000"], ["2023-12-29", "17.1000"]);
    await this.tick();
    await this.drain();
    return this;
  }
}

/** Ends all that has befallen the world. */
export function heal(world: World): void {
  world.origin.chaos = "none";
  world.redis.isAway = false;
  world.queue.isAway = false;
  world.origin.isOld = false;
  world.site.instead = undefined;
  world.site.spoil = (entry) => entry;
  world.site.lacks.clear();
  world.site.limits.length = 0;
}
