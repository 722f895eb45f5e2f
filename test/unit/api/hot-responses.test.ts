import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { type HotLimits, HotResponses } from "#core/api/hot-responses.ts";

function fill(limits: HotLimits, count: number, bytes: number, hot = new HotResponses<number>(limits)) {
  for (let index = 0; index < count; index++) {
    hot.keep(`/p?amount=${index}`, index, bytes, 10);
    expect(hot.size.entries).toBeLessThanOrEqual(limits.maxEntries);
    expect(hot.size.bytes).toBeLessThanOrEqual(limits.maxBytes);
  }
  return hot;
}

describe("hot responses", () => {
  test("are found until their instant and no longer", () => {
    const hot = fill({ maxEntries: 5, maxBytes: 100_000 }, 1, 10);
    expect([hot.find("/p?amount=0", 9), hot.find("/p?amount=0", 9)]).toEqual([0, 0]);
    expect(hot.find("/p", 9)).toBeUndefined();
    expect(hot.find("/p?amount=0", 10)).toBeUndefined();
    expect(hot.size).toEqual({ entries: 0, bytes: 0 });
  });

  test("are bounded in entries and in bytes, whatever fills them", () => {
    expect(fill({ maxEntries: 50, maxBytes: 10_000_000 }, 2_000, 100).size.entries).toBe(50);
    const limits = { maxEntries: 5_000, maxBytes: 1_000_000 };
    const hot = fill(limits, 2_000, 50_000);
    expect(hot.size.entries).toBeGreaterThan(10);
    fill(limits, 2_000, 10, hot);
  });

  test("do not hold one that would push out many others", () => {
    expect(fill({ maxEntries: 50, maxBytes: 1_000_000 }, 1, 100_000).size.entries).toBe(0);
  });

  test("count one that is replaced once", () => {
    const hot = fill({ maxEntries: 5, maxBytes: 100_000 }, 1, 10);
    const { bytes } = hot.size;
    hot.keep("/p?amount=0", 7, 10, 10);
    expect(hot.size).toEqual({ entries: 1, bytes });
    expect(hot.find("/p?amount=0", 0)).toBe(7);
  });

  test("let go of what was replaced, also where nothing ever had to make room", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const hot = new HotResponses<object>({ maxEntries: 1_000, maxBytes: 10_000_000 });
    const made: WeakRef<object>[] = [];
    for (let round = 0; round < 20; round++)
      for (let index = 0; index < 500; index++) {
        const response = { round };
        made.push(new WeakRef(response));
        hot.keep(`/p?amount=${index}`, response, 10, 10);
      }
    // What was looked at in a turn is held until its end.
    await new Promise(setImmediate);
    collect();
    expect(hot.size.entries).toBe(500);
    expect(made.filter((response) => response.deref() !== undefined).length).toBeLessThan(600);
  });

  test("keep what is requested over what is not", () => {
    const hot = new HotResponses<string>({ maxEntries: 10, maxBytes: 10_000_000 });
    hot.keep("/wanted", "wanted", 10, 10);
    for (let index = 0; index < 200; index++) {
      hot.keep(`/p?amount=${index}`, "other", 10, 10);
      expect(hot.find("/wanted", 0)).toBe("wanted");
    }
    expect(hot.find("/p?amount=0", 0)).toBeUndefined();
  });

  test("keep what was requested twice, however many are requested once and in between", () => {
    const hot = new HotResponses<number>({ maxEntries: 200, maxBytes: 10_000_000 });
    const popular = Array.from({ length: 100 }, (_, index) => `/popular?amount=${index}`);
    for (const target of popular) hot.keep(target, 1, 10, 10);
    for (const target of popular) expect(hot.find(target, 0)).toBe(1);
    fill({ maxEntries: 200, maxBytes: 10_000_000 }, 5_000, 10, hot);
    expect(popular.filter((target) => hot.find(target, 0) === 1)).toHaveLength(100);
  });

  test("give up what was popular once", () => {
    const hot = new HotResponses<number>({ maxEntries: 20, maxBytes: 10_000_000 });
    for (const era of ["old", "new"]) {
      for (let round = 0; round < 5; round++) {
        for (let index = 0; index < 20; index++) {
          const target = `/${era}?amount=${index}`;
          if (hot.find(target, 0) === undefined) hot.keep(target, 1, 10, 10);
        }
      }
    }
    const left = (era: string) =>
      Array.from({ length: 20 }, (_, index) => hot.find(`/${era}?amount=${index}`, 0)).filter(Boolean).length;
    expect([left("old"), left("new")]).toEqual([0, 20]);
  });

  test("are all forgotten, and one begun before that is not kept after it", () => {
    const hot = fill({ maxEntries: 5, maxBytes: 100_000 }, 1, 10);
    const { generation } = hot;
    hot.clear();
    hot.keep("/old", 1, 10, 10, generation);
    expect([hot.find("/old", 0), hot.find("/p?amount=0", 0)]).toEqual([undefined, undefined]);
    hot.keep("/new", 1, 10, 10, hot.generation);
    expect(hot.find("/new", 0)).toBe(1);
  });
});
