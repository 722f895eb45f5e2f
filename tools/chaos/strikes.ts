import { isSameContent, type Page } from "#core/rates/page.ts";
import { until } from "../dev/system.ts";
import type { World } from "./world.ts";

/** One way in which something breaks, and how it is repaired. */
export interface Strike {
  name: string;
  /** Those that the world must have; otherwise Banxico is enough. */
  providers?: readonly string[];
  begin(world: World): Promise<void> | void;
  /** Looks while it lasts, and says what does not hold. */
  during?(world: World): Promise<string[]>;
  end(world: World): Promise<void> | void;
}

const redisFault = (name: string, ...faults: object[]): Strike => ({
  name: `Redis's REST API: ${name}`,
  begin: ({ system }) => system.faults("redis", faults),
  end: ({ system }) => system.faults("redis", []),
});

const banxicoFault = (type: string, more: object = {}): Strike => ({
  name: `Banxico: ${type}`,
  begin: async ({ system }) => {
    await system.faults("banxico", [{ type, ...more }]);
    await system.forgetSchedule();
    void system.stack.tick();
  },
  end: async ({ system }) => {
    await system.faults("banxico", []);
    await system.forgetSchedule();
  },
});

const server = (name: string, of: (world: World) => World["redis"] | World["mariadb"]): Strike[] => [
  { name: `${name}: killed`, begin: (world) => of(world).kill(), end: (world) => of(world).restart() },
  { name: `${name}: hanging`, begin: (world) => of(world).pause(), end: (world) => of(world).resume() },
];

const FIX = "banxico.SF43718";
const YEARS = [2022, 2023];

/** Waits until Redis holds what the origin has, and the origin what the provider publishes. */
async function settle(world: World): Promise<void> {
  await world.compare();
  for (const year of YEARS) {
    await until(`Redis holds the origin's page of ${year}`, async () => {
      const [replica, truth] = [await world.replica(FIX, year), await world.truth(FIX, year)];
      return replica !== undefined && truth !== undefined && isSameContent(replica, truth);
    });
  }
  // Last, and mostly once: it reads the whole history of every series.
  await until("nothing is missing", async () => (await world.system.missing()).length === 0);
}

/** Redis and origin differ: clients may not lose a date, and both end with what the provider publishes. */
const DIFFERENCES: readonly Strike[] = [
  {
    name: "Redis: a wrong page ahead of the origin",
    begin: async (world) => {
      const page = (await world.truth(FIX, 2022)) as Page;
      const observations = page.observations.map(([date, value], index) => [date, index === 100 ? "11.9012" : value]);
      const wrong = JSON.stringify({ ...page, version: page.version + 1, observations });
      await world.system.redis("SET", `paridad:v1:page:${FIX}:2022`, wrong);
      await world.compare();
    },
    end: settle,
  },
  {
    name: "Redis: pages removed",
    begin: async ({ system }) => {
      await system.redis("DEL", ...YEARS.map((year) => `paridad:v1:page:${FIX}:${year}`));
    },
    end: settle,
  },
  {
    name: "origin: restored from a backup",
    begin: async (world) => {
      await world.sql("DELETE FROM observations WHERE date >= '2023-12-01'");
      await world.compare();
    },
    end: settle,
  },
  {
    name: "origin: clock ten minutes ahead",
    begin: (world) => world.restartOrigin(600_000),
    end: async (world) => {
      await world.restartOrigin(0);
      await settle(world);
    },
  },
];

/** Every single fault that no client may notice. */
export const STRIKES: readonly Strike[] = [
  {
    name: "origin: killed",
    begin: ({ system }) => system.stack.parts.origin.kill(),
    end: ({ system }) => system.stack.parts.origin.start(),
  },
  {
    name: "origin: hanging",
    begin: ({ system }) => system.stack.parts.origin.freeze(),
    end: ({ system }) => system.stack.parts.origin.thaw(),
  },
  {
    name: "origin: blackhole",
    begin: ({ network }) => network.set({ mode: "blackhole" }),
    end: ({ network }) => network.set({ mode: "pass" }),
  },
  {
    name: "origin: 800 ms late",
    begin: ({ network }) => network.set({ mode: "slow", delayMs: 800 }),
    end: ({ network }) => network.set({ mode: "pass" }),
  },
  {
    name: "origin: connections reset",
    begin: ({ network }) => network.set({ mode: "reset" }),
    end: ({ network }) => network.set({ mode: "pass" }),
  },
  ...server("Redis", ({ redis }) => redis),
  ...server("MariaDB", ({ mariadb }) => mariadb),
  redisFault("1 s late", { type: "latency", ms: 1_000 }),
  redisFault("hanging", { type: "hang" }),
  redisFault("reset", { type: "reset" }),
  redisFault("503", { type: "unavailable" }),
  redisFault("stale replica", { type: "stale_replica" }),
  {
    name: "Redis: poisoned pages",
    begin: async ({ system }) => {
      for (const key of ["banxico.SF43718:2023", "banxico.SF43718:2022", "banxico.SF46410:2023"]) {
        await system.redis(
          "SET",
          `paridad:v1:page:${key}`,
          '{"series":"banxico.SF43718","year":2023,"version":9e15,"observations":"17"}',
        );
      }
    },
    end: () => undefined,
  },
  { name: "Redis: flushed", begin: async ({ system }) => void (await system.redis("FLUSHALL")), end: () => undefined },
  ...DIFFERENCES,
  banxicoFault("latency", { ms: 12_000 }),
  banxicoFault("hang"),
  banxicoFault("reset"),
  banxicoFault("unavailable"),
  banxicoFault("html"),
  banxicoFault("truncated"),
  banxicoFault("content_type"),
  banxicoFault("oversized"),
  banxicoFault("token_revoked"),
  banxicoFault("rate_limit", { seconds: 5 }),
  banxicoFault("not_available"),
  banxicoFault("comma_numbers"),
  banxicoFault("non_positive"),
  banxicoFault("missing_datos"),
  banxicoFault("null_datos"),
  banxicoFault("empty_datos"),
  banxicoFault("missing_series"),
  banxicoFault("duplicate_rows"),
  banxicoFault("duplicate_series"),
  banxicoFault("unrequested_series"),
  banxicoFault("wrong_title"),
  banxicoFault("future_date"),
];
