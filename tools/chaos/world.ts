import { decodePage, type Page } from "#core/rates/page.ts";
import { freePorts } from "../dev/ports.ts";
import { LOCAL } from "../dev/stack.ts";
import { System, until } from "../dev/system.ts";
import { type MariaDb, query, startMariaDb } from "../servers/mariadb.ts";
import { type RedisServer, startRedis } from "../servers/redis.ts";
import { Wire } from "./wire.ts";

/** Freshness so short that a fault has an effect at once: the lower tiers are really read. */
const IMPATIENT = {
  ISOLATE_FRESH_MS: "1000",
  COLO_FRESH_MS: "2000",
  ISOLATE_FRESH_PAST_MS: "2000",
  COLO_FRESH_PAST_MS: "4000",
};

interface WorldOptions {
  clock?: string;
  /** Banxico only, if none are named. */
  providers?: readonly string[];
  vars?: Record<string, string>;
}

/** The real thing on one machine: built worker in workerd, origin, a real MariaDB and a real Redis, simulated Banxico. */
export class World {
  readonly system: System;
  readonly mariadb: MariaDb;
  readonly redis: RedisServer;
  /** The network between edge and origin. */
  readonly network: Wire;
  readonly #databaseUrl: string;

  private constructor(system: System, mariadb: MariaDb, redis: RedisServer, network: Wire, databaseUrl: string) {
    this.system = system;
    this.mariadb = mariadb;
    this.redis = redis;
    this.network = network;
    this.#databaseUrl = databaseUrl;
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const mariadb = await startMariaDb();
    const redis = await startRedis();
    const databaseUrl = await mariadb.createDatabase();
    const port = await freePorts(4);
    const network = await Wire.start(port + 1);
    const system = await System.start({
      port,
      databaseUrl,
      redisUrl: redis.url,
      originUrl: network.url,
      ...(options.clock !== undefined && { clockOffsetMs: Date.parse(options.clock) - Date.now() }),
      ...(options.providers && { providers: options.providers }),
      vars: { ...IMPATIENT, ...options.vars },
    });
    return new World(system, mariadb, redis, network, databaseUrl);
  }

  /** Fills history and reads everything once, so that all tiers are warm. */
  async warm(paths: readonly string[]): Promise<void> {
    await this.system.fill();
    for (const path of paths) {
      await until(`${path} is served`, async () => (await this.system.edge(path)).status === 200);
    }
  }

  /** Whether the edge and its dependencies are healthy. */
  async isHealthy(): Promise<boolean> {
    const response = await this.system.edge("/health").catch(() => undefined);
    return response?.status === 200 && (JSON.parse(response.body) as { status: string }).status === "healthy";
  }

  /** One statement on the origin's database, past the origin. */
  sql(statement: string): Promise<void> {
    return query(this.#databaseUrl, statement);
  }

  /** Starts the origin with a clock that is so far ahead of all others. */
  async restartOrigin(aheadMs: number): Promise<void> {
    const { origin, edge } = this.system.stack.parts;
    const clockOffsetMs = Number(JSON.parse(edge.plan.env?.EDGE_VARS ?? "{}").CLOCK_OFFSET_MS ?? 0);
    await origin.stop();
    Object.assign(origin.plan.env ?? {}, { CLOCK_OFFSET_MS: String(clockOffsetMs + aheadMs) });
    await origin.start();
  }

  /** A page as Redis holds it, and as the origin returns it. */
  async replica(series: string, year: number): Promise<Page | undefined> {
    const text = await this.system.redis("GET", `paridad:v1:page:${series}:${year}`);
    return decodePage(String(text), { series, year });
  }

  async truth(series: string, year: number): Promise<Page | undefined> {
    const authorization = { Authorization: `Bearer ${LOCAL.edgeToken}` };
    const { body } = await this.system.origin(`/internal/pages/${series}/${year}`, authorization);
    return decodePage(body, { series, year });
  }

  /** Has Redis compared with the origin at the next tick. */
  async compare(): Promise<void> {
    await this.system.redis("HDEL", "paridad:v1:ingest:banxico", "republished");
    await this.system.stack.tick();
  }

  async stop(): Promise<void> {
    await this.system.stop();
    await this.network.stop();
    await Promise.all([this.mariadb.stop(), this.redis.stop()]);
  }
}
