import { describe, expect, it } from "vitest";
import { providerHealthOf } from "#core/api/provider-health.ts";
import type { Board } from "#core/pages/board.ts";
import { catalogue } from "./catalogues.ts";

const nowMs = Date.parse("2023-12-29T20:00:00Z");
const ecb = catalogue(["ecb"]).main;
const inUse = ecb.series.filter(({ until }) => until === undefined || until > "2023-12-29");

const boardOf = (values: Board["values"]): Board => ({ provider: "ecb", version: 1, values });
const all = (date: string) => Object.fromEntries(inUse.map(({ id }) => [id, [date, "1.5"] as const]));
const health = (board: Board | undefined, atMs = nowMs) =>
  providerHealthOf({ provider: ecb, board, breaker: "closed" }, atMs);

describe("a provider", () => {
  it("is current with the newest value that is due, of every series in use", () => {
    expect(health(boardOf(all("2023-12-29")))).toEqual({
      id: "ecb",
      state: "current",
      latest: "2023-12-29",
      expected: "2023-12-29",
      publishes_missed: 0,
      series_behind: 0,
      series_missing: 0,
      circuit_breaker: "closed",
    });
  });

  it("is not behind on holidays of its own", () =>
    expect(health(boardOf(all("2026-04-02")), Date.parse("2026-04-06T20:00:00Z"))).toMatchObject({ state: "current" }));

  it("is behind with one series that is", () =>
    expect(health(boardOf({ ...all("2023-12-29"), "ecb.USD": ["2023-12-27", "1.1"] }))).toMatchObject({
      state: "behind",
      latest: "2023-12-29",
      publishes_missed: 2,
      series_behind: 1,
    }));

  it("says which series never had a value", () => {
    const { "ecb.USD": _, ...others } = all("2023-12-29");
    expect(health(boardOf(others))).toMatchObject({ state: "current", series_missing: 1 });
  });

  it("is missing without any value, and unknown where none could be read", () => {
    expect(health(boardOf({}))).toMatchObject({ state: "missing", latest: null, series_missing: inUse.length });
    expect(health(undefined)).toMatchObject({ state: "unknown", latest: null, series_missing: 0 });
  });

  it("expects nothing of series that have not begun", () =>
    expect(health(boardOf({}), Date.parse("1990-01-01T00:00:00Z"))).toMatchObject({
      state: "current",
      series_missing: 0,
    }));
});
