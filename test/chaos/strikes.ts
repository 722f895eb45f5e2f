import type { World } from "./world.ts";

/** One way in which something breaks, and how it is put right. */
export interface Strike {
  name: string;
  begin(world: World): Promise<void> | void;
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

/** Every single fault that no reader may notice. */
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
