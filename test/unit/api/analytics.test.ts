import { describe, expect, it } from "vitest";
import type { Observation } from "#core/rates/page.ts";
import { madeUpFigures, world } from "./world.ts";

const figures = madeUpFigures("2023-12-29");
const published = figures.USD as readonly Observation[];
const friday = world({ now: "2023-12-29T20:00:00Z", figures });

interface Answer {
  [field: string]: unknown;
  rolling: { date: string; rate: string; daily: string }[];
  bars: Record<string, unknown>[];
  percentiles: { p50: string };
  max_drawdown: { percent: string };
}

const ask = async (path: string) => (await friday.json(`/api/v1/rates/${path}`)) as Answer;
const refusal = async (path: string) => {
  const response = await friday.get(`/api/v1/rates/${path}`);
  const { errors = [], code } = (await response.json()) as { errors?: { parameter: string }[]; code: string };
  return [response.status, errors[0]?.parameter ?? code];
};
const rateIn = ([, value]: Observation) => Number(value);
const within = (from: string, to: string) => published.filter(([date]) => date >= from && date <= to);

/** The sample deviation of the log returns of some observations. */
function deviation(observations: readonly Observation[]): number {
  const moves = observations
    .slice(1)
    .map((one, index) => Math.log(rateIn(one) / rateIn(observations[index] as Observation)));
  const mean = moves.reduce((total, move) => total + move, 0) / moves.length;
  return Math.sqrt(moves.reduce((total, move) => total + (move - mean) ** 2, 0) / (moves.length - 1));
}

describe("/rates/volatility", () => {
  it("is that of the newest twenty returns where nothing is said", async () => {
    const answer = await ask("volatility");
    const last = published.slice(-21);
    expect(answer).toMatchObject({
      n: 20,
      window: 20,
      factor: 252,
      from: last[1]?.[0],
      to: "2023-12-29",
      date: "2023-12-29",
    });
    expect(Number(answer.daily)).toBeCloseTo(deviation(last), 12);
    expect(Number(answer.annualised)).toBeCloseTo(deviation(last) * Math.sqrt(252), 12);
    expect(answer.next_update).toBe("2024-01-02T18:00:00Z");
    expect(answer).not.toHaveProperty("rolling");
  });

  it("of a period counts the return into its first observation, over New Year too", async () => {
    for (const [from, to] of [
      ["2022-01-01", "2022-12-31"],
      ["2023-03-15", "2023-06-15"],
    ] as const) {
      const own = within(from, to);
      const before = published[published.indexOf(own[0] as Observation) - 1] as Observation;
      const answer = await ask(`volatility?from=${from}&to=${to}`);
      expect(answer).toMatchObject({ n: own.length, window: null, from, to, next_update: null });
      expect(Number(answer.daily)).toBeCloseTo(deviation([before, ...own]), 12);
    }
    const first = await ask("volatility?from=1991-01-01&to=1991-12-31");
    expect(first.n).toBe(within("1991-01-01", "1991-12-31").length - 1);
  });

  it("of a period's newest returns, and of the newest up to a date", async () => {
    expect(await ask("volatility?from=2023-01-01&to=2023-03-31&window=5")).toMatchObject({ n: 5, window: 5 });
    const upTo = await ask("volatility?to=2023-03-31&window=5");
    expect(upTo).toMatchObject({ n: 5, window: 5, to: "2023-03-31" });
    expect((await ask("volatility?from=2023-01-01&to=2023-03-31&window=5")).daily).toBe(upTo.daily);
  });

  it("rolling has for each date that of the returns up to it, whatever the period begins with", async () => {
    const answer = await ask("volatility?from=2023-01-01&to=2023-12-31&rolling=true");
    const own = within("2023-01-01", "2023-12-31");
    expect(answer.rolling.map(({ date }) => date)).toEqual(own.map(([date]) => date));
    for (const { date, rate, daily } of answer.rolling.slice(0, 30)) {
      const index = published.findIndex(([day]) => day === date);
      expect(rate).toBe(published[index]?.[1]);
      expect(Number(daily)).toBeCloseTo(deviation(published.slice(index - 20, index + 1)), 11);
    }
    const later = await ask("volatility?from=2023-06-01&to=2023-12-31&rolling=true&window=20");
    expect(answer.rolling.slice(-later.rolling.length)).toEqual(later.rolling);
    const earliest = await ask("volatility?from=1991-11-12&to=1991-12-31&rolling=true");
    expect(earliest.rolling[0]?.date).toBe(published[20]?.[0]);
  });

  it("of too few observations there is none", async () => {
    expect(await refusal("volatility?from=1991-11-12&to=1991-11-13")).toEqual([404, "no_data"]);
    expect(await refusal("volatility?to=1980-01-01")).toEqual([404, "no_data"]);
    expect(await refusal("volatility?from=2023-12-30&to=2023-12-31")).toEqual([404, "no_data"]);
  });
});

describe("/rates/bars", () => {
  it("are of months, and begin with a whole one, where nothing is said", async () => {
    const { from, to, interval, count, bars } = await ask("bars");
    expect([from, to, interval, count]).toEqual(["2022-12-01", "2023-12-29", "month", 13]);
    const march = within("2023-03-01", "2023-03-31");
    expect(bars[3]).toEqual({
      from: "2023-03-01",
      to: "2023-03-31",
      open: march[0]?.[1],
      open_date: march[0]?.[0],
      high: Math.max(...march.map(rateIn)).toFixed(4),
      high_date: expect.any(String),
      low: Math.min(...march.map(rateIn)).toFixed(4),
      low_date: expect.any(String),
      close: march.at(-1)?.[1],
      close_date: march.at(-1)?.[0],
      observations: march.length,
    });
  });

  it("hold nothing from outside of the period, and what is under way is cut at its end", async () => {
    const { bars } = await ask("bars?interval=week&from=2023-03-08&to=2023-03-14");
    expect(bars.map(({ from, to, observations }) => [from, to, observations])).toEqual([
      ["2023-03-08", "2023-03-12", 3],
      ["2023-03-13", "2023-03-14", 2],
    ]);
    expect((await ask("bars?interval=quarter&from=2023-01-01")).bars.at(-1)).toMatchObject({ to: "2023-12-29" });
  });
});

describe("/rates/change", () => {
  it("is from the first observation to the last", async () => {
    const own = within("2023-01-01", "2023-06-30");
    const [start, end] = [own[0] as Observation, own.at(-1) as Observation];
    const answer = await ask("change?from=2023-01-01&to=2023-06-30");
    expect(answer).toMatchObject({
      start: start[1],
      start_date: start[0],
      end: end[1],
      end_date: end[0],
      absolute: (rateIn(end) - rateIn(start)).toFixed(4),
      high: Math.max(...own.map(rateIn)).toFixed(4),
      low: Math.min(...own.map(rateIn)).toFixed(4),
      observations: own.length,
      derived: false,
    });
    expect(Number(answer.percent)).toBeCloseTo((rateIn(end) / rateIn(start) - 1) * 100, 6);
  });

  it("of a cross is of rates that are not rounded first", async () => {
    const { absolute, percent, start, end } = await ask("change?base=EUR&quote=USD&from=2023-01-01&to=2023-06-30");
    expect(Math.abs(Number(end) - Number(start) - Number(absolute))).toBeLessThanOrEqual(1.1e-8);
    expect(Number(percent)).toBeCloseTo((Number(end) / Number(start) - 1) * 100, 5);
    expect(await ask("change?base=USD&quote=USD")).toMatchObject({ absolute: "0", percent: "0.000000" });
  });
});

describe("/rates/statistics", () => {
  it("are over the year that ends on the latest observation where nothing is said", async () => {
    const answer = await ask("statistics");
    const own = within("2022-12-29", "2023-12-29").map(rateIn);
    expect(answer).toMatchObject({ from: "2022-12-29", to: "2023-12-29", observations: own.length });
    const mean = own.reduce((total, one) => total + one, 0) / own.length;
    expect(Number(answer.mean)).toBeCloseTo(mean, 6);
    const deviation = Math.sqrt(own.reduce((total, one) => total + (one - mean) ** 2, 0) / (own.length - 1));
    expect(Number(answer.standard_deviation)).toBeCloseTo(deviation, 9);
    expect(answer.median).toBe(answer.percentiles.p50);
    expect(Number(answer.max_drawdown.percent)).toBeGreaterThan(0);
  });

  it("have no fall where the rate never fell", async () => {
    expect(await ask("statistics?base=USD&quote=USD")).toMatchObject({ max_drawdown: null, mean: "1.000000" });
  });
});

describe("a refusal names the parameter", () => {
  it.each([
    ["volatility?window=1", "window"],
    ["volatility?window=367", "window"],
    ["volatility?rolling=yes", "rolling"],
    ["bars?interval=day", "interval"],
    ["bars?from=2023-02-30", "from"],
    ["change?from=2023-02-01&to=2023-01-01", "from"],
    ["statistics?from=1900-01-01&to=2023-01-01", "from"],
    ["statistics?from=1900-01-01", "from"],
    ["change?days=10", "days"],
  ])("%s", async (path, parameter) => expect(await refusal(path)).toEqual([400, parameter]));

  it.each(["bars", "change", "statistics", "volatility"])(
    "%s has nothing of the future or of before the first rate",
    async (path) => {
      expect(await refusal(`${path}?from=2024-01-01&to=2024-02-01`)).toEqual([404, "no_data"]);
      expect(await refusal(`${path}?to=0000-01-01`)).toEqual([404, "no_data"]);
    },
  );
});
