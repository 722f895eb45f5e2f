import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Platform, TOKENS } from "./platform.ts";
import { FIX } from "./platform-parts.ts";

/** What limits of Banxico, faults of single series and a calendar that is wrong leave of the next FIX. */

const BASES = ["USD", "EUR", "JPY", "GBP", "CAD"];
const DAY = "2025-11-25";
let platform: Platform;
afterEach(() => platform.stop());

async function datesOf(...bases: string[]): Promise<string[]> {
  const read = await Promise.all(bases.map((base) => platform.edge(`/rates/current?base=${base}`)));
  return read.map(({ json }) => json.date);
}

describe("with a history", () => {
  beforeEach(async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await platform.minutes(12);
  });

  test.each(["SF60632", "SF46410", FIX])("%s missing from every response delays no other series", async (series) => {
    await platform.until(`${DAY}T17:59:00Z`);
    await platform.faults({ type: "missing_series", series });
    await platform.minutes(4);
    const id = { SF60632: "CAD", SF46410: "EUR", [FIX]: "USD" }[series] as string;
    expect(await datesOf(...BASES.filter((base) => base !== id))).toEqual([DAY, DAY, DAY, DAY]);
    expect(await datesOf(id)).toEqual(["2025-11-24"]);
    // Gone for hours: back within minutes once it is whole again, or else by the hourly sync.
    await platform.until(`${DAY}T22:00:00Z`);
    await platform.faults();
    await platform.minutes(61);
    expect(await datesOf(id)).toEqual([DAY]);
  });

  test("a series under a wrong title for hours is not taken for what it was, and delays no other", async () => {
    await platform.until(`${DAY}T17:59:00Z`);
    await platform.faults({ type: "wrong_title", series: "SF46406" });
    await platform.minutes(6);
    await platform.until(`${DAY}T22:00:00Z`);
    expect(await datesOf(...BASES)).toEqual([DAY, DAY, "2025-11-24", DAY, DAY]);
    await platform.faults();
    await platform.minutes(61);
    expect(await datesOf("JPY")).toEqual([DAY]);
  });

  test.each([
    ["of both classes", {}],
    ["of ranges only", { class: "historica" }],
    ["of the newest values only", { class: "oportuna" }],
  ])("a limit %s that says to wait a day does not reach over the next FIX", async (_, narrowed) => {
    await platform.faults({ type: "rate_limit", seconds: 86_000, times: 1, ...narrowed });
    platform.nowMs += 3_600_000;
    await platform.until(`${DAY}T18:05:00Z`);
    expect(await datesOf(...BASES)).toEqual([DAY, DAY, DAY, DAY, DAY]);
  });

  test("a limit on ranges while the FIX comes out leaves the newest values", async () => {
    await platform.until(`${DAY}T17:59:00Z`);
    await platform.faults({ type: "rate_limit", seconds: 43_200, class: "historica" });
    await platform.minutes(3);
    expect(await datesOf(...BASES)).toEqual([DAY, DAY, DAY, DAY, DAY]);
  });

  test("a limit ends with the token that it is for", async () => {
    await platform.until(`${DAY}T17:59:00Z`);
    await platform.faults({ type: "rate_limit", seconds: 43_200, token: TOKENS[0] });
    await platform.minutes(6);
    expect(await datesOf("USD")).toEqual(["2025-11-24"]);
    platform.token = TOKENS[1];
    await platform.minutes(2);
    expect(await datesOf(...BASES)).toEqual([DAY, DAY, DAY, DAY, DAY]);
  });

  test.each(["fields", "words", "nothing"])(
    "a limit that is told in %s is one, and is over when it says so",
    async (told) => {
      await platform.until(`${DAY}T17:59:00Z`);
      await platform.faults({ type: "rate_limit", seconds: 1_200, told });
      await platform.minutes(1);
      const before = await platform.countRequests();
      await platform.minutes(9);
      // The probes after the announcement, and no more than they.
      expect((await platform.countRequests()) - before).toBeLessThan(8);
      await platform.faults();
      await platform.minutes(15);
      expect(await datesOf(...BASES)).toEqual([DAY, DAY, DAY, DAY, DAY]);
    },
  );

  test.each([
    ["behind", -600_000],
    ["ahead", 600_000],
  ])("Banxico's clock ten minutes %s brings the FIX within minutes of when it is out", async (_, aheadMs) => {
    platform.banxicoAheadMs = aheadMs;
    await platform.until(`${DAY}T17:59:00Z`);
    await platform.minutes(2 + Math.max(0, -aheadMs / 60_000));
    expect(await datesOf(...BASES)).toEqual([DAY, DAY, DAY, DAY, DAY]);
  });
});

test("between the years readers get the last rate, and then the first of the new one", async () => {
  platform = await Platform.start("2025-12-29T20:00:00Z");
  await platform.minutes(12);
  await platform.until("2025-12-31T19:00:00Z");
  const [last] = await datesOf("USD");
  expect(last).toBe("2025-12-31");
  for (const instant of ["2026-01-01T06:01:00Z", "2026-01-01T19:00:00Z", "2026-01-02T17:59:00Z"]) {
    await platform.until(instant);
    expect(await datesOf(...BASES), instant).toEqual(Array(5).fill("2025-12-31"));
    expect((await platform.edge("/rates/current")).json).toMatchObject({ stale: false });
    const fresh = await platform.ask(platform.newEdge(), "/rates/on/2026-01-01");
    expect([fresh.status, fresh.json.date]).toEqual([200, "2025-12-31"]);
    const { status, json } = await platform.edge("/rates/historical?from=2025-12-29&to=2026-01-02");
    expect([status, json.observations.at(-1).date]).toEqual([200, "2025-12-31"]);
    expect((await platform.origin("/health")).json.status).toBe("healthy");
  }
  await platform.minutes(4);
  expect(await datesOf(...BASES)).toEqual(Array(5).fill("2026-01-02"));
  const { json } = await platform.edge("/rates/historical?from=2025-12-29&to=2026-01-02");
  expect(json.observations.at(-1).date).toBe("2026-01-02");
});

test("the last value of a year is taken back in the next one", async () => {
  platform = await Platform.start("2025-12-30T20:00:00Z");
  await platform.minutes(12);
  await platform.until("2025-12-31T20:00:00Z");
  const { rate } = (await platform.edge("/rates/on/2025-12-30")).json;
  await platform.faults({ type: "withdrawal", series: FIX, date: "2025-12-31" });
  await platform.until("2026-01-02T17:00:00Z");
  expect((await platform.edge("/rates/on/2026-01-01")).json).toMatchObject({ date: "2025-12-30", rate });
  await platform.until("2026-01-02T18:10:00Z");
  expect((await platform.edge("/rates/current")).json.date).toBe("2026-01-02");
  expect((await platform.edge("/rates/on/2025-12-31")).json).toMatchObject({ date: "2025-12-30", rate });
});

test("a closure that was declared is no publication missed", async () => {
  platform = await Platform.start("2025-11-24T20:00:00Z", { policy: { EXTRA_CLOSURES: `banxico:${DAY}` } });
  await platform.minutes(12);
  const series = ["SF43718", "SF46410", "SF46406", "SF46407", "SF60632"];
  await platform.faults(...series.map((each) => ({ type: "withdrawal", series: each, date: DAY })));
  await platform.until(`${DAY}T20:00:00Z`);
  for (const host of [platform.edge("/rates/current"), platform.origin("/rates/current")])
    expect((await host).json).toMatchObject({ date: "2025-11-24", stale: false });
  expect((await platform.origin("/health")).json.status).toBe("healthy");
  await platform.until("2025-11-26T18:10:00Z");
  expect(await datesOf(...BASES)).toEqual(Array(5).fill("2025-11-26"));
});
