import fc from "fast-check";
import { Hono } from "hono";
import { describe, expect, it, test } from "vitest";
import { asksStore, costOf, costUnitsOf, PERIOD_ROUTES, type PeriodRequest } from "#core/api/cost.ts";
import { later } from "#core/time/dates.ts";
import { madeUpFigures, world } from "./api/world.ts";
import { dates } from "./arbitraries.ts";
import { BANXICO } from "./catalogues.ts";

const listOf = (length: number) => Array(length).fill("2023-12-29").join(",");
const today = "2025-11-25";

describe("the cost of a request", () => {
  it.each<[PeriodRequest, number]>([
    [{ from: "1992-11-16", to: "2025-11-25" }, 5],
    [{ from: "0001-01-01", to: "9999-12-31" }, 6],
    [{ from: "1992-11-16" }, 5],
    [{ limit: "20000" }, 6],
    [{ days: "18262" }, 6],
    [{ from: "1992-11-16", limit: "1" }, 5],
    [{ from: "2024-11-26", to: "2025-11-25" }, 1],
    [{ days: "366" }, 1],
    [{ window: "366d" }, 1],
    [{ window: "200d" }, 0],
    [{ window: "2023-11" }, 0],
    [{ days: "200" }, 0],
    [{ limit: "100" }, 0],
    [{ to: "2023-12-29", limit: "100" }, 0],
    [{}, 0],
    [{ dates: listOf(40) }, 0],
    [{ dates: listOf(41) }, 1],
    [{ dates: listOf(366) }, 1],
    [{ dates: listOf(366), bases: "USD,EUR", quotes: "MXN,JPY,CAD,GBP,USD" }, 8],
  ])("%o is %i", (request, units) => expect(costUnitsOf(request, today)).toBe(units));

  it.each<PeriodRequest>([
    { from: "2025-11-25", to: "1992-11-16" },
    { from: "2026-01-01", to: "2060-01-01" },
    { from: "1992-02-30", to: today },
    { from: "1992-11-16", to: "today" },
    { days: "-5000" },
    { days: "1e9" },
    { limit: "٩٩٩" },
    { window: "9999d" },
    { window: "constructor" },
    { dates: listOf(367) },
    { dates: ",".repeat(10_000) },
  ])("%o, which is refused or has nothing to compute, is 0", (request) => expect(costUnitsOf(request, today)).toBe(0));

  it("grows with the period and is bounded", () => {
    fc.assert(
      fc.property(dates(), dates(), dates(), (from, to, further) => {
        const units = costUnitsOf({ from, to }, today);
        expect(costUnitsOf({ from, to: later(to, further) }, today)).toBeGreaterThanOrEqual(units);
        expect(units).toBeLessThanOrEqual(6);
      }),
    );
  });
});

test("what costs nothing lists no more than 200 rates", async () => {
  const { get } = world({ now: `${today}T20:00:00Z`, figures: madeUpFigures(today) });
  const number = fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined });
  const day = fc.option(dates("1990-01-01", "2027-01-01"), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(number, number, day, day, async (days, limit, from, to) => {
      const values = Object.entries({ days, limit, from, to }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      );
      fc.pre(costUnitsOf(Object.fromEntries(values), today) === 0);
      const response = await get(`/api/v1/rates/historical?fill=previous&${new URLSearchParams(values)}`);
      if (response.status !== 200) return;
      expect(((await response.json()) as { count: number }).count).toBeLessThanOrEqual(200);
    }),
  );
});

test("a list of dates costs the same for the pair that is the default", async () => {
  const path = "/api/v1/rates/on";
  const app = new Hono().get(path, (c) => c.json(costOf(path, c, BANXICO, today)));
  const cost = async (query: string) => (await app.request(`${path}?dates=${listOf(366)}${query}`)).json();
  expect(await cost("")).toBe(1);
  expect(await cost("&base=USD&quote=MXN")).toBe(1);
  expect(await cost("&bases=USD,EUR")).toBe(2);
  expect(await cost("&base=XXX")).toBe(0);
});

test.each([
  ["latest", "", 0],
  ["latest", "known_at=2025-11-01T00:00:00Z", 10],
  ["latest", "known_at=2025-11-01T00:00:00Z&quotes=EUR", 10],
  ["latest", "known_at=2025-11-01T00:00:00Z&quotes=EUR&date=2025-10-01", 0],
  ["compare", "", 0],
  ["compare", "known_at=2025-11-01T00:00:00Z", 10],
  ["compare", "known_at=2025-11-01T00:00:00Z&date=2025-10-01", 0],
  ["current", "quotes=EUR,USD,CAD", 0],
  ["current", "known_at=2025-11-01T00:00:00Z", 0],
  ["current", "known_at=2025-11-01T00:00:00Z&quotes=EUR,USD,CAD", 3],
  ["current", "known_at=yesterday&quotes=EUR,USD,CAD", 0],
  ["historical", "known_at=2025-11-01T00:00:00Z&days=200", 0],
  ["historical", "known_at=2025-11-01T00:00:00Z&days=366", 3],
  ["on", `dates=1992-01-02,2025-10-01`, 0],
  ["on", `dates=1992-01-02,2025-10-01&known_at=2025-11-01T00:00:00Z`, 15],
  ["on", `dates=2025-10-01,2025-10-02&known_at=2025-11-01T00:00:00Z`, 0],
  ["intraday", "", 0],
  ["intraday", "from=2025-11-24T00:00:00Z&to=2025-11-24T01:00:00Z", 0],
  ["intraday", "from=2025-11-24T00:00:00Z&to=2025-11-25T00:00:00Z", 2],
  ["intraday", "from=2025-11-24T00:00:00Z", 2],
  ["intraday", "from=1991-11-24T00:00:00Z&to=2025-11-25T00:00:00Z", 0],
  ["intraday", "from=yesterday&to=2025-11-25T00:00:00Z", 0],
  ["cfdi", "date=2025-10-01", 0],
  ["cfdi", `dates=${listOf(3)}`, 0],
  ["cfdi", `dates=${listOf(366)}`, 9],
  ["cfdi", `dates=${listOf(366)}&known_at=2025-11-01T00:00:00Z`, 27],
])(
  "a list costs what it takes, and of a past instant the origin makes all again: %s?%s is %i",
  async (name, query, units) => {
    const path = `/api/v1/rates/${name}`;
    expect(PERIOD_ROUTES).toContain(path);
    const app = new Hono().get(path, (c) => c.json(costOf(path, c, BANXICO, today)));
    expect(await (await app.request(`${path}?${query}`)).json()).toBe(units);
  },
);

test.each([
  ["", 1],
  ["?limit=16", 0],
  ["?limit=200", 1],
  ["?limit=1000&provider=nobody", 0],
  ["?limit=1000&after=17&series=nbp.USD", 5],
  ["?limit=1000", 5],
])("a page of the log costs by its length: %s is %i", async (query, units) => {
  const app = new Hono().get("/api/v1/events", (c) => c.json(costOf("/api/v1/events", c, BANXICO, today)));
  expect(await (await app.request(`/api/v1/events${query}`)).json()).toBe(units);
});

test.each([
  ["https://paridad.example/api/v1/rates/current?known_at=2025-11-01T00:00:00Z", true],
  ["/api/v1/rates/on/2025-10-01?base=USD&known_at=2025-11-01T00:00:00Z", true],
  ["/api/v1/rates/2025-10-01/revisions?base=EUR", true],
  ["/api/v1/events", true],
  ["/api/v1/events?after=5", true],
  ["/api/v1/rates/current?base=USD", false],
  ["/api/v1/rates/historical?from=2025-10-01", false],
  ["/api/v1/alerts/events", false],
])("whether the edge has to ask the store for %s: %s", (target, asks) => expect(asksStore(target)).toBe(asks));
