import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_POLICY } from "#core/policy.ts";
import {
  ALL_WELL,
  type CachedPage,
  freshMs,
  freshUntilMs,
  isOpen,
  isWithinHorizon,
  jitterOf,
  winnerOf,
} from "#core/windows.ts";

const policy = DEFAULT_POLICY;
const NOW_MS = Date.parse("2024-03-01T12:00:00Z");

function copy(version: number, storedAtMs = NOW_MS, year = 2024): CachedPage {
  const page = { series: "banxico.SF43718", year, version, updated_at: null, observations: [] };
  return { page, storedAtMs, confirmedAtMs: storedAtMs, jitter: 1 };
}

describe("a page is open while new observations are expected", () => {
  test.each([
    ["2024-03-01T12:00:00Z", 2024, 9, true],
    ["2024-03-01T12:00:00Z", 2025, 9, true],
    ["2024-03-01T12:00:00Z", 2023, 9, false],
    ["2024-01-03T12:00:00Z", 2023, 9, true], // a reconcile still reads back into December
    ["2024-01-13T12:00:00Z", 2023, 9, false],
    ["2024-03-01T12:00:00Z", 1995, 0, true], // empty: history may yet fill it
  ])("at %s the page of %i, version %i: %s", (at, year, version, open) => {
    expect(isOpen({ year, version }, Date.parse(at), policy)).toBe(open);
  });
});

test("the windows are the policy's, stretched where tiers below are away", () => {
  expect(freshMs("isolate", true, ALL_WELL, policy)).toBe(20_000);
  expect(freshMs("colo", true, ALL_WELL, policy)).toBe(60_000);
  expect(freshMs("isolate", false, ALL_WELL, policy)).toBe(600_000);
  expect(freshMs("colo", false, ALL_WELL, policy)).toBe(3_600_000);
  expect(freshMs("colo", true, { isRedisAway: true, isDatabaseInTrouble: false }, policy)).toBe(120_000);
  expect(freshMs("isolate", true, { isRedisAway: false, isDatabaseInTrouble: true }, policy)).toBe(1_800_000);
  expect(freshMs("colo", false, { isRedisAway: true, isDatabaseInTrouble: true }, policy)).toBe(7_200_000);
});

test("a page without data is soon looked at again, unless what lies below must be spared", () => {
  const empty = copy(0);
  for (const tier of ["isolate", "colo"] as const)
    expect(freshUntilMs(empty, tier, NOW_MS, ALL_WELL, policy)).toBe(NOW_MS + 5_000);
  const redisAway = { isRedisAway: true, isDatabaseInTrouble: false };
  expect(freshUntilMs(empty, "isolate", NOW_MS, redisAway, policy)).toBe(NOW_MS + 40_000);
  expect(freshUntilMs(empty, "isolate", NOW_MS, ALL_WELL, { ...policy, ISOLATE_FRESH_MS: 0 })).toBe(NOW_MS);
});

test("jitter stays within its share and is centred on one", () => {
  expect(jitterOf(0.5, policy)).toBe(1);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (random) => {
      const jitter = jitterOf(random, policy);
      return jitter >= 1 - policy.JITTER_SHARE && jitter <= 1 + policy.JITTER_SHARE;
    }),
  );
});

test("freshness counts from when the tier took the copy in; the horizon from when it was last confirmed", () => {
  const held = { ...copy(5), jitter: 0.9, confirmedAtMs: NOW_MS - 86_000_000 };
  expect(freshUntilMs(held, "isolate", NOW_MS, ALL_WELL, policy)).toBe(NOW_MS + 18_000);
  expect(isWithinHorizon(held, NOW_MS + 399_999, policy)).toBe(true);
  expect(isWithinHorizon(held, NOW_MS + 400_000, policy)).toBe(false);
});

describe("of a held copy and an answer", () => {
  test("the newer page wins, and of the same version the answer", () => {
    expect(winnerOf(undefined, copy(3)).page.version).toBe(3);
    const answered = copy(4);
    expect(winnerOf(copy(3), answered)).toBe(answered);
    expect(winnerOf(copy(4, 0), answered)).toBe(answered);
  });

  test("a held page that is newer is kept as looked at but not as confirmed", () => {
    expect(winnerOf(copy(9, 1_000), copy(4, 2_000))).toEqual({ ...copy(9, 2_000), confirmedAtMs: 1_000 });
  });

  test("no version ever goes back", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (held, answered) => {
        return winnerOf(copy(held), copy(answered)).page.version === Math.max(held, answered);
      }),
    );
  });
});
