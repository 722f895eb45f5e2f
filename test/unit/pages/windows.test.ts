import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import {
  betterEntry,
  type CachedPage,
  contradicts,
  freshMs,
  freshUntilMs,
  isOpen,
  isWithinHorizon,
  jitterOf,
  winnerOf,
} from "#core/pages/page-ttl.ts";

const policy = DEFAULT_POLICY;
const ALL_WELL = { isRedisAway: false, isDatabaseDegraded: false };
const NOW_MS = Date.parse("2024-03-01T12:00:00Z");

function entry(version: number, storedAtMs = NOW_MS, year = 2024): CachedPage {
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
  expect(freshMs("colo", true, { isRedisAway: true, isDatabaseDegraded: false }, policy)).toBe(120_000);
  expect(freshMs("isolate", true, { isRedisAway: false, isDatabaseDegraded: true }, policy)).toBe(1_800_000);
  expect(freshMs("colo", false, { isRedisAway: true, isDatabaseDegraded: true }, policy)).toBe(7_200_000);
});

test("a page without data is soon looked at again, unless what lies below must be spared", () => {
  const empty = entry(0);
  for (const tier of ["isolate", "colo"] as const)
    expect(freshUntilMs(empty, tier, NOW_MS, ALL_WELL, policy)).toBe(NOW_MS + 5_000);
  const redisAway = { isRedisAway: true, isDatabaseDegraded: false };
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

test("freshness counts from when the tier stored the entry; the horizon from when it was last confirmed", () => {
  const held = { ...entry(5), jitter: 0.9, confirmedAtMs: NOW_MS - 86_000_000 };
  expect(freshUntilMs(held, "isolate", NOW_MS, ALL_WELL, policy)).toBe(NOW_MS + 18_000);
  expect(isWithinHorizon(held, NOW_MS + 399_999, policy)).toBe(true);
  expect(isWithinHorizon(held, NOW_MS + 400_000, policy)).toBe(false);
});

describe("of two entries of a page", () => {
  const LAG_MS = policy.REPLICA_LAG_MS;
  const confirmed = (version: number, confirmedAtMs: number, value = `17.${1000 + version}`): CachedPage => ({
    page: {
      series: "banxico.SF43718",
      year: 2024,
      version,
      updated_at: version > 0 ? "2024-01-02T18:00:00Z" : null,
      observations: version > 0 ? [["2024-01-02", value]] : [],
    },
    storedAtMs: confirmedAtMs,
    confirmedAtMs,
    jitter: 1,
  });
  const entries = fc
    .tuple(fc.nat(4), fc.integer({ min: 0, max: 4 * LAG_MS }), fc.constantFrom("17.1", "17.2"))
    .map((drawn) => confirmed(...drawn));

  test("the later word counts, whatever the versions: a repair may have a lower one", () => {
    expect(betterEntry(confirmed(9, NOW_MS), confirmed(4, NOW_MS + LAG_MS), policy).page.version).toBe(4);
    expect(betterEntry(confirmed(4, NOW_MS + LAG_MS), confirmed(9, NOW_MS), policy).page.version).toBe(4);
  });

  test("a replica that lags just after a publication takes nobody back", () => {
    expect(betterEntry(confirmed(9, NOW_MS), confirmed(8, NOW_MS + LAG_MS - 1), policy).page.version).toBe(9);
  });

  test("nothing is taken for the same by its version alone", () => {
    const [wrong, right] = [confirmed(9, NOW_MS, "11.9012"), confirmed(9, NOW_MS + 1, "12.9012")];
    expect(winnerOf(wrong, right, policy)).toBe(right);
    expect(contradicts(wrong, right, policy)).toBe(true);
    expect(contradicts(right, { ...right, confirmedAtMs: NOW_MS + 2 * LAG_MS }, policy)).toBe(false);
  });

  test("an absent page never replaces one that is there", () => {
    expect(betterEntry(confirmed(9, 0), confirmed(0, NOW_MS), policy).page.version).toBe(9);
    expect(betterEntry(confirmed(0, NOW_MS), confirmed(9, 0), policy).page.version).toBe(9);
    expect(contradicts(confirmed(9, 0), confirmed(0, NOW_MS), policy)).toBe(false);
  });

  test("a held page that is kept counts as looked at but not as confirmed", () => {
    expect(winnerOf(undefined, confirmed(3, 5), policy)).toEqual(confirmed(3, 5));
    const held = confirmed(9, 1_000);
    expect(winnerOf(held, confirmed(4, 2_000), policy)).toEqual({ ...held, storedAtMs: 2_000 });
  });

  test("the order in which two are met decides nothing", () => {
    fc.assert(
      fc.property(entries, entries, (a, b) => {
        fc.pre(a.confirmedAtMs !== b.confirmedAtMs);
        expect(betterEntry(a, b, policy)).toBe(betterEntry(b, a, policy));
      }),
    );
  });

  test("what the tier below goes on saying is served once the lag is over, and what it stopped saying is not", () => {
    fc.assert(
      fc.property(entries, entries, fc.array(fc.integer({ min: 1, max: 30_000 })), (held, below, pausesMs) => {
        fc.pre(held.page.version > 0 && below.page.version > 0);
        let nowMs = held.confirmedAtMs;
        let entry = held;
        for (const pauseMs of [...pausesMs, LAG_MS]) {
          nowMs += pauseMs;
          entry = winnerOf(entry, { ...below, storedAtMs: nowMs, confirmedAtMs: nowMs }, policy);
        }
        expect(entry.page).toBe(below.page);
      }),
    );
  });

  test("only a version that is not higher contradicts", () => {
    fc.assert(
      fc.property(entries, entries, (held, read) => {
        if (contradicts(held, read, policy)) expect(read.page.version).toBeLessThanOrEqual(held.page.version);
      }),
    );
  });
});
