import { describe, expect, it } from "vitest";
import type { Observation } from "#core/rates/page.ts";
import { EASTER_2023 } from "./figures.ts";
import { madeUpFigures, world } from "./world.ts";

interface History {
  from: string;
  to: string;
  count: number;
  observations: { date: string; rate: string; carried_from?: string }[];
  next_update: string | null;
}

const figures = madeUpFigures("2023-12-29");
const published = figures.USD as readonly Observation[];
const friday = world({ now: "2023-12-29T20:00:00Z", figures });

const history = async (query: string, asked = friday) =>
  (await asked.json(`/api/v1/rates/historical?${query}`)) as unknown as History;
const between = (from: string, to: string) =>
  published.filter(([date]) => date >= from && date <= to).map(([date, rate]) => ({ date, rate }));

describe("a period", () => {
  it("is the last ten days where nothing is said", async () => {
    expect(await history("")).toMatchObject({
      from: "2023-12-20",
      to: "2023-12-29",
      count: 7,
      observations: between("2023-12-20", "2023-12-29"),
      next_update: "2024-01-02T18:00:00Z",
    });
  });

  it("of days counts calendar days that end on the latest observation", async () => {
    const { from, to, observations } = await history("days=366");
    expect([from, to]).toEqual(["2022-12-29", "2023-12-29"]);
    expect(observations).toEqual(between(from, to));
    expect((await history("days=1")).count).toBe(1);
    const sunday = world({ now: "2023-12-31T20:00:00Z", figures });
    expect(await history("days=1", sunday)).toMatchObject({ from: "2023-12-29", to: "2023-12-29", count: 1 });
  });

  it("of a weekend is empty, and filled it has the rates in force, whether or not the next observation has come", async () => {
    const weekend = "from=2023-12-30&to=2023-12-31";
    const tuesday = world({ now: "2024-01-02T12:00:00Z", figures });
    expect(await history(weekend, tuesday)).toMatchObject({ count: 0, observations: [] });
    const { observations } = await history(`${weekend}&fill=previous`, tuesday);
    expect(observations.map(({ date, carried_from }) => [date, carried_from])).toEqual([
      ["2023-12-30", "2023-12-29"],
      ["2023-12-31", "2023-12-29"],
    ]);
  });

  it("from a date runs to today", async () => {
    const sunday = world({ now: "2023-12-31T20:00:00Z", figures });
    expect(await history("from=2023-12-27", sunday)).toMatchObject({ from: "2023-12-27", to: "2023-12-31", count: 3 });
  });

  it("of all there is, from the first observation to the last", async () => {
    const { count, observations, next_update } = await history("from=1991-11-12&to=2023-12-28");
    expect(count).toBe(published.length - 1);
    expect(observations).toEqual(between("1991-11-12", "2023-12-28"));
    expect(next_update).toBeNull();
  });

  it("that begins before the first date, or ends in the future, holds what there is", async () => {
    expect((await history("from=1980-01-01&to=1991-12-31")).observations).toEqual(between("1991-11-12", "1991-12-31"));
    expect(await history("from=2023-12-20&to=2030-01-01")).toMatchObject({
      to: "2030-01-01",
      observations: between("2023-12-20", "2023-12-29"),
      next_update: "2024-01-02T18:00:00Z",
    });
  });

  it("without a fixing inside the range is empty; outside of it there is none", async () => {
    expect(await history("from=2023-04-08&to=2023-04-09")).toMatchObject({ count: 0, observations: [] });
    for (const query of ["from=1980-01-01&to=1991-11-11", "from=2023-12-30&to=2024-06-01", "from=9999-12-31"]) {
      const response = await friday.get(`/api/v1/rates/historical?${query}`);
      expect([query, response.status]).toEqual([query, 404]);
      expect(await response.json()).toMatchObject({
        code: "no_data",
        detail: expect.stringContaining("there are rates from 1991-11-12 to 2023-12-29"),
      });
    }
  });

  it("of a pair begins with the later of its series", async () => {
    expect((await history("base=EUR&quote=USD&from=1998-12-01&to=1999-01-10")).observations[0]?.date).toBe(
      "1999-01-04",
    );
  });
});

describe("a limit", () => {
  it("keeps the newest, over as many years as it takes", async () => {
    expect((await history("limit=100")).observations).toEqual(between("1991-01-01", "2023-12-29").slice(-100));
    expect((await history("limit=1000")).observations).toEqual(between("1991-01-01", "2023-12-29").slice(-1000));
    expect((await history("limit=20000")).count).toBe(published.length);
    expect(await history("limit=3&to=2023-04-09")).toMatchObject({
      to: "2023-04-09",
      observations: between("1991-01-01", "2023-04-09").slice(-3),
    });
  });

  it("begins with the first that it keeps", async () => {
    const { from, observations } = await history("limit=5");
    expect(from).toBe(observations[0]?.date);
  });

  it("goes with a period", async () => {
    expect((await history("limit=2&days=10")).observations).toEqual(between("2023-12-28", "2023-12-29"));
    expect((await history("limit=2&from=2023-01-01&to=2023-01-31")).observations).toEqual(
      between("2023-01-01", "2023-01-31").slice(-2),
    );
    expect((await friday.get("/api/v1/rates/historical?limit=5&to=1991-11-11")).status).toBe(404);
  });

  it("reads no more years than it needs, even to an end in the far future", async () => {
    const asked = world({ now: "2023-12-29T20:00:00Z", figures });
    expect((await history("limit=3&to=2060-12-31", asked)).count).toBe(3);
    expect(asked.reads.flatMap(({ years }) => years).every((year) => year >= 2022)).toBe(true);
  });

  it("does not stretch a period beyond what one answer may span", async () => {
    const response = await friday.get("/api/v1/rates/historical?limit=3&to=9999-12-31");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ parameter: "to" }] });
  });
});

describe("fill=previous", () => {
  it("adds weekends and Easter, each with the date it is carried from", async () => {
    const easter = world({
      now: "2023-12-29T20:00:00Z",
      figures: { USD: [...EASTER_2023, ["2023-12-29", "16.9190"]] },
    });
    const { count, observations } = await history("from=2023-04-05&to=2023-04-11&fill=previous", easter);
    expect(observations).toEqual([
      { date: "2023-04-05", rate: "18.3323" },
      { date: "2023-04-06", rate: "18.3323", carried_from: "2023-04-05" },
      { date: "2023-04-07", rate: "18.3323", carried_from: "2023-04-05" },
      { date: "2023-04-08", rate: "18.3323", carried_from: "2023-04-05" },
      { date: "2023-04-09", rate: "18.3323", carried_from: "2023-04-05" },
      { date: "2023-04-10", rate: "18.1765" },
      { date: "2023-04-11", rate: "18.1870" },
    ]);
    expect(count).toBe(7);
    expect((await history("from=2023-04-05&to=2023-04-11&fill=none", easter)).count).toBe(3);
  });

  it("carries into a period that begins on a weekend, over New Year too", async () => {
    const { observations } = await history("from=2023-01-01&to=2023-01-03&fill=previous");
    expect(observations.map(({ date, carried_from }) => [date, carried_from])).toEqual([
      ["2023-01-01", "2022-12-30"],
      ["2023-01-02", undefined],
      ["2023-01-03", undefined],
    ]);
    expect(await history("from=2023-04-08&to=2023-04-09&fill=previous")).toMatchObject({ count: 2 });
  });

  it("carries no further than today, nor before the first date", async () => {
    const sunday = world({ now: "2023-12-31T20:00:00Z", figures });
    expect(
      (await history("from=2023-12-28&to=2024-06-30&fill=previous", sunday)).observations.map(({ date }) => date),
    ).toEqual(["2023-12-28", "2023-12-29", "2023-12-30", "2023-12-31"]);
    expect((await history("from=1991-11-01&to=1991-11-17&fill=previous")).observations[0]).toMatchObject({
      date: "1991-11-12",
    });
  });

  it("carries no further than fourteen days", async () => {
    const gap: Observation[] = [
      ["2023-01-02", "19.0000"],
      ["2023-03-01", "18.0000"],
      ["2023-12-29", "16.9190"],
    ];
    const sparse = world({ now: "2023-12-29T20:00:00Z", figures: { USD: gap } });
    const { observations } = await history("from=2023-01-01&to=2023-03-01&fill=previous", sparse);
    expect(observations.map(({ date }) => date)).toHaveLength(16);
    expect(observations.at(-2)).toEqual({ date: "2023-01-16", rate: "19.0000", carried_from: "2023-01-02" });
    expect((await sparse.get("/api/v1/rates/on/2023-01-16")).status).toBe(200);
    expect((await sparse.get("/api/v1/rates/on/2023-01-17")).status).toBe(404);
  });
});

describe("a clock behind the data", () => {
  it("sees nothing that is later than its today", async () => {
    const june = world({ now: "2023-06-15T20:00:00Z", figures });
    expect(await june.json("/api/v1/rates/current")).toMatchObject({ date: "2023-06-15", stale: false });
    expect(await june.json("/api/v1/rates/on/2023-06-15")).toMatchObject({
      date: "2023-06-15",
      next_update: "2023-06-16T18:00:00Z",
    });
    expect((await june.get("/api/v1/rates/on/2023-06-16")).status).toBe(404);
    expect((await history("from=2023-06-14&to=2023-12-31", june)).count).toBe(2);
  });
});
