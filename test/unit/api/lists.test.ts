import { describe, expect, it } from "vitest";
import { madeUpFigures, world } from "./world.ts";

const figures = madeUpFigures("2023-12-29");
const friday = world({ now: "2023-12-29T20:00:00Z", figures });
interface Answer {
  count: number;
  missing: number;
  stale: boolean;
  next_update: string | null;
  date?: string;
  rate?: string;
  rates: { date: string | null }[];
  errors: { parameter: string; detail: string }[];
}

const ask = async (path: string) => (await friday.json(`/api/v1/rates/${path}`)) as unknown as Answer;
const errorsOf = async (path: string) => (await ask(path)).errors.map(({ parameter, detail }) => [parameter, detail]);

describe("/rates/current of several pairs", () => {
  it("lists what each pair has by itself, in the order of the request", async () => {
    const { count, stale, rates } = await ask("current?bases=usd,EUR&quotes=MXN,JPY");
    const alone = ["base=USD&quote=MXN", "base=USD&quote=JPY", "base=EUR&quote=MXN", "base=EUR&quote=JPY"];
    expect([count, stale]).toEqual([4, false]);
    expect(rates).toEqual(await Promise.all(alone.map((pair) => ask(`current?${pair}`))));
  });

  it("is a list even for one currency, and takes the other one of the pair as ever", async () => {
    expect((await ask("current?quotes=CAD&base=EUR")).rates).toEqual([await ask("current?base=EUR&quote=CAD")]);
    expect((await ask("current?bases=CAD")).rates).toEqual([await ask("current?base=CAD")]);
  });

  it("is marked stale if one of them is", async () => {
    const monday = world({
      now: "2024-01-03T20:00:00Z",
      figures: { ...figures, EUR: madeUpFigures("2024-01-03").EUR ?? [] },
    });
    const response = await monday.get("/api/v1/rates/current?bases=EUR,USD");
    expect(await response.json()).toMatchObject({ stale: true, rates: [{ stale: false }, { stale: true }] });
    expect(response.headers.get("Paridad-Stale")).toBe("publication_missed");
  });
});

describe("/rates/on of many dates", () => {
  it("gives each date what it has by itself, in the order of the request, twice if asked twice", async () => {
    const dates = ["2023-12-25", "1995-03-06", "2023-12-29", "2023-01-01", "2023-12-25"];
    const { count, missing, rates, next_update } = await ask(`on?dates=${dates.join(",")}&base=EUR&quote=USD`);
    const wanted = dates.filter((date) => date > "1999").length;
    expect([count, missing]).toEqual([5, 5 - wanted]);
    for (const [index, date] of dates.entries()) {
      const alone = date > "1999" ? await ask(`on/${date}?base=EUR&quote=USD`) : undefined;
      const { date: observed, rate } = { date: alone?.date ?? null, rate: alone?.rate ?? null };
      expect(rates[index]).toEqual({
        base: "EUR",
        quote: "USD",
        requested_date: date,
        date: observed,
        rate,
        derived: true,
      });
    }
    expect(next_update).toBe("2024-01-02T18:00:00Z");
  });

  it("may be given in parts, as generated clients do", async () => {
    const whole = await ask("on?dates=2023-12-29,2023-12-25&bases=USD,JPY");
    expect(await ask("on?dates=2023-12-29&bases=USD&dates=2023-12-25&bases=JPY")).toEqual(whole);
    expect(await ask("on?dates[]=2023-12-29&dates[]=2023-12-25&bases%5B%5D=usd&bases[]=jpy")).toEqual(whole);
  });

  it("has nulls for what has no rate: before the first, and tomorrow", async () => {
    const { missing, rates } = await ask("on?dates=1991-11-11,1991-11-12,2023-12-29,2023-12-30,9999-12-31");
    expect(missing).toBe(3);
    expect(rates.map(({ date }) => date)).toEqual([null, "1991-11-12", "2023-12-29", null, null]);
  });

  it("takes 366 dates of several currencies, and reads each page once", async () => {
    const asked = world({ now: "2023-12-29T20:00:00Z", figures });
    const dates = Array.from(
      { length: 366 },
      (_, day) => `${1993 + (day % 30)}-06-${String((day % 28) + 1).padStart(2, "0")}`,
    );
    const response = await asked.get(`/api/v1/rates/on?bases=USD,JPY&dates=${dates.join(",")}`);
    expect(await response.json()).toMatchObject({ count: 732, missing: 0 });
    const pages = asked.reads.flatMap(({ series, years }) => years.map((year) => `${series}:${year}`));
    expect(pages.length).toBeLessThanOrEqual(2 * 33);
  });

  it("that are all over holds for hours", async () => {
    const response = await friday.get("/api/v1/rates/on?dates=2023-01-02,2022-06-01");
    expect(response.headers.get("Cache-Control")).toBe("public, max-age=3600");
    expect(await response.json()).toMatchObject({ next_update: null });
  });
});

describe("a refusal names the list", () => {
  const codes = "must be 1 to 20 currency codes of three letters, separated by commas";
  const dates = "must be 1 to 366 existing dates in the form YYYY-MM-DD, separated by commas";
  it.each([
    ["current?quotes=EUR,XXX", "quotes", "must be one of CAD, EUR, GBP, JPY, MXN, USD"],
    ["current?quotes=EUR,EURO", "quotes", codes],
    ["current?bases=", "bases", codes],
    ["current?bases=EUR,", "bases", codes],
    ["current?bases=EUR&base=USD", "bases", "can't be combined with base"],
    ["current?quotes=EUR&quote=USD", "quotes", "can't be combined with quote"],
    ["current?bases=EUR,USD,CAD,GBP,MXN&quotes=EUR,USD,CAD,GBP,MXN", "quotes", "makes more than 20 pairs"],
    ["on?dates=2023-12-29&bases=EUR,USD,CAD,GBP,EUR,USD,CAD,GBP,EUR,USD,CAD", "bases", "makes more than 10 pairs"],
    ["on", "dates", "is required"],
    ["on?dates=2023-02-30", "dates", dates],
    ["on?dates=2023-02-20;2023-02-21", "dates", dates],
    [`on?dates=${Array(367).fill("2023-01-02").join(",")}`, "dates", dates],
  ])("%.60s", async (path, parameter, detail) => expect(await errorsOf(path)).toEqual([[parameter, detail]]));
});
