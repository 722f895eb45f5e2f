import { describe, expect, it } from "vitest";
import { openapi, resolved } from "./schema.ts";
import { madeUpFigures, world } from "./world.ts";

const { get, json } = world({ now: "2023-12-29T20:00:00Z", figures: madeUpFigures("2023-12-29") });
const WEEK = "/api/v1/rates/historical?from=2023-12-25&to=2023-12-29";
const ofWeek = async () => (await json(WEEK)).observations as { date: string; rate: string }[];

const VIEW = "determination_date,publication_date,applicable_date";

/** A list of each endpoint that has one, with the header of its CSV. */
const LISTS: [path: string, header: string][] = [
  [WEEK, "date,rate"],
  [`${WEEK}&fill=previous`, "date,rate,carried_from"],
  ["/api/v1/rates/volatility", "date,rate,daily,annualised"],
  ["/api/v1/rates/volatility?rolling=true", "date,rate,daily,annualised"],
  ["/api/v1/rates/bars", "date,rate,from,to,open,open_date,high,high_date,low,low_date,close,close_date,observations"],
  ["/api/v1/rates/on?dates=2023-12-29,2024-01-01", "date,rate,requested_date,base,quote"],
  ["/api/v1/rates/current?quotes=MXN,EUR", "date,rate,base,quote"],
  ["/api/v1/rates/current?bases=USD&view=dof", `date,rate,base,quote,${VIEW}`],
  ["/api/v1/rates/on?dates=2023-12-29,2024-01-01&view=settlement", `date,rate,requested_date,base,quote,${VIEW}`],
  ["/api/v1/rates/cfdi?dates=2023-12-29,2023-12-25", `date,rate,requested_date,${VIEW},permalink`],
  ["/api/v1/rates/latest?base=EUR", "date,rate,base,quote,provider,derived,stale"],
  ["/api/v1/rates/compare", "date,rate,base,quote,provider,difference_percent,derived,stale"],
  [
    "/api/v1/providers",
    "id,name_en,name_es,authority,pivot,currencies,latest,stale,time_zone,published_at,attribution,licence_url",
  ],
  ["/api/v1/currencies", "code,name_en,name_es,minor_units,since,latest,providers"],
  ["/api/v1/series", "id,provider,provider_id,base,quote,cadence,since,latest,note,attribution"],
  ["/api/v1/calendar/banxico/2026", "closed"],
];
const SINGLE: [path: string, header: string][] = [
  ["/api/v1/rates/current", "date,rate"],
  ["/api/v1/rates/on/2023-12-25", "date,rate,requested_date"],
  ["/api/v1/rates/cfdi?date=2023-12-25", `date,rate,requested_date,${VIEW},permalink`],
];
const withFormat = (path: string, format: string) => `${path}${path.includes("?") ? "&" : "?"}format=${format}`;

describe("CSV", () => {
  it("of rates is their dates and digits", async () => {
    const response = await get(`${WEEK}&format=csv`);
    expect(response.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("Content-Disposition")).toBe(
      'attachment; filename="rates-usd-mxn-2023-12-25-2023-12-29.csv"',
    );
    // Scripts on other sites may read what the file is called.
    expect(response.headers.get("Access-Control-Expose-Headers")).toContain("Content-Disposition");
    const lines = (await ofWeek()).map(({ date, rate }) => `${date},${rate}\r\n`);
    expect(await response.text()).toBe(`date,rate\r\n${lines.join("")}`);
  });

  it("of Spanish spreadsheets has semicolons and decimal commas", async () => {
    const lines = (await ofWeek()).map(({ date, rate }) => `${date};${rate.replace(".", ",")}\r\n`);
    expect(await (await get(`${WEEK}&format=csv&locale=es`)).text()).toBe(`date;rate\r\n${lines.join("")}`);
  });

  it.each([...LISTS, ...SINGLE])("of %s begins with %s", async (path, header) => {
    const lines = (await (await get(withFormat(path, "csv"))).text()).split("\r\n");
    expect(lines[0]).toBe(header);
    const columns = header.split(",").length;
    expect(lines.slice(1, -1).every((line) => line.split(",").length === columns)).toBe(true);
    expect([lines.length > 2, lines.at(-1)]).toEqual([true, ""]);
  });
});

it.each([...LISTS, ...SINGLE])("NDJSON of %s has an object per line of the CSV", async (path) => {
  const response = await get(withFormat(path, "ndjson"));
  expect(response.headers.get("Content-Type")).toBe("application/x-ndjson");
  const rows = (await response.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  const lines = (await (await get(withFormat(path, "csv"))).text()).trim().split("\r\n");
  expect(rows).toHaveLength(lines.length - 1);
});

describe("the form of a list", () => {
  it.each(LISTS)("of %s follows the Accept header, which caches are told", async (path) => {
    for (const [accept, format] of [
      ["text/csv", "csv"],
      ["application/x-ndjson", "ndjson"],
      ["*/*", "json"],
    ] as const) {
      const [negotiated, named] = await Promise.all([
        get(path, { headers: { Accept: accept } }),
        get(withFormat(path, format), { headers: { Accept: "text/html" } }),
      ]);
      expect([negotiated.headers.get("Vary"), named.headers.get("Vary")]).toEqual(["Accept", null]);
      expect(negotiated.headers.get("ETag")).toBe(named.headers.get("ETag"));
      expect(await negotiated.text()).toBe(await named.text());
    }
  });

  it.each(SINGLE)("of one rate, %s, is what the URL says, so that caches keep one copy", async (path) => {
    const response = await get(path, { headers: { Accept: "text/csv" } });
    expect([response.headers.get("Content-Type"), response.headers.get("Vary")]).toEqual(["application/json", null]);
  });

  it("has a tag of its own, by which it is not sent twice", async () => {
    const tags = await Promise.all(
      ["json", "csv", "ndjson"].map(async (format) => (await get(withFormat(WEEK, format))).headers.get("ETag") ?? ""),
    );
    expect(new Set(tags).size).toBe(3);
    const again = await get(`${WEEK}&format=csv`, { headers: { "If-None-Match": tags[1] as string } });
    expect([again.status, again.headers.get("Content-Type")]).toEqual([304, null]);
  });

  it("that there is not is refused, and problems stay problems", async () => {
    expect(await json(`${WEEK}&format=xml`)).toMatchObject({ errors: [{ parameter: "format" }] });
    expect(await json(`${WEEK}&locale=de`)).toMatchObject({ errors: [{ parameter: "locale" }] });
    expect(await json("/api/v1/convert?from=USD&to=MXN&amount=1&format=csv")).toMatchObject({
      errors: [{ parameter: "format" }],
    });
    const none = await get("/api/v1/rates/historical?from=2030-01-01&format=csv", { headers: { Accept: "text/csv" } });
    expect([none.status, none.headers.get("Content-Type")]).toEqual([404, "application/problem+json"]);
  });

  it("is documented where it is served, and only there", () => {
    for (const [path, { get: operation }] of Object.entries(openapi.paths)) {
      // What stays open has no forms, and neither has what needs a token.
      if (operation?.responses[304] === undefined) continue;
      const isList = operation.parameters?.map(resolved).some(({ name }) => name === "format") ?? false;
      const types = Object.keys(operation.responses[200]?.content ?? {});
      // Generated clients would take NDJSON for a stream, and then every response: it is told in words.
      expect([path, types]).toEqual([path, ["application/json", ...(isList ? ["text/csv"] : [])]]);
      expect(operation.responses[200]?.description?.includes("application/x-ndjson")).toBe(isList);
    }
  });
});
