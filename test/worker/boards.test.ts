import { beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { type Board, encodeBoard } from "#core/pages/board.ts";
import { type Pages, PagesUnavailable } from "#core/pages/page-source.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { Guard } from "../../worker/clients/guard.ts";
import { BoardMemory } from "../../worker/tiers/board-memory.ts";
import { TieredBoards } from "../../worker/tiers/tiered-boards.ts";
import { announcements, pageOf, TestClock, TestScope } from "./support.ts";

const PROVIDERS = ["banxico", "ecb", "bdi"];
const catalogue = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS });

let clock: TestClock;
let memory: BoardMemory;
let redis: Map<string, string>;
let origin: Map<string, Board>;
let calls: string[];
let broken: Set<string>;

beforeEach(() => {
  clock = new TestClock();
  memory = new BoardMemory();
  redis = new Map();
  origin = new Map();
  calls = [];
  broken = new Set();
});

const boardOf = (provider: string, version = 7): Board => ({
  provider,
  version,
  values: { [`${provider}.USD`]: ["2023-12-29", "1.105"] },
});

const noPages: Pages = { read: async () => Promise.reject(new PagesUnavailable(5)) };

function read(providers: string[], pages: Pages = noPages) {
  const guard = (name: string) =>
    new Guard({
      name,
      policy: { failureThreshold: 100, openMs: 1, probeMs: 1 },
      deadlineMs: 1_000,
      classify: () => "failure",
      onChange: () => undefined,
    });
  const settings = {
    memory,
    redis: {
      mget: async (keys: readonly string[]) => {
        calls.push(`redis ${keys.length}`);
        if (broken.has("redis")) throw new Error("no Redis");
        return keys.map((key) => redis.get(key) ?? null);
      },
    },
    redisGuard: guard("redis"),
    origin: {
      board: async (provider: string) => {
        calls.push(`origin ${provider}`);
        if (broken.has("origin")) throw new Error("no origin");
        return origin.get(provider);
      },
    },
    originGuard: guard("origin"),
    policy: DEFAULT_POLICY,
    catalogue,
    announcements,
  };
  return new TieredBoards(settings, pages, new TestScope(clock.now)).readBoards(providers);
}

const keep = (board: Board) => void redis.set(`paridad:v1:board:${board.provider}`, encodeBoard(board));

describe("boards", () => {
  test("of all providers come from Redis in one round trip, and then from the isolate", async () => {
    for (const id of PROVIDERS) keep(boardOf(id));
    const first = await read(PROVIDERS);
    expect(first.map(({ board, tier }) => [board.provider, tier])).toEqual(PROVIDERS.map((id) => [id, "redis"]));
    expect((await read(PROVIDERS)).every(({ tier }) => tier === "isolate")).toBe(true);
    expect(calls).toEqual(["redis 3"]);
  });

  test("that Redis lacks, or has in no valid form, come from the origin", async () => {
    keep(boardOf("banxico"));
    redis.set("paridad:v1:board:ecb", '{"provider":"ecb","version":1,"values":{"bdi.USD":["2023-12-29","1"]}}');
    origin.set("ecb", boardOf("ecb"));
    const copies = await read(["banxico", "ecb"]);
    expect(copies.map(({ tier }) => tier)).toEqual(["redis", "origin"]);
    expect(calls).toEqual(["redis 2", "origin ecb"]);
  });

  test("are renewed by one request once they are no longer fresh", async () => {
    keep(boardOf("ecb"));
    await read(["ecb"]);
    clock.ms += DEFAULT_POLICY.ISOLATE_FRESH_MS;
    keep(boardOf("ecb", 8));
    const copies = await Promise.all([read(["ecb"]), read(["ecb"])]);
    expect(copies.map(([copy]) => copy?.board.version).sort()).toEqual([7, 8]);
    expect(calls).toEqual(["redis 1", "redis 1"]);
  });

  test("are served marked stale while nothing can renew them, and say why", async () => {
    keep(boardOf("bdi"));
    await read(["bdi"]);
    clock.ms += 3_600_000;
    broken = new Set(["redis", "origin"]);
    expect(await read(["bdi"])).toMatchObject([{ tier: "isolate", stale: "redis_and_origin_unavailable" }]);
    clock.ms += DEFAULT_POLICY.STALE_HORIZON_MS;
    await expect(read(["bdi"])).rejects.toThrow(PagesUnavailable);
  });

  test("of a provider with few series are made of pages where an origin of an older release has none", async () => {
    const pages: Pages = {
      read: async (series, years) =>
        years.map((year) => ({ page: pageOf(year, 3, series), tier: "redis" as const, freshUntilMs: clock.ms })),
    };
    const [copy] = await read(["banxico"], pages);
    expect(copy?.board.version).toBe(3);
    expect(Object.keys(copy?.board.values ?? {})).toContain("banxico.SF43718");
  });
});
