import { describe, expect, it } from "vitest";
import { END_OF_2023, FIX_FIGURES, MARCH_2026 } from "./figures.ts";
import { ECB_FIGURES } from "./recorded-figures.ts";
import { madeUpFigures, world } from "./world.ts";

const friday = world({ now: "2026-03-13T20:00:00Z", figures: { ...MARCH_2026, GBP: [], CAD: [] } });
const usd = world({ now: "2023-12-29T20:00:00Z", figures: { USD: FIX_FIGURES } });
const withEcb = world({
  now: "2023-12-31T20:00:00Z",
  figures: { ...madeUpFigures("2023-12-29", "2023-01-01"), USD: END_OF_2023, ...ECB_FIGURES },
  policy: { PROVIDERS: ["banxico", "ecb", "parities"] },
});
const ROOT = "/frankfurter/v1";
const textOf = async (path: string, of = friday) => (await of.get(`${ROOT}${path}`)).text();

describe("/frankfurter/v1 over Banxico", () => {
  it("writes numbers from decimals, in the order of members that clients know", async () => {
    expect(await textOf("/latest?symbols=MXN,usd")).toBe(
      '{"amount":1.0,"base":"EUR","date":"2026-03-13","rates":{"MXN":20.5536,"USD":1.1468}}',
    );
    expect(await textOf("/2026-03-12?from=USD&to=MXN&amount=10&base=JPY")).toBe(
      '{"amount":10.0,"base":"USD","date":"2026-03-12","rates":{"MXN":178.37}}',
    );
  });

  it("takes the last of a repeated parameter, and drops what is no symbol", async () => {
    expect(await textOf("/latest?symbols=JPY&symbols=,MXN,EUR,QQQ,MXN&foo[]=1")).toContain('"rates":{"MXN":20.5536}}');
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
    expect(await textOf("/2023-12-16..2023-12-17?from=USD&to=MXN", usd)).toContain('"end_date":"2023-12-15"');
  });

  it.each([
    ["/latest?symbols=EUR", 422, "bad currency pair"],
    ["/latest?amount=0", 422, "invalid amount"],
    ["/latest?amount=1,000", 422, "invalid amount"],
    ["/latest?amount=", 422, "invalid amount"],
    ["/2026-02-30", 422, "invalid date"],
    ["/2026-03-01..2026-02-30", 422, "invalid date"],
    ["/latest?base=QQQ", 404, "not found"],
    ["/latest?base=USD?callback=?", 404, "not found"],
    ["/latest?from=&to=USD", 404, "not found"],
    ["/latest?symbols=", 404, "not found"],
    ["/latest?symbols=QQQ", 404, "not found"],
    ["/2026-03-13..2026-03-12?symbols=MXN", 404, "not found"],
    ["/2026-04-01..2026-04-02?symbols=MXN", 404, "not found"],
    ["/1980-01-01..1980-02-01?symbols=MXN", 404, "not found"],
  ])("refuses %s with %i in Frankfurter's words", async (path, status, message) => {
    const response = await friday.get(`${ROOT}${path}`);
    expect([response.status, await response.json()]).toEqual([status, { message }]);
    expect(response.headers.get("Content-Type")).toBe("application/json; charset=utf-8");
    expect([response.headers.get("Cache-Control"), response.headers.get("Access-Control-Allow-Origin")]).toEqual([
      "no-store",
      "*",
    ]);
  });

  it.each([
    ["/latest/x", "GET", 404, "not found"],
    ["/tomorrow", "GET", 404, "not found"],
    ["/2026-3-1", "GET", 404, "not found"],
    ["/..2026-03-13", "GET", 404, "not found"],
    ["/latest", "POST", 405, "method not allowed"],
  ])("what is no path of its, %s by %s, has a status too", async (path, method, status, message) => {
    const response = await friday.get(`${ROOT}${path}`, { method });
    expect([response.status, await response.json()]).toEqual([status, { status, message }]);
    expect(response.headers.get("Content-Type")).toBe("application/json; charset=utf-8");
  });

  it.each(["/latest?symbols=MXN", "/current?symbols=MXN", "/2026-03-12?to=MXN", "/2026-03-12..?to=MXN", "/currencies"])(
    "answers clients of before there were versions alike: %s",
    async (path) => {
      const response = await friday.get(`/frankfurter${path}`);
      expect([response.status, await response.text()]).toEqual([200, await textOf(path)]);
    },
  );

  it("says under its root which versions there are, and nothing else is there", async () => {
    expect(await (await friday.get("/frankfurter")).json()).toMatchObject({ versions: { v1: { path: "/v1" } } });
    const refused = await friday.get("/frankfurter/2026-03-12?symbols=QQQ");
    expect([refused.status, await refused.json()]).toEqual([404, { message: "not found" }]);
    for (const path of ["/x", "/v3/latest", "/2026-3-1"]) {
      const response = await friday.get(`/frankfurter${path}`);
      expect([response.status, await response.json()]).toEqual([404, { status: 404, message: "not found" }]);
    }
  });

  it("answers a known tag with 304, and another base with another tag", async () => {
    const response = await friday.get(`${ROOT}/latest?symbols=MXN`);
    const headers = { "If-None-Match": response.headers.get("ETag") ?? "" };
    expect((await friday.get(`${ROOT}/latest?symbols=MXN`, { headers })).status).toBe(304);
    expect((await friday.get(`${ROOT}/latest?base=USD&symbols=MXN`, { headers })).status).toBe(200);
    expect(friday.faults).toEqual([]);
  });

  it("does not say that there is nothing while history loads", async () => {
    const loading = world({ now: "2026-03-13T20:00:00Z", figures: {} });
    expect((await loading.get(`${ROOT}/latest`)).status).toBe(503);
  });
});

describe("/frankfurter/v1 over the ECB", () => {
  it("has the ECB's rates alone, all of one date", async () => {
    const { rates, ...others } = await withEcb.json(`${ROOT}/latest`);
    expect(others).toEqual({ amount: 1, base: "EUR", date: "2023-12-29" });
    expect(rates).toMatchObject({ USD: 1.105, JPY: 156.33, MXN: 18.7231, IDR: 17080 });
    expect(Object.keys(rates as object)).toEqual(Object.keys(rates as object).sort());
    expect(rates).not.toHaveProperty("HRK");
    expect(rates).not.toHaveProperty("EUR");
    expect((await withEcb.get(`${ROOT}/latest?symbols=FOK`)).status).toBe(404);
    expect((await withEcb.get(`${ROOT}/latest?base=FOK`)).status).toBe(404);
  });

  it("computes crosses from the ECB's legs", async () => {
    expect(await textOf("/2023-12-31?base=USD&symbols=MXN,JPY,EUR", withEcb)).toBe(
      '{"amount":1.0,"base":"USD","date":"2023-12-29","rates":{"EUR":0.90498,"JPY":141.48,"MXN":16.944}}',
    );
  });

  it("has currencies that have ended where they had rates", async () => {
    expect(await textOf("/2022-12-30?symbols=HRK", withEcb)).toContain('"date":"2022-12-30","rates":{"HRK":7.5}');
  });

  it("names the currencies in use as Frankfurter does", async () => {
    const names = await withEcb.json(`${ROOT}/currencies`);
    expect(Object.keys(names)).toHaveLength(30);
    expect(names).toMatchObject({ USD: "United States Dollar", EUR: "Euro", MXN: "Mexican Peso", JPY: "Japanese Yen" });
  });
});

it("the root names the document, which names every route", async () => {
  expect(await friday.json(ROOT)).toEqual({
    version: "v1",
    status: "current",
    openapi: "/v1/openapi.json",
    docs: "/docs",
  });
  const { paths } = await friday.json(`${ROOT}/openapi.json`);
  expect(Object.keys(paths as object)).toEqual([
    "/latest",
    "/{date}",
    "/{start_date}..",
    "/{start_date}..{end_date}",
    "/currencies",
  ]);
});

it("a long range says of freshness what all its pages say, though they are released", async () => {
  const stale = world({
    now: "2023-12-29T20:00:00Z",
    figures: { USD: FIX_FIGURES },
    copies: { stale: "origin_unavailable" },
  });
  const { headers } = await stale.get(`${ROOT}/1991-11-01..?from=USD&to=MXN`);
  expect(headers.get("Cache-Tag")).toBe("banxico.SF43718");
  expect(headers.get("Paridad-Stale")).toBe("origin_unavailable");
  expect(headers.get("Cache-Control")).toBe("public, max-age=5");
  expect(stale.reads.length).toBeGreaterThan(5);
});
