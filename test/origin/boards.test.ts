import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import type { Board } from "#core/pages/board.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { StoreBoards } from "../../origin/store-boards.ts";

const catalogue = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: ["ecb"] });

function setUp() {
  let nowMs = 1_000_000;
  let version = 1;
  let isBroken = false;
  let reads = 0;
  const board = async (): Promise<Board> => {
    reads++;
    if (isBroken) throw new Error("no store");
    return { provider: "ecb", version, values: {} };
  };
  const boards = new StoreBoards({ store: { board }, catalogue, now: () => nowMs, freshMs: 100, horizonMs: 1_000 });
  return {
    boards,
    read: async () => (await boards.readBoards(["ecb"]))[0],
    pass: (ms: number) => {
      nowMs += ms;
    },
    commit: () => {
      version++;
      boards.forget("ecb");
    },
    fail: () => {
      isBroken = true;
    },
    reads: () => reads,
  };
}

test("a board is read once while it is fresh, and once for all who ask at once", async () => {
  const { read, reads, pass } = setUp();
  await Promise.all([read(), read(), read()]);
  await read();
  expect(reads()).toBe(1);
  pass(100);
  await read();
  expect(reads()).toBe(2);
});

test("a commit is seen by the next request, also while an older read is under way", async () => {
  const { read, commit } = setUp();
  const before = read();
  commit();
  expect((await read())?.board.version).toBe(2);
  await before;
  expect((await read())?.board.version).toBe(2);
});

test("a board is served marked stale while the store fails, for so long", async () => {
  const { read, fail, pass } = setUp();
  await read();
  fail();
  pass(500);
  expect(await read()).toMatchObject({ stale: "origin_unavailable" });
  pass(600);
  await expect(read()).rejects.toThrow("no tier has the page");
});
