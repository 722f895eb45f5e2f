import { type MariaDb, startMariaDb } from "../servers/mariadb.ts";
import { type RedisServer, startRedis } from "../servers/redis.ts";
import { freePorts } from "../stack/ports.ts";
import { System, until } from "../system/system.ts";
import { MIXED_READS } from "./load.ts";
import { Wire } from "./wire.ts";

/** Freshness so short that a fault is felt at once: the tiers below are really asked. */
const IMPATIENT = {
  ISOLATE_FRESH_MS: "1000",
  COLO_FRESH_MS: "2000",
  ISOLATE_FRESH_PAST_MS: "2000",
  COLO_FRESH_PAST_MS: "4000",
};

/** The real thing on one machine: built worker in workerd, origin, a real MariaDB and a real Redis, simulated Banxico. */
export class World {
  readonly system: System;
  readonly mariadb: MariaDb;
  readonly redis: RedisServer;
  /** The network between edge and origin. */
  readonly network: Wire;

  private constructor(system: System, mariadb: MariaDb, redis: RedisServer, network: Wire) {
    this.system = system;
    this.mariadb = mariadb;
    this.redis = redis;
    this.network = network;
  }

  static async start(options: { clock?: string; vars?: Record<string, string> } = {}): Promise<World> {
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
      vars: { ...IMPATIENT, ...options.vars },
    });
    return new World(system, mariadb, redis, network);
  }

  /** Fills history and reads everything once, so that all tiers are warm. */
  async warm(): Promise<void> {
    await this.system.fill();
    for (const path of MIXED_READS) {
      await until(`${path} is served`, async () => (await this.system.edge(path)).status === 200);
    }
  }

  /** Whether the edge and all it stands on are well. */
  async isHealthy(): Promise<boolean> {
    const answer = await this.system.edge("/health").catch(() => undefined);
    return answer?.status === 200 && (JSON.parse(answer.body) as { status: string }).status === "healthy";
  }

  async stop(): Promise<void> {
    await this.system.stop();
    await this.network.stop();
    await Promise.all([this.mariadb.stop(), this.redis.stop()]);
  }
}
