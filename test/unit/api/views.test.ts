import { describe, expect, it } from "vitest";
import { addDays } from "#core/time/dates.ts";
import { FIX_FIGURES } from "./figures.ts";
import { madeUpFigures, world } from "./world.ts";

interface Rate {
  date: string;
  rate: string;
  average?: string;
  requested_date?: string;
  determination_date?: string;
  publication_date?: string;
  applicable_date?: string;
  stale: boolean;
  age_business_days: number;
  next_update: string | null;
  observations: Rate[];
  rates: Rate[];
  errors: { parameter: string; detail: string }[];
  detail: string;
}

const FIX = madeUpFigures("2023-12-29").USD ?? [];
const made = world({ now: "2023-12-29T20:00:00Z", figures: { USD: FIX } });
const published = world({ now: "2023-12-29T20:00:00Z", figures: { USD: FIX_FIGURES } });
const askOf =
  ({ json }: typeof made) =>
  async (path: string) =>
    (await json(`/api/v1/${path}`)) as unknown as Rate;
const ask = askOf(made);

/** By another way than the code's: the place of a date in the list of the days with a FIX. */
const DAYS = FIX.map(([date]) => date);
function fixOf(view: string, date: string): readonly [string, string] | undefined {
  const last = DAYS.findLastIndex((day) => (view === "settlement" ? day < date : day <= date));
  return FIX[view === "fix" ? last : last - 1];
}

describe("a view of USD/MXN", () => {
  it.each([
    ["fix", "2023-04-09", "18.3323", ["2023-04-05", "2023-04-10", "2023-04-11"], "2023-04-05"],
    ["dof", "2023-04-09", "18.1185", ["2023-04-04", "2023-04-05", "2023-04-06"], "2023-04-05"],
    ["dof", "2023-04-10", "18.3323", ["2023-04-05", "2023-04-10", "2023-04-11"], "2023-04-10"],
    ["settlement", "2023-04-10", "18.1185", ["2023-04-04", "2023-04-05", "2023-04-06"], "2023-04-06"],
    ["settlement", "1991-11-16", "3.0718", ["1991-11-14", "1991-11-15", "1991-11-16"], "1991-11-16"],
  ])("%s on %s is %s, with the three dates", async (view, date, rate, dates, ofView) => {
    const answer = await askOf(published)(`rates/on/${date}?view=${view}`);
    const [determination_date, publication_date, applicable_date] = dates;
    const expected = {
      requested_date: date,
      date: ofView,
      rate,
      determination_date,
      publication_date,
      applicable_date,
    };
    expect(answer).toMatchObject(expected);
    const inverse = await askOf(published)(`rates/on/${date}?view=${view}&base=MXN&quote=USD`);
    expect(inverse).toMatchObject({ date: ofView, rate: (1 / Number(rate)).toFixed(8), applicable_date });
    expect(await askOf(published)(`convert?from=USD&to=MXN&amount=1&date=${date}&view=${view}`)).toMatchObject({
      rate,
      date: ofView,
      determination_date,
    });
  });

  it.each(["fix", "dof", "settlement"])("%s of every day is the FIX that the list of bank days says", async (view) => {
    for (const from of ["1996-01-01", "2006-06-01", "2007-06-01", "2018-09-01", "2022-12-31"]) {
      const dates = Array.from({ length: 366 }, (_, day) => addDays(from, day)).filter((date) => date <= "2023-12-29");
      const { rates } = await ask(`rates/on?dates=${dates.join(",")}&view=${view}`);
      expect(rates.map((one) => [one.determination_date, one.rate])).toEqual(dates.map((date) => fixOf(view, date)));
    }
  });

  it("lists the days of a period by its own dates, filled or not", async () => {
    const range = "from=2023-03-28&to=2023-04-14&view=settlement";
    const { observations } = await ask(`rates/historical?${range}`);
    const { observations: filled } = await ask(`rates/historical?${range}&fill=previous`);
    expect(observations.map(({ date }) => date)).toEqual(observations.map((one) => one.applicable_date));
    expect(filled.map(({ date, rate }) => [date, rate])).toEqual(
      Array.from({ length: 18 }, (_, day) => addDays("2023-03-28", day)).map((date) => [
        date,
        fixOf("settlement", date)?.[1],
      ]),
    );
  });

  it("ends by default on its last day that has come, and lists further ones on request", async () => {
    const ends = async (query: string) => (await ask(`rates/historical?view=settlement&${query}`)).observations.at(-1);
    expect(await ends("days=5")).toMatchObject({ date: "2023-12-29", determination_date: "2023-12-27" });
    expect(await ends("limit=3")).toMatchObject({ date: "2023-12-29" });
    expect(await ends("from=2023-12-01")).toMatchObject({ date: "2023-12-29" });
    expect(await ends("from=2023-12-01&to=2024-01-31")).toMatchObject({ date: "2024-01-03" });
    expect(await ends("from=2023-12-01&to=2024-01-31&fill=previous")).toMatchObject({ date: "2024-01-03" });
  });

  it("has the average of the days that it lists", async () => {
    const { average, determination_date } = await ask("rates/average/2023-03?view=dof&basis=calendar");
    const days = Array.from({ length: 31 }, (_, day) => Number(fixOf("dof", addDays("2023-03-01", day))?.[1]));
    expect(Number(average)).toBeCloseTo(days.reduce((sum, rate) => sum + rate) / 31, 6);
    expect(determination_date).toBe(fixOf("dof", "2023-03-31")?.[0]);
  });
});

describe("the current rate of a view", () => {
  it.each(["fix", "dof", "settlement"])(
    "%s is the one of today, also where no date is given to convert",
    async (view) => {
      const current = await ask(`rates/current?view=${view}`);
      const today = await ask(`rates/on/2023-12-29?view=${view}`);
      const { determination_date, rate, date } = today;
      expect(current).toMatchObject({ determination_date, rate, date, stale: false });
      expect(await ask(`convert?from=USD&to=MXN&amount=1&view=${view}`)).toMatchObject({ determination_date, rate });
      expect((await ask(`rates/current?bases=USD&view=${view}`)).rates).toEqual([current]);
    },
  );

  it.each([
    ["fix", "2024-01-02T18:00:00Z"],
    ["dof", "2024-01-02T06:00:00Z"],
    ["settlement", "2023-12-30T06:00:00Z"],
  ])("%s changes at %s", async (view, at) =>
    expect(await ask(`rates/current?view=${view}`)).toMatchObject({ stale: false, next_update: at }),
  );

  it("is not stale while only the FIX of today is late, and is once its own is missing", async () => {
    const late = (now: string, view: string) =>
      askOf(world({ now, figures: { USD: FIX } }))(`rates/current?view=${view}`);
    expect(await late("2024-01-02T20:00:00Z", "fix")).toMatchObject({ stale: true });
    expect(await late("2024-01-02T20:00:00Z", "dof")).toMatchObject({ stale: false, determination_date: "2023-12-29" });
    expect(await late("2024-01-03T20:00:00Z", "dof")).toMatchObject({ stale: true, determination_date: "2023-12-29" });
    expect(await late("2024-01-03T20:00:00Z", "settlement")).toMatchObject({ stale: false });
  });
});

describe("a day to come", () => {
  it.each([
    ["fix", "2023-12-30", undefined],
    ["dof", "2024-01-02", "2023-12-29"],
    ["dof", "2024-01-03", undefined],
    ["settlement", "2024-01-01", "2023-12-28"],
    ["settlement", "2024-01-03", "2023-12-29"],
    ["settlement", "2024-01-04", undefined],
  ])("has its rate in %s on %s only if its FIX is known", async (view, date, determination) => {
    expect((await ask(`rates/on/${date}?view=${view}`)).determination_date).toBe(determination);
    expect((await ask(`rates/on?dates=${date}&view=${view}`)).rates[0]?.determination_date).toBe(determination);
  });
});

describe("an error of a view", () => {
  it.each([
    ["rates/on/2025-01-03?view=fix", "1991-11-12"],
    ["rates/on/2025-01-03?view=dof", "1991-11-13"],
    ["rates/on/2025-01-03?view=settlement", "1991-11-14"],
    ["rates/historical?view=settlement&from=2025-01-03&to=2025-01-05", "1991-11-14"],
    ["rates/average/2025-01?view=dof", "1991-11-13"],
    ["convert?view=settlement&from=USD&to=MXN&amount=1&date=2025-01-03", "1991-11-14"],
    ["rates/cfdi?date=2025-01-03", "1991-11-14"],
  ])("of %s says that there are rates from %s on, without the page of that year", async (path, first) => {
    const recent = world({ now: "2023-12-29T20:00:00Z", figures: { USD: FIX }, lost: (year) => year < 2022 });
    expect(await askOf(recent)(path)).toMatchObject({ status: 404, detail: expect.stringContaining(`from ${first}`) });
  });
});

describe("a view that is none", () => {
  it.each([
    "rates/current?view=fix&base=EUR",
    "rates/current?view=fix&bases=USD,EUR",
    "rates/historical?view=dof&base=EUR&quote=USD&from=2023-01-01",
    "rates/historical?view=dof&base=USD&quote=USD",
    "rates/average/30d?view=dof&base=JPY",
    "rates/on/2023-12-29?view=settlement&quote=CAD",
    "rates/on?dates=2023-12-29&view=settlement&quotes=MXN,CAD",
    "convert?from=EUR&to=MXN&amount=1&view=fix",
    "rates/current?view=sideways",
  ])("%s is refused by name", async (path) =>
    expect((await ask(path)).errors).toEqual([{ parameter: "view", detail: expect.any(String) }]),
  );

  it("is no parameter where only rates count", async () =>
    expect((await ask("rates/volatility?view=dof")).errors).toMatchObject([{ parameter: "view" }]));

  it("before the first day says from when there are rates", async () =>
    expect((await ask("rates/on/1991-11-13?view=settlement")).detail).toContain("from 1991-11-14 to"));
});

it("adds three columns to CSV, and none without a view", async () => {
  const csv = async (path: string) => (await (await made.get(`/api/v1/${path}`)).text()).split("\r\n", 2);
  const range = "rates/historical?from=2023-12-26&to=2023-12-27&format=csv";
  expect((await csv(range))[0]).toBe("date,rate");
  const [header, line] = await csv(`${range}&view=dof`);
  expect(header).toBe("date,rate,determination_date,publication_date,applicable_date");
  expect(line).toMatch(/^2023-12-26,[\d.]+,2023-12-22,2023-12-26,2023-12-27$/);
  expect((await csv("rates/on/2023-12-25?format=csv&view=fix"))[0]).toMatch(/^date,rate,requested_date,determination/);
});
