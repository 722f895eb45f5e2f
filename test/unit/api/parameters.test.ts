import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faultsOf } from "./schema.ts";
import { madeUpFigures, world } from "./world.ts";

const { get, faults } = world({ now: "2023-12-29T20:00:00Z", figures: madeUpFigures("2023-12-29", "2022-01-01") });

/** Wrong for every parameter there is. */
const WRONG = [
  ...["", " ", "%", "%00", "\u0000", "é", "٣", "１", "💱", "\u202e", "null", "undefined", "true", "NaN", "Infinity"],
  ...["1e5", "0x10", "+5", "-", "1,000", "1.5.2", ".5", "5.", "007", "2023-02-30", "2023-13-01", "2023-00-00", "0d"],
  ...["999d", "2023-00", "__proto__", "constructor", "[object Object]", "[]", "{}", "usdx", "US", "CHF", "USD,EUR"],
  ...["'; DROP TABLE observations; --", "<script>alert(1)</script>", "USD\r\nSet-Cookie: a=b", "../../etc/passwd"],
  ...["9".repeat(50), "x".repeat(8_000), " USD", "2023-12-29 ", "2023-12-29T00:00:00Z", "29/12/2023"],
];
const UNKNOWN = /^is not a parameter of this endpoint$/;
const TWICE = /^must be given only once$/;
const currency = ["XXX", "uSD ", "USDMXN", "ｕｓｄ", "1"];
const count = ["0", "-1", "1.5", "20001", "1000000", "1_000"];
const date = ["2023-2-3", "20231229", "2023-12-32", "today", "1703880000", "0"];

interface Address {
  path: string;
  /** A whole query that is right. */
  query: Record<string, string>;
  wrong: Record<string, readonly string[]>;
}

const pair = { base: currency, quote: currency };
const addresses: Address[] = [
  { path: "/api/v1/rates/current", query: { base: "USD", quote: "MXN" }, wrong: pair },
  {
    path: "/api/v1/rates/historical",
    query: { base: "USD", quote: "MXN", from: "2023-12-01", to: "2023-12-29", limit: "3", fill: "previous" },
    wrong: { ...pair, from: date, to: date, limit: count, fill: ["next", "None", "0"] },
  },
  {
    path: "/api/v1/rates/historical",
    query: { base: "USD", quote: "MXN", days: "10" },
    wrong: { ...pair, days: ["0", "-1", "1.5", "18263", "1000000"] },
  },
  {
    path: "/api/v1/rates/average/{window}",
    query: { window: "30d", base: "USD", quote: "MXN", basis: "calendar" },
    wrong: { window: ["15", "367d", "-1d", "2023-13", "2023", "2023-11-01"], ...pair, basis: ["days", "Business"] },
  },
  {
    path: "/api/v1/rates/on/{date}",
    query: { date: "2023-12-25", base: "USD", quote: "MXN" },
    wrong: { date, ...pair },
  },
  {
    path: "/api/v1/convert",
    query: { from: "USD", to: "MXN", amount: "100.10", date: "2023-12-25" },
    wrong: { from: currency, to: currency, amount: ["--1", "1 000", "1'000", "$5", "9".repeat(41), "1e400"], date },
  },
  { path: "/api/v1/currencies", query: {}, wrong: {} },
  { path: "/api/v1/series", query: {}, wrong: {} },
];

/** The address with its parameters, those of the path in their places; a list is given several times. */
function urlOf({ path }: Address, values: Record<string, string | readonly string[]>): string {
  const rest = new URLSearchParams();
  let url = path;
  for (const [name, value] of Object.entries(values)) {
    if (path.includes(`{${name}}`)) url = url.replace(`{${name}}`, () => encodeURIComponent(String(value)));
    else for (const single of [value].flat()) rest.append(name, single);
  }
  return `${url}?${rest}`;
}

/** The answer to a wrong request: a problem that names the parameter, and nothing of its value in a header. */
async function expectRefused(
  address: Address,
  url: string,
  parameter: string,
  detail = /^(is|must|can't) /,
): Promise<void> {
  const response = await get(url);
  const body = (await response.json()) as { errors: { parameter: string; detail: string }[] };
  expect([url, response.status, response.headers.get("Content-Type")]).toEqual([url, 400, "application/problem+json"]);
  expect(faultsOf(address.path, 400, "application/problem+json", body)).toEqual([]);
  expect(body.errors.map((error) => error.parameter)).toEqual([parameter]);
  // In our words: those of the validator differ from host to host.
  expect(body.errors[0]?.detail).toMatch(detail);
  expect(response.headers.get("Set-Cookie")).toBeNull();
  expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
  expect(faults).toEqual([]);
}

describe.each(addresses)("$path with $query", (address) => {
  const { query, wrong } = address;
  const names = Object.keys(wrong);
  const inQuery = names.filter((name) => !address.path.includes(`{${name}}`));

  it("is answered where every parameter is right", async () => {
    expect((await get(urlOf(address, query))).status).toBe(200);
  });

  it.each(names)("refuses a wrong %s, and names it", async (name) => {
    for (const value of [...WRONG, ...(wrong[name] ?? [])]) {
      // An empty part of the path is another address.
      if (value === "" && !inQuery.includes(name)) continue;
      await expectRefused(address, urlOf(address, { ...query, [name]: value }), name);
    }
  });

  it.each(inQuery)("refuses %s given twice, even alike", async (name) => {
    const value = query[name] ?? "";
    await expectRefused(address, urlOf(address, { ...query, [name]: [value, value] }), name, TWICE);
    await expectRefused(address, urlOf(address, { ...query, [name]: [value, "other", ""] }), name, TWICE);
  });

  it("refuses any parameter it does not know, once or twice", async () => {
    const unknown = [
      "foo",
      "BASE",
      "base[]",
      "base.x",
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "é",
      "callback",
    ];
    for (const name of unknown) {
      const url = urlOf(address, query);
      const encoded = encodeURIComponent(name);
      await expectRefused(address, `${url}&${encoded}=1`, name, UNKNOWN);
      await expectRefused(address, `${url}&${encoded}`, name, UNKNOWN);
      await expectRefused(address, `${url}&${encoded}=1&${encoded}=2`, name, UNKNOWN);
    }
    await expectRefused(address, `${urlOf(address, query)}&${"n".repeat(500)}=1`, "n".repeat(60), UNKNOWN);
  });

  it("never fails, whatever it is given", async () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: "binary", maxLength: 20 }), fc.constantFrom(...WRONG));
    const given = fc.dictionary(
      fc.constantFrom("other", ...names),
      text.filter((value) => !/^\.{0,2}$/.test(value)),
    );
    await fc.assert(
      fc.asyncProperty(given, async (values) => {
        const response = await get(urlOf(address, { ...query, ...values }));
        expect([200, 400, 404]).toContain(response.status);
        expect(response.headers.get("Content-Type")).toMatch(/json$/);
        expect(faults).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("wrong together", () => {
  const historical = addresses[1] as Address;

  it.each([
    ["from=2023-12-29&to=2023-12-01", "from", "must not be after to"],
    ["from=1950-01-01&to=2000-01-02", "from", "must be at most 50 years before the end of the period"],
    ["from=1900-01-01", "from", "must be at most 50 years before the end of the period"],
    ["to=2023-12-01", "from", "is required with to, unless limit is given"],
    ["days=10&from=2023-12-01", "days", "can't be combined with from or to"],
    ["days=10&to=2023-12-01&limit=5", "days", "can't be combined with from or to"],
  ])("%s: %s %s", async (query, parameter, detail) => {
    const url = `/api/v1/rates/historical?${query}`;
    await expectRefused(historical, url, parameter);
    expect(await (await get(url)).json()).toMatchObject({ detail: `${parameter}: ${detail}` });
  });

  it("are named all at once", async () => {
    const response = await get("/api/v1/convert?from=XXX&amount=1e5&amount=2&date=2023-02-30&extra");
    expect(await response.json()).toMatchObject({
      errors: [
        { parameter: "from", detail: "must be one of CAD, EUR, GBP, JPY, MXN, USD" },
        { parameter: "to", detail: "is required" },
        { parameter: "amount", detail: "must be given only once" },
        { parameter: "date", detail: "must be an existing date in the form YYYY-MM-DD" },
        { parameter: "extra", detail: "is not a parameter of this endpoint" },
      ],
    });
  });

  it("name a parameter once, however much is wrong in it", async () => {
    const response = await get("/api/v1/events?pairs=XXX/YYY,EUR/ZZZ");
    const { errors } = (await response.json()) as { errors: object[] };
    expect(errors).toEqual([{ parameter: "pairs", detail: "must be one of CAD, EUR, GBP, JPY, MXN, USD" }]);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("%s is an unknown one", async (name) => {
    const response = await get(`/api/v1/rates/current?${name}=1`);
    const { errors } = (await response.json()) as { errors: object[] };
    expect(errors).toEqual([{ parameter: name, detail: "is not a parameter of this endpoint" }]);
  });

  it.each(["/api/v1/rates/average/", "/api/v1/rates/on/2023-12-29//", "/api/v1/rates", "/api/v1/rates/current/x"])(
    "%s is no endpoint",
    async (path) => {
      const response = await get(path);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, "not_found"]);
    },
  );
});
