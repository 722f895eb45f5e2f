import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figureOf, numberOf, parseAmount } from "#core/api/facades/figures.ts";
import { formatDecimal, parseDecimal, round } from "#core/money/decimal.ts";
import { scaledRate } from "#core/rates/fixing.ts";
import { routeOf } from "../catalogues.ts";
import { FIX_FIGURES, MARCH_2026 } from "./figures.ts";
import { world } from "./world.ts";

const friday = world({ now: "2026-03-13T20:00:00Z", figures: { ...MARCH_2026, GBP: [], CAD: [] } });
const usd = world({ now: "2023-12-29T20:00:00Z", figures: { USD: FIX_FIGURES } });
const ROOT = "/frankfurter/v1";
const textOf = async (path: string, of = friday) => (await of.get(`${ROOT}${path}`)).text();

describe("/frankfurter/v1", () => {
  it("writes numbers from decimals, in the order of members that clients know", async () => {
    expect(await textOf("/latest?symbols=MXN,usd")).toBe(
      '{"amount":1.0,"base":"EUR","date":"2026-03-13","rates":{"MXN":20.5536,"USD":1.1468}}',
    );
    expect(await textOf("/2026-03-12?from=USD&to=MXN&amount=10&base=JPY")).toBe(
      '{"amount":10.0,"base":"USD","date":"2026-03-12","rates":{"MXN":178.37}}',
    );
  });

  it("carries a date forward for 14 days, into the future as well", async () => {
    expect(await textOf("/2026-03-27?symbols=MXN")).toContain('"date":"2026-03-13"');
    expect((await friday.get(`${ROOT}/2026-03-28?symbols=MXN`)).status).toBe(404);
  });

  it("begins a silent range with the fixing before it", async () => {
    expect(await textOf("/2023-12-16..2023-12-18?from=USD&to=MXN", usd)).toBe(
      '{"amount":1.0,"base":"USD","start_date":"2023-12-15","end_date":"2023-12-18","rates":{"2023-12-15":{"MXN":17.1908},"2023-12-18":{"MXN":17.2277}}}',
    );
    expect(await textOf("/2023-12-28..?from=USD&to=MXN", usd)).toContain('"end_date":"2023-12-29"');
  });

  it.each([
    ["/latest?symbols=EUR", 422, "bad currency pair"],
    ["/latest?amount=0", 422, "invalid amount"],
    ["/latest?amount=1,000", 422, "invalid amount"],
    ["/latest?amount=", 422, "invalid amount"],
    ["/2026-02-30", 422, "invalid date"],
    ["/2026-03-01..2026-02-30", 422, "invalid date"],
    ["/latest?base=QQQ", 404, "not found"],
    ["/latest?symbols=QQQ", 404, "not found"],
    ["/2026-03-13..2026-03-12?symbols=MXN", 404, "not found"],
    ["/2026-04-01..2026-04-02?symbols=MXN", 404, "not found"],
    ["/tomorrow", 404, "not found"],
    ["/latest/x", 404, "not found"],
  ])("refuses %s with %i", async (path, status, message) => {
    const response = await friday.get(`${ROOT}${path}`);
    expect([response.status, await response.json()]).toMatchObject([status, { message }]);
    expect(response.headers.get("Content-Type")).toBe("application/json; charset=utf-8");
    expect([response.headers.get("Cache-Control"), response.headers.get("Access-Control-Allow-Origin")]).toEqual([
      "no-store",
      "*",
    ]);
  });

  it("answers a known tag with 304", async () => {
    const response = await friday.get(`${ROOT}/latest?symbols=MXN`);
    const headers = { "If-None-Match": response.headers.get("ETag") ?? "" };
    expect((await friday.get(`${ROOT}/latest?symbols=MXN`, { headers })).status).toBe(304);
    expect(friday.faults).toEqual([]);
  });
});

describe("a figure", () => {
  it("is the exact rate rounded once by its size", () => {
    const value = fc
      .integer({ min: 1, max: 99_999_999 })
      .map((units) => formatDecimal({ units: BigInt(units), scale: 4 }));
    const route = routeOf("EUR", "USD");
    fc.assert(
      fc.property(value, value, (above, below) => {
        const fixing = { date: "2026-03-13", values: [above, below] };
        const exact = scaledRate(fixing, route, 40);
        const size = Number(formatDecimal(exact));
        const scale = size > 5000 ? 0 : size > 80 ? 2 : size > 20 ? 3 : size > 1 ? 4 : size > 0.0001 ? 5 : 6;
        expect(Number(figureOf(fixing, route))).toBe(Number(formatDecimal(round(exact, scale, "half_up"))));
      }),
    );
  });

  it.each([
    ["17", "17.0"],
    ["17.3400", "17.34"],
    ["10.0000", "10.0"],
  ])("of %s is %s", (text, number) => expect(numberOf(text)).toBe(number));

  it.each([
    ["1e3", parseDecimal("1000")],
    [".5", parseDecimal("0.5")],
    ["-1", undefined],
    [".", undefined],
    ["", undefined],
  ])("reads the amount %s", (text, amount) => expect(parseAmount(text)).toEqual(amount));
});
