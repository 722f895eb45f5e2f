import { describe, expect, it } from "vitest";
import { FIX_FIGURES } from "./figures.ts";
import { BANXICO_WEEK, ECB_FIGURES } from "./recorded-figures.ts";
import { madeUpFigures, world } from "./world.ts";

const ROOT = "/frankfurter/v2";
const friday = world({ now: "2026-03-13T20:00:00Z", figures: BANXICO_WEEK });
const past = world({ now: "2023-12-29T20:00:00Z", figures: { USD: FIX_FIGURES } });
const many = world({
  now: "2023-12-31T20:00:00Z",
  figures: { ...madeUpFigures("2023-12-29", "2023-10-01"), ...ECB_FIGURES },
  policy: { PROVIDERS: ["banxico", "ecb", "parities"] },
});
const textOf = async (path: string, of = friday) => (await of.get(`${ROOT}${path}`)).text();
const rowsOf = async (path: string, of = friday) =>
  (await (await of.get(`${ROOT}${path}`)).json()) as { date: string; quote: string; rate: number }[];
const short = async (path: string, of = friday) =>
  (await rowsOf(path, of)).map(({ date, quote, rate }) => `${date} ${quote} ${rate}`);

describe("a snapshot of /frankfurter/v2/rates", () => {
  it("lists each quote, the base among them, as numbers made from decimals", async () => {
    expect(await textOf("/rates?quotes=usd,MXN,EUR")).toBe(
      '[{"date":"2026-03-13","base":"EUR","quote":"EUR","rate":1.0},{"date":"2026-03-13","base":"EUR","quote":"MXN","rate":20.5536},{"date":"2026-03-13","base":"EUR","quote":"USD","rate":1.1468}]',
    );
    expect((await rowsOf("/rates")).map(({ quote }) => quote)).toEqual(["CAD", "EUR", "GBP", "JPY", "MXN", "USD"]);
  });

  it("of a date holds for 14 days, in the future as well", async () => {
    expect(await short("/rates?date=2026-03-27&quotes=MXN")).toEqual(["2026-03-13 MXN 20.5536"]);
    expect(await textOf("/rates?date=2026-03-28")).toBe("[]");
    expect(await textOf("/rates?date=1901-01-01")).toBe("[]");
  });

  it("of the base in itself has the base's date", async () => {
    expect(await short("/rates?base=usd&quotes=USD")).toEqual(["2026-03-13 USD 1"]);
    expect(await textOf("/rate/MXN/mxn")).toBe('{"date":"2026-03-13","base":"MXN","quote":"MXN","rate":1.0}');
  });

  it("passes over `to` alone, and `group` without a range", async () => {
    expect(await textOf("/rates?to=2023-01-01&group=month")).toBe(await textOf("/rates"));
  });

  it("of an ISO currency without data is empty, and 404 as a single rate", async () => {
    expect(await textOf("/rates?base=AFN")).toBe("[]");
    expect(await textOf("/rates?quotes=XAU")).toBe("[]");
    expect((await friday.get(`${ROOT}/rate/EUR/AFN`)).status).toBe(404);
  });
});

describe("a range of /frankfurter/v2/rates", () => {
  it("is sorted by date and quote, and begins with the fixing before a silent start", async () => {
    expect(await short("/rates?from=2026-03-11&to=2026-03-12&base=usd&quotes=USD,MXN,JPY")).toEqual([
      "2026-03-11 JPY 158.48",
      "2026-03-11 MXN 17.6543",
      "2026-03-11 USD 1",
      "2026-03-12 JPY 158.69",
      "2026-03-12 MXN 17.8368",
      "2026-03-12 USD 1",
    ]);
    expect(await short("/rates?from=2023-12-16&to=2023-12-18&base=USD&quotes=MXN", past)).toEqual([
      "2023-12-15 MXN 17.1908",
      "2023-12-18 MXN 17.2277",
    ]);
    expect((await rowsOf("/rates?from=2023-12-28&base=USD&quotes=USD", past)).map(({ date }) => date)).toEqual([
      "2023-12-28",
      "2023-12-29",
    ]);
  });

  it.each([
    "from=2026-03-13&to=2026-03-12",
    "from=2026-03-20",
    "from=1980-01-01&to=1980-02-01",
    "from=1995-01-01&to=1998-12-31&base=EUR",
  ])("of %s is empty", async (query) => expect(await textOf(`/rates?${query}`)).toBe("[]"));

  it("of months has the means of whole months, by their first days", async () => {
    // The business mean of October 2008 is 12.631386…, published ones are not rounded twice.
    expect(await short("/rates?from=2008-10-15&to=2008-10-20&base=USD&quotes=MXN,USD&group=Month", past)).toEqual([
      "2008-10-01 MXN 12.6314",
      "2008-10-01 USD 1",
    ]);
    expect(await short("/rates?from=2008-10-15&to=2008-10-20&base=MXN&quotes=USD&group=month", past)).toEqual([
      `2008-10-01 USD ${(1 / 12.63138695652).toFixed(5)}`,
    ]);
  });

  it("of weeks has Mondays, across the end of a year as well", async () => {
    expect(await short("/rates?from=2023-12-20&base=USD&quotes=MXN&group=week", past)).toEqual([
      `2023-12-18 MXN ${((17.2277 + 17.0652 + 17.0673 + 17.059 + 16.9738) / 5).toFixed(4)}`,
      `2023-12-25 MXN ${Number(((16.9727 + 16.922 + 16.8935 + 16.919) / 4).toFixed(4))}`,
    ]);
  });

  it("divides the means of a cross's legs", async () => {
    const [eur, usd] = [
      [20.5388, 20.3717, 20.4719, 20.6131, 20.5536],
      [17.7687, 17.5037, 17.6543, 17.8368, 17.9218],
    ].map((values) => values.reduce((total, value) => total + value, 0)) as [number, number];
    expect(await short("/rates?from=2026-03-09&quotes=USD&group=week")).toEqual([
      `2026-03-09 USD ${Number((eur / usd).toFixed(4))}`,
    ]);
  });
});

describe("a named provider", () => {
  it("has its published digits, and only its own pairs", async () => {
    expect(await textOf("/rate/EUR/IDR", many)).toContain('"rate":17080');
    expect(await textOf("/rate/EUR/IDR?providers=ecb", many)).toContain('"rate":17079.71');
    expect(await textOf("/rate/EUR/MXN?providers=ecb", many)).toContain('"rate":18.7231');
    expect(await textOf("/rate/EUR/MXN?providers=ECB,BANXICO", many)).toBe(await textOf("/rate/EUR/MXN", many));
    expect(await textOf("/rates?providers=NBP", many)).toBe("[]");
    expect(await textOf("/rates?base=FOK&providers=ecb", many)).toBe("[]");
  });

  it("is shown where providers are expanded, but not for the base in itself", async () => {
    expect(await textOf("/rates?quotes=EUR,IDR&expand=providers", many)).toBe(
      '[{"date":"2023-12-29","base":"EUR","quote":"EUR","rate":1.0},{"date":"2023-12-29","base":"EUR","quote":"IDR","rate":17080,"providers":[{"key":"ECB","date":"2023-12-29","rate":17080}]}]',
    );
  });

  it("ties no parity", async () => {
    expect(await textOf("/rate/FOK/DKK", many)).toContain('"rate":1.0');
    expect(await short("/rates?base=FOK&quotes=FOK,EUR,DKK", many)).toEqual([
      "2023-12-29 DKK 1",
      "2023-12-29 EUR 0.13333",
      "2023-12-29 FOK 1",
    ]);
  });
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
