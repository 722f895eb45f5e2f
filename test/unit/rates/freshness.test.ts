import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY, type Policy, policySchema } from "#core/ops/policy.ts";
import { bdi } from "#core/providers/bdi.ts";
import { cbr } from "#core/providers/cbr.ts";
import type { Provider } from "#core/providers/provider.ts";
import { PROVIDERS } from "#core/providers/provider-list.ts";
import { freshnessOf, outlookAt } from "#core/rates/freshness.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import { isBankDay, mexicoCityDate, publicationMs } from "../../../tools/simulators/banxico/mexico.ts";
import { countBankDays, dates, instants } from "../arbitraries.ts";
import { catalogue } from "../catalogues.ts";

const policy = DEFAULT_POLICY;
const at = (instant: string) => Date.parse(instant);
const DAY_MS = 86_400_000;
const freshnessAt = (latest: PlainDate, nowMs: number, given: Policy) =>
  freshnessOf(latest, outlookAt(catalogue(["banxico"], given).main.publication, nowMs));
const expectedLatest = (nowMs: number, given: Policy) =>
  outlookAt(catalogue(["banxico"], given).main.publication, nowMs).expected;
const nextChangeMs = (nowMs: number, given: Policy) =>
  outlookAt(catalogue(["banxico"], given).main.publication, nowMs).nextChangeMs;
const graces = fc.constantFrom(0, 1, 900_000, 3_600_000, 12 * 3_600_000);

/** The newest bank day whose publication and grace have passed, looked for day by day. */
function plainlyExpected(nowMs: number, { PUBLICATION_GRACE_MS }: Policy): PlainDate {
  let day = addDays(mexicoCityDate(nowMs), 1);
  while (!isBankDay(day) || publicationMs(day) + PUBLICATION_GRACE_MS > nowMs) day = addDays(day, -1);
  return day;
}

describe("what is expected", () => {
  it("is the last bank day whose publication and grace have passed", () => {
    fc.assert(
      fc.property(instants, graces, (nowMs, PUBLICATION_GRACE_MS) => {
        const patient = { ...policy, PUBLICATION_GRACE_MS };
        expect(expectedLatest(nowMs, patient)).toBe(plainlyExpected(nowMs, patient));
      }),
      { numRuns: 500 },
    );
  });

  it("changes at 12:00 and the grace, to the millisecond", () => {
    const boundary = at("2023-12-29T18:15:00Z");
    expect(expectedLatest(boundary - 1, policy)).toBe("2023-12-28");
    expect(expectedLatest(boundary, policy)).toBe("2023-12-29");
    expect(freshnessAt("2023-12-28", boundary - 1, policy).stale).toBe(false);
    expect(freshnessAt("2023-12-28", boundary, policy).stale).toBe(true);
  });
});

describe("freshnessOf", () => {
  it("counts the publications missed and the age one by one", () => {
    fc.assert(
      fc.property(instants, fc.nat(400), (nowMs, daysAgo) => {
        const latest = addDays(mexicoCityDate(nowMs), -daysAgo);
        const { expected, publicationsMissed, stale, ageBusinessDays, nextUpdateMs } = freshnessAt(
          latest,
          nowMs,
          policy,
        );
        expect(publicationsMissed).toBe(countBankDays(latest, expected));
        expect(stale).toBe(latest < expected && publicationsMissed > 0);
        expect(ageBusinessDays).toBe(countBankDays(latest, mexicoCityDate(nowMs)));
        expect(mexicoCityDate(nextUpdateMs) > latest && isBankDay(mexicoCityDate(nextUpdateMs))).toBe(true);
        expect(countBankDays(latest, mexicoCityDate(nextUpdateMs))).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  it("never calls what was expected stale", () => {
    fc.assert(
      fc.property(instants, (nowMs) => {
        const expected = expectedLatest(nowMs, policy);
        expect(freshnessAt(expected, nowMs, policy)).toMatchObject({ stale: false, publicationsMissed: 0 });
        expect(freshnessAt(addDays(expected, -1), nowMs, policy).publicationsMissed).toBe(1);
      }),
    );
  });

  it.each([
    ["2023-12-29", "2023-12-30T12:00:00Z", "a Saturday"],
    ["2023-12-29", "2024-01-01T23:00:00Z", "New Year"],
    ["2023-04-05", "2023-04-10T18:14:59Z", "the Monday after Easter, before the grace ends"],
    ["2023-12-29", "2023-12-30T02:00:00Z", "Friday night, when it is Saturday in UTC"],
  ])("%s is not stale at %s, %s", (latest, now) =>
    expect(freshnessAt(latest, at(now), policy)).toMatchObject({ stale: false, publicationsMissed: 0 }),
  );

  it("says all of it of the last FIX of 2023", () => {
    expect(freshnessAt("2023-12-29", at("2024-01-02T17:00:00Z"), policy)).toEqual({
      expected: "2023-12-29",
      publicationsMissed: 0,
      stale: false,
      ageBusinessDays: 1,
      nextUpdateMs: at("2024-01-02T18:00:00Z"),
    });
    expect(freshnessAt("2023-12-29", at("2024-01-05T19:00:00Z"), policy)).toMatchObject({
      expected: "2024-01-05",
      publicationsMissed: 4,
      stale: true,
      nextUpdateMs: at("2024-01-02T18:00:00Z"),
    });
  });
});

describe("a delay that is tolerated", () => {
  const isStale = ({ publication }: Provider, latest: PlainDate, now: string) =>
    freshnessOf(latest, outlookAt(publication, at(now))).stale;

  it("lasts as long as Russia's holidays: at New Year 2026 one rate held from 31 December to 12 January", () => {
    for (const now of ["2026-01-11T12:00:00Z", "2026-01-12T15:59:00Z", "2026-01-12T16:01:00Z", "2026-01-12T20:59:00Z"])
      expect(isStale(cbr, "2025-12-31", now), now).toBe(false);
    expect(isStale(cbr, "2025-12-31", "2026-01-12T21:00:00Z")).toBe(true);
  });

  it.each([
    ["Tuesday evening", "2026-03-16", "2026-03-17T20:30:00Z", "2026-03-18T20:30:00Z"],
    ["over a weekend", "2026-03-13", "2026-03-16T20:30:00Z", "2026-03-17T20:30:00Z"],
    ["the morning after a weekend", "2026-03-13", "2026-03-17T08:00:00Z", "2026-03-18T08:00:00Z"],
    ["over Easter", "2026-04-02", "2026-04-07T20:30:00Z", "2026-04-08T20:30:00Z"],
  ])("is one publication of Banca d'Italia: %s", (_, latest, now, nextDay) => {
    expect(isStale(bdi, latest, now)).toBe(false);
    expect(freshnessOf(latest, outlookAt(bdi.publication, at(nextDay))).publicationsMissed).toBe(2);
  });
});

it("of every provider is the same whether or not what was said before is remembered", () => {
  const publications = PROVIDERS.flatMap(({ publication, series }) => [
    publication,
    ...series.flatMap((one) => one.publication ?? []),
  ]);
  const steps = fc.array(fc.integer({ min: -DAY_MS, max: 2 * DAY_MS }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...publications), instants, steps, (publication, startMs, later) => {
      let nowMs = startMs;
      for (const step of later) {
        nowMs += step;
        const outlook = outlookAt(publication, nowMs);
        const forgotten = outlookAt({ ...publication }, nowMs);
        expect({ ...forgotten, publication }).toEqual(outlook);
        const latest = addDays(outlook.expected, Math.sign(step));
        expect(freshnessOf(latest, outlook)).toEqual(freshnessOf(latest, forgotten));
      }
    }),
    { numRuns: 2_000 },
  );
});

describe("nextChangeMs", () => {
  it("lies ahead, within a day and an hour", () => {
    fc.assert(
      fc.property(instants, graces, (nowMs, PUBLICATION_GRACE_MS) => {
        const nextMs = nextChangeMs(nowMs, { ...policy, PUBLICATION_GRACE_MS });
        expect(nextMs).toBeGreaterThan(nowMs);
        expect(nextMs).toBeLessThanOrEqual(nowMs + DAY_MS);
      }),
    );
  });

  it("is not passed by anything that freshness says", () => {
    fc.assert(
      fc.property(
        instants,
        dates("2019-01-01", "2024-12-31"),
        fc.double({ min: 0, max: 1, noNaN: true }),
        graces,
        (nowMs, latest, share, PUBLICATION_GRACE_MS) => {
          const patient = { ...policy, PUBLICATION_GRACE_MS };
          const nextMs = nextChangeMs(nowMs, patient);
          const meanwhile = Math.min(nextMs - 1, nowMs + Math.floor((nextMs - nowMs) * share));
          expect(freshnessAt(latest, meanwhile, patient)).toEqual(freshnessAt(latest, nowMs, patient));
          expect(meanwhile >= freshnessAt(latest, nowMs, patient).nextUpdateMs).toBe(
            nowMs >= freshnessAt(latest, nowMs, patient).nextUpdateMs,
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ["2023-12-29T12:00:00Z", "2023-12-29T18:00:00Z"],
    ["2023-12-29T18:00:00Z", "2023-12-29T18:15:00Z"],
    ["2023-12-29T18:15:00Z", "2023-12-30T06:00:00Z"],
    ["2023-12-30T06:00:00Z", "2023-12-30T18:00:00Z"],
    ["2022-07-01T17:14:59.999Z", "2022-07-01T17:15:00Z"],
  ])("after %s is %s", (now, next) => expect(nextChangeMs(at(now), policy)).toBe(at(next)));
});

describe("a closure that no rule foresees", () => {
  const declared = policySchema.parse({ EXTRA_CLOSURES: "banxico:2023-12-28" });

  it("of 2010-09-17 is known: nothing is stale from that Friday to Monday's publication", () => {
    for (const now of ["2010-09-17T18:00:00Z", "2010-09-17T23:00:00Z", "2010-09-19T12:00:00Z", "2010-09-20T17:14:59Z"])
      expect(freshnessAt("2010-09-15", at(now), policy)).toMatchObject({
        publicationsMissed: 0,
        stale: false,
        nextUpdateMs: at("2010-09-20T17:00:00Z"),
      });
    expect(freshnessAt("2010-09-15", at("2010-09-20T17:15:00Z"), policy).publicationsMissed).toBe(1);
  });

  it("is not missed once it is declared", () => {
    const evening = at("2023-12-28T20:00:00Z");
    expect(freshnessAt("2023-12-27", evening, policy)).toMatchObject({ stale: true, publicationsMissed: 1 });
    expect(freshnessAt("2023-12-27", evening, declared)).toEqual({
      expected: "2023-12-27",
      publicationsMissed: 0,
      stale: false,
      ageBusinessDays: 0,
      nextUpdateMs: at("2023-12-29T18:00:00Z"),
    });
    expect(freshnessAt("2023-12-27", at("2023-12-29T18:15:00Z"), declared)).toMatchObject({
      expected: "2023-12-29",
      publicationsMissed: 1,
      ageBusinessDays: 1,
    });
  });
});
