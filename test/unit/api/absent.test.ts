import { describe, expect, it } from "vitest";
import { businessDaysIn, WEEKDAYS } from "#core/time/calendars.ts";
import { madeUpFigures, type WorldOptions, world } from "./world.ts";

/** A page that is not there says nothing: no rate is carried across it, and no answer is made without it. */

const figures = madeUpFigures("2023-12-29");
const FIX = "banxico.SF43718";

const edge = (absent: WorldOptions["absent"], now = "2023-12-29T20:00:00Z") => world({ now, figures, absent });

describe("while the first history loads", () => {
  it.each([
    "/api/v1/rates/on/2010-01-04",
    "/api/v1/rates/on/2010-06-01?base=EUR&quote=USD",
    "/api/v1/rates/historical?from=2009-12-28&to=2010-01-08",
    "/api/v1/rates/historical?from=2009-12-28&to=2010-01-08&fill=previous",
    "/api/v1/rates/historical?limit=20000",
    "/api/v1/rates/average/2010-06",
    "/api/v1/convert?from=USD&to=MXN&amount=1&date=2010-01-02",
    "/api/v1/rates/on/2010-06-01?base=USD&quote=USD",
    "/api/v1/rates/on/2010-06-01?base=MXN&quote=MXN",
  ])("%s is unavailable, and soon asked for again", async (path) => {
    const response = await edge((year) => year === 2010).get(path);
    expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "5"]);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
  });

  it("a year whose page of one leg only is absent is unavailable too", async () => {
    const lacking = edge((year, series) => year === 2010 && series === FIX);
    expect((await lacking.get("/api/v1/rates/on/2010-06-01?base=EUR&quote=USD")).status).toBe(503);
    expect((await lacking.get("/api/v1/rates/on/2010-06-01?base=EUR")).status).toBe(200);
  });

  it("years that are there are served as ever", async () => {
    const partly = edge((year) => year < 2020);
    for (const path of [
      "current",
      "on/2022-06-01",
      "historical?days=30",
      "average/30d",
      "on/2022-06-01?base=USD&quote=USD",
    ])
      expect([path, (await partly.get(`/api/v1/rates/${path}`)).status]).toEqual([path, 200]);
    expect((await partly.get("/api/v1/rates/average/20y")).status).toBe(400);
  });

  it("the page before is not needed where nothing is carried from it", async () => {
    const partly = edge((year) => year < 2020);
    for (const path of [
      "on/2020-01-06",
      "on/2020-01-05",
      "on/2020-01-05?base=EUR&quote=USD",
      "historical?from=2020-01-02&to=2020-01-31&fill=previous",
      "average/2020-02?basis=calendar",
      "historical?limit=200",
      "historical?limit=700",
    ])
      expect([path, (await partly.get(`/api/v1/rates/${path}`)).status]).toEqual([path, 200]);
    for (const path of ["on/2020-01-01", "average/2020-01?basis=calendar", "historical?limit=1200"])
      expect([path, (await partly.get(`/api/v1/rates/${path}`)).status]).toEqual([path, 503]);
  });

  it("dates before the first are refused as ever, without a look at pages", async () => {
    const partly = edge((year) => year < 2020);
    expect((await partly.get("/api/v1/rates/on/1980-01-02")).status).toBe(404);
  });

  it("nothing is called current while this year's page is absent", async () => {
    for (const path of ["current", "historical?days=10", "average/30d"]) {
      const response = await edge((year) => year === 2023).get(`/api/v1/rates/${path}`);
      expect([path, response.status]).toEqual([path, 503]);
    }
  });

  it("the catalogue says that there is no latest rate, and is not kept for long", async () => {
    const response = await edge((_, series) => series === FIX).get("/api/v1/series");
    const { series } = (await response.json()) as { series: { id: string; latest: string | null }[] };
    expect(series.filter(({ latest }) => latest === null).map(({ id }) => id)).toEqual([FIX]);
    expect(response.headers.get("Cache-Control")).toBe("public, max-age=5");
  });
});

describe("in the first days of a year", () => {
  const january = (now: string, absent: WorldOptions["absent"] = (year) => year === 2024) => edge(absent, now);

  it("an absent page is an empty year as long as the last one reaches up to it", async () => {
    const early = january("2024-01-02T15:00:00Z");
    expect(await early.json("/api/v1/rates/current")).toMatchObject({ date: "2023-12-29", stale: false });
    expect(await early.json("/api/v1/rates/on/2024-01-01")).toMatchObject({ date: "2023-12-29" });
    expect(await early.json("/api/v1/rates/historical?from=2024-01-01&to=2024-01-02")).toMatchObject({ count: 0 });
    expect((await early.get("/api/v1/rates/current")).headers.get("Cache-Control")).not.toBe("public, max-age=5");
  });

  it("and no longer", async () => {
    expect((await january("2024-01-12T15:00:00Z").get("/api/v1/rates/on/2024-01-05")).status).toBe(200);
    expect((await january("2024-01-13T15:00:00Z").get("/api/v1/rates/on/2024-01-05")).status).toBe(503);
    expect((await january("2024-01-13T15:00:00Z").get("/api/v1/rates/current")).status).toBe(503);
  });

  it("nor if the last year's page is absent as well", async () => {
    const lacking = january("2024-01-02T15:00:00Z", (year) => year >= 2023);
    for (const path of ["current", "on/2024-01-02", "historical?from=2024-01-01&to=2024-01-02"])
      expect([path, (await lacking.get(`/api/v1/rates/${path}`)).status]).toEqual([path, 503]);
  });
});

describe("a value that waits for confirmation", () => {
  const stale = async (waiting: string[]) => {
    const response = await world({ now: "2024-01-02T20:00:00Z", figures, waiting }).get("/api/v1/rates/current");
    return [((await response.json()) as { stale: boolean }).stale, response.headers.get("Paridad-Stale")];
  };

  it("is why an answer is stale, rather than the provider", async () => {
    expect(await stale(["2024-01-02"])).toEqual([true, "awaiting_confirmation"]);
    expect(await stale([])).toEqual([true, "publication_missed"]);
  });

  it("is not, if it is of an earlier date", async () => {
    expect(await stale(["2023-12-28"])).toEqual([true, "publication_missed"]);
  });
});

describe("before the first rate of a currency of the Bank of Russia", () => {
  it.each([
    ["the yuan", "CNY", "2006-05-11"],
    ["the zloty", "PLN", "2010-01-01"],
    ["the dirham", "AED", "2023-01-18"],
    ["the riyal", "SAR", "2025-07-10"],
  ])("there is none of %s for good, rather than none yet", async (_, base, since) => {
    const [id, year] = [`cbr.${base}`, Number(since.slice(0, 4))];
    const edge = world({
      now: "2026-04-24T18:00:00Z",
      figures: { [id]: businessDaysIn(WEEKDAYS, since, "2026-04-24").map((day) => [day, "18.9000"] as const) },
      policy: { PROVIDERS: ["banxico", "cbr"] },
      absent: (one, series) => series === id && one < year,
    });
    const pair = `base=${base}&quote=RUB&provider=cbr`;
    expect((await edge.get(`/api/v1/rates/on/${year - 3}-06-01?${pair}`)).status).toBe(404);
    expect((await edge.get(`/api/v1/rates/on/${year}-12-01?${pair}`)).status).toBe(200);
    const path = `/api/v1/rates/historical?from=${year - 1}-12-01&to=${year}-12-31&${pair}`;
    expect((await edge.get(path)).status).toBe(200);
  });
});
