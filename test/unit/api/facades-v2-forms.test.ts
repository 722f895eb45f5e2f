import { describe, expect, it } from "vitest";
import { BANXICO_WEEK, ECB_FIGURES } from "./recorded-figures.ts";
import { madeUpFigures, world } from "./world.ts";

const ROOT = "/frankfurter/v2";
const friday = world({ now: "2026-03-13T20:00:00Z", figures: BANXICO_WEEK });
const many = world({
  now: "2023-12-31T20:00:00Z",
  figures: { ...madeUpFigures("2023-12-29", "2023-10-01"), ...ECB_FIGURES },
  policy: { PROVIDERS: ["banxico", "ecb", "parities"] },
});

describe("formats", () => {
  const NDJSON = { headers: { Accept: "application/x-ndjson" } };
  const CSV = { headers: { Accept: "text/csv" } };

  it.each([
    ["/rates?quotes=MXN", undefined, "application/json; charset=utf-8", '[{"date'],
    ["/rates?quotes=MXN", { headers: { Accept: "text/html,*/*;q=0.8" } }, "application/json; charset=utf-8", '[{"date'],
    [
      "/rates?quotes=MXN",
      NDJSON,
      "application/x-ndjson",
      '{"date":"2026-03-13","base":"EUR","quote":"MXN","rate":20.5536}\n',
    ],
    ["/rates?quotes=MXN", CSV, "text/csv; charset=utf-8", "date,base,quote,rate\n2026-03-13,EUR,MXN,20.5536\n"],
    ["/rates.csv?quotes=MXN", NDJSON, "text/csv; charset=utf-8", "date,base,quote,rate\n2026-03-13,EUR,MXN,20.5536\n"],
    [
      "/rates.csv?quotes=EUR,MXN&expand=Providers",
      undefined,
      "text/csv; charset=utf-8",
      "date,base,quote,rate,providers\n2026-03-13,EUR,EUR,1.0,\n2026-03-13,EUR,MXN,20.5536,BANXICO:20.5536\n",
    ],
  ])("%s with %o is %s", async (path, init, type, start) => {
    const response = await friday.get(`${ROOT}${path}`, init);
    expect(response.headers.get("Content-Type")).toBe(type);
    expect((await response.text()).slice(0, start.length)).toBe(start);
    expect(response.headers.get("Vary")).toBe(path.includes(".csv") ? null : "Accept");
  });

  it("JSON and NDJSON, one base and another have tags of their own", async () => {
    const tags = await Promise.all(
      [friday.get(`${ROOT}/rates`), friday.get(`${ROOT}/rates`, NDJSON), friday.get(`${ROOT}/rates?base=USD`)].map(
        async (response) => (await response).headers.get("ETag"),
      ),
    );
    expect(new Set(tags).size).toBe(3);
    const headers = { "If-None-Match": `W/${tags[0]}` };
    expect((await friday.get(`${ROOT}/rates`, { headers })).status).toBe(304);
  });
});

describe("refusals", () => {
  it.each([
    ["/rates?foo=1&bar=2", 422, "unknown parameter: foo, bar"],
    ["/rates?quotes[]=USD", 422, "unknown parameter: quotes[]"],
    ["/rates?date=", 422, "invalid date"],
    ["/rates?date=not-a-date", 422, "invalid date"],
    ["/rates?from=2023-02-30", 422, "invalid date"],
    ["/rates?date=2023-01-01&to=2023-02-01", 422, "conflicting params"],
    ["/rates?group=day", 422, "invalid group"],
    ["/rates?expand=foo", 422, "invalid expand: foo"],
    ["/rates?quotes=QQQ,USD,ZZZ", 422, "invalid currency: QQQ,ZZZ"],
    ["/rates?base=XXX", 422, "invalid currency: XXX"],
    ["/rates?base=", 422, "invalid currency: "],
    ["/rates?base=%ff", 422, "invalid currency: \ufffd"],
    ["/rate/EUR/QQQ", 422, "invalid currency: QQQ"],
    ["/rate/EUR/USD?foo=1", 422, "unknown parameter: foo"],
    ["/rate/EUR", 404, "not found"],
    ["/rates/x", 404, "not found"],
    ["/currency/qqq", 404, "not found"],
    ["/currencies?scope=some", 422, "invalid scope"],
    ["/currencies.csv", 406, "not acceptable"],
    ["/providers.csv", 406, "not acceptable"],
  ])("of %s are %i %s", async (path, status, message) => {
    const response = await friday.get(`${ROOT}${path}`, { headers: { Accept: "application/x-ndjson" } });
    expect([response.status, await response.json()]).toEqual([status, { status, message }]);
    expect(response.headers.get("Content-Type")).toBe("application/json; charset=utf-8");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(friday.faults).toEqual([]);
  });

  it("never stand for what is not loaded yet", async () => {
    const loading = world({ now: "2026-03-13T20:00:00Z", figures: {} });
    for (const path of ["/rates", "/rates?date=2026-03-12", "/rate/EUR/USD?from=2026-03-01"])
      expect((await loading.get(`${ROOT}${path}`)).status).toBe(503);
  });
});

describe("lists", () => {
  it("describe currencies", async () => {
    expect((await friday.json(`${ROOT}/currencies`))[4 as unknown as string]).toEqual({
      iso_code: "MXN",
      iso_numeric: "484",
      name: "Mexican Peso",
      symbol: "$",
      start_date: "1991-11-12",
      end_date: "2026-03-13",
    });
    expect(await friday.json(`${ROOT}/currency/usd`)).toMatchObject({
      name: "United States Dollar",
      iso_numeric: "840",
      providers: ["BANXICO"],
    });
    expect(await many.json(`${ROOT}/currency/FOK`)).toMatchObject({
      iso_numeric: null,
      peg: { base: "DKK", rate: 1, authority: "Danmarks Nationalbank" },
    });
  });

  it("of all currencies have those that ended", async () => {
    const codes = async (query: string) =>
      ((await many.json(`${ROOT}/currencies${query}`)) as unknown as { iso_code: string }[]).map((one) => one.iso_code);
    expect(await codes("")).not.toContain("HRK");
    expect(await codes("?scope=all")).toContain("HRK");
    // The lev's last day is still to come.
    expect(await many.json(`${ROOT}/currency/EUR`)).toMatchObject({ end_date: "2023-12-29" });
    expect(await codes("?providers=banxico")).toEqual(["CAD", "EUR", "GBP", "JPY", "MXN", "USD"]);
  });

  it("describe providers", async () => {
    expect(await friday.json(`${ROOT}/providers`)).toEqual([
      {
        key: "BANXICO",
        name: "Bank of Mexico",
        country_code: "MX",
        rate_type: "FIX",
        pivot_currency: "MXN",
        data_url: "https://www.banxico.org.mx/SieAPIRest/service/v1",
        terms_url: "https://www.banxico.org.mx/SieAPIRest/service/v1/",
        start_date: "1991-11-12",
        end_date: "2026-03-13",
        publish_cadence: "daily",
        publishes_missed: 0,
        currencies: ["CAD", "EUR", "GBP", "JPY", "MXN", "USD"],
      },
    ]);
  });

  it("the root names the document", async () => {
    expect(await friday.json(ROOT)).toMatchObject({ version: "v2", openapi: "/v2/openapi.json" });
    const { paths } = await friday.json(`${ROOT}/openapi.json`);
    expect(Object.keys(paths as object)).toEqual([
      "/rates",
      "/rate/{base}/{quote}",
      "/currencies",
      "/currency/{code}",
      "/providers",
    ]);
  });
});
