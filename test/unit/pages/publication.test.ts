import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decidePublication, isWriteNeeded, type PublicationFacts } from "#core/pages/publication.ts";
import { isPage, isSameContent, type Page } from "#core/rates/page.ts";

type State = string | null | undefined;
const DATES = ["2010-05-28", "2010-05-31", "2010-06-01", "2010-06-02", "2010-12-31"];

/** A page from what it says of some dates: a value, null for withdrawn, undefined for nothing. */
function pageOf(version: number, states: readonly State[], waiting: readonly string[] = []): Page {
  const of = (wanted: (state: State) => boolean) => DATES.filter((_, index) => wanted(states[index]));
  const withdrawn = of((state) => state === null);
  const values = of((state) => typeof state === "string");
  const isEmpty = withdrawn.length === 0 && values.length === 0;
  return {
    series: "banxico.SF43718",
    year: 2010,
    version: isEmpty ? 0 : version,
    updated_at: isEmpty ? null : "2010-06-03T18:00:00Z",
    observations: values.map((date) => [date, states[DATES.indexOf(date)] as string] as const),
    ...(withdrawn.length > 0 && { withdrawn }),
    ...(waiting.length > 0 && { waiting }),
  };
}

const facts = (change: Partial<PublicationFacts> = {}): PublicationFacts => ({
  isConfirmed: () => false,
  maxSeq: 1_000,
  isStoreBehind: false,
  ...change,
});

const states = fc.array(fc.constantFrom<State>("12.9012", "11.9012", null, undefined), { minLength: 5, maxLength: 5 });
const arbitraryPages = fc
  .tuple(fc.integer({ min: 1, max: 2_000 }), states, fc.subarray(DATES))
  .map(([version, drawn, waiting]) => pageOf(version, drawn, waiting));
const arbitraryFacts = fc
  .record({ isStoreBehind: fc.boolean(), confirmed: fc.subarray(DATES), maxSeq: fc.integer({ min: 1, max: 2_000 }) })
  .map(({ confirmed, ...rest }) => ({ ...rest, isConfirmed: (date: string) => confirmed.includes(date) }));

const rateOn = (page: Page, date: string) => page.observations.find(([one]) => one === date)?.[1];

describe("what Redis holds is", () => {
  const truth = ["12.7", "12.8", "12.9012", "12.9", "12.3"];

  test("the origin's page, if a replica is ahead with one wrong rate", () => {
    const poisoned = pageOf(501, truth.with(2, "11.9012"));
    expect(decidePublication(poisoned, pageOf(500, truth), facts())).toEqual({
      page: pageOf(500, truth),
      lostDates: [],
    });
  });

  test("the origin's page, if a date was withdrawn", () => {
    const page = pageOf(501, [...truth.slice(0, 4), null]);
    expect(decidePublication(pageOf(500, truth), page, facts()).page).toEqual(page);
  });

  test("every date that readers have seen, if the origin lacks it, with what is new", () => {
    const restored = pageOf(503, [undefined, "12.8", undefined, undefined, "12.3"]);
    const { page, lostDates } = decidePublication(pageOf(500, truth.slice(0, 4)), restored, facts());
    expect(page).toEqual({ ...pageOf(503, truth), updated_at: restored.updated_at });
    expect(lostDates).toEqual([DATES[0], DATES[2], DATES[3]]);
  });

  test.each([
    ["the replica's version is none of this database", facts({ maxSeq: 499 })],
    ["the origin is known to be behind", facts({ isStoreBehind: true })],
  ])("the value that readers have seen, if %s", (_, known) => {
    const { page, lostDates } = decidePublication(pageOf(500, truth), pageOf(400, truth.with(2, "12.9")), known);
    expect(page).toEqual(pageOf(500, truth));
    expect(lostDates).toEqual([DATES[2]]);
  });

  test("the origin's page, once the provider's whole answer was committed", () => {
    const origin = pageOf(400, truth.slice(0, 2));
    const known = facts({ maxSeq: 499, isStoreBehind: true, isConfirmed: () => true });
    expect(decidePublication(pageOf(500, truth), origin, known)).toEqual({ page: origin, lostDates: [] });
  });

  test("what readers have seen, as long as the provider's value waits", () => {
    const origin = pageOf(600, truth.slice(0, 4), [DATES[4] as string]);
    const { page, lostDates } = decidePublication(pageOf(500, truth), origin, facts({ isConfirmed: () => true }));
    expect(rateOn(page, DATES[4] as string)).toBe("12.3");
    expect(lostDates).toEqual([]);
  });

  test.each([
    ["a wrong copy with a higher version", pageOf(601, truth.with(2, "11.9012"))],
    ["an older revision", pageOf(400, truth.with(2, "11.9012"))],
  ])("the origin's value rather than %s, also while another value waits", (_, replica) => {
    const origin = pageOf(600, truth, [DATES[2] as string]);
    for (const isConfirmed of [() => true, () => false])
      expect(decidePublication(replica, origin, facts({ isConfirmed }))).toEqual({ page: origin, lostDates: [] });
  });

  test("a withdrawal while it waits at an origin that does not have it yet, as after a restore", () => {
    const withdrawn = [...truth.slice(0, 2), null, ...truth.slice(3)];
    const { page, lostDates } = decidePublication(
      pageOf(500, withdrawn),
      pageOf(600, truth, [DATES[2] as string]),
      facts(),
    );
    expect(page.withdrawn).toEqual([DATES[2]]);
    expect(lostDates).toEqual([]);
  });

  test("what readers have seen, if a value waits at an origin that is behind", () => {
    const origin = pageOf(400, truth.with(2, "12.9"), [DATES[2] as string]);
    const known = facts({ isStoreBehind: true, isConfirmed: () => true });
    const { page, lostDates } = decidePublication(pageOf(500, truth), origin, known);
    expect(rateOn(page, DATES[2] as string)).toBe("12.9012");
    expect(lostDates).toEqual([]);
  });
});

describe("for any replica, origin and facts", () => {
  const forAll = (check: (replica: Page, origin: Page, known: PublicationFacts) => void) =>
    fc.assert(fc.property(arbitraryPages, arbitraryPages, arbitraryFacts, check), { numRuns: 2_000 });

  test("the result is a page that reads back", () => {
    forAll((replica, origin, known) => {
      const { page } = decidePublication(replica, origin, known);
      expect(isPage(JSON.parse(JSON.stringify(page)))).toBe(true);
    });
  });

  test("no date disappears without a withdrawal, unless the provider was asked", () => {
    forAll((replica, origin, known) => {
      const { page } = decidePublication(replica, origin, known);
      for (const [date] of replica.observations)
        if (!origin.withdrawn?.includes(date) && !known.isConfirmed(date)) expect(rateOn(page, date)).toBeDefined();
    });
  });

  test("what the origin has of a date wins, unless its older values may be older revisions", () => {
    forAll((replica, origin, known) => {
      fc.pre(!known.isStoreBehind && replica.version <= known.maxSeq);
      const { page } = decidePublication(replica, origin, known);
      const isTakenBack = (date: string) => origin.waiting?.includes(date) && replica.withdrawn?.includes(date);
      for (const [date, value] of origin.observations) if (!isTakenBack(date)) expect(rateOn(page, date)).toBe(value);
      for (const date of origin.withdrawn ?? []) expect(page.withdrawn).toContain(date);
    });
  });

  test("no new date is held back", () => {
    forAll((replica, origin, known) => {
      const { page } = decidePublication(replica, origin, known);
      for (const [date, value] of origin.observations)
        if (rateOn(replica, date) === undefined && !replica.withdrawn?.includes(date))
          expect(rateOn(page, date)).toBe(value);
    });
  });

  test("with every date confirmed and none waiting the origin's page is it", () => {
    forAll((replica, { waiting: _, ...origin }, known) => {
      const { page } = decidePublication(replica, origin, { ...known, isConfirmed: () => true });
      expect(isSameContent(page, origin)).toBe(true);
    });
  });

  test("a second look changes nothing", () => {
    forAll((replica, origin, known) => {
      const { page } = decidePublication(replica, origin, known);
      fc.pre(page.version <= known.maxSeq === replica.version <= known.maxSeq);
      const again = decidePublication(page, origin, known).page;
      expect(isSameContent(again, page)).toBe(true);
    });
  });

  test("a page is written unless Redis holds just that", () => {
    forAll((replica, origin) => {
      expect(isWriteNeeded(replica, replica)).toBe(false);
      expect(isWriteNeeded(undefined, origin)).toBe(true);
      expect(isWriteNeeded(replica, { ...replica, version: replica.version + 1 })).toBe(true);
    });
  });
});
