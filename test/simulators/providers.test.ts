import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { compareDecimals, parseDecimal } from "#core/money/decimal.ts";
import { bcra } from "#core/providers/bcra.ts";
import { bdi } from "#core/providers/bdi.ts";
import { cbr } from "#core/providers/cbr.ts";
import { ecb } from "#core/providers/ecb.ts";
import type { DateSpan, Provider, ProviderRequest } from "#core/providers/provider.ts";
import { addDays } from "#core/time/dates.ts";
import { expectedLatest } from "#core/time/publication.ts";
import { startBanxico } from "../../tools/simulators/banxico/simulator.ts";
import { requestBanxico } from "../../tools/simulators/banxico-client.ts";
import { simulatedProviders } from "../../tools/simulators/providers/mount.ts";
import type { Simulator } from "../../tools/simulators/server.ts";
import { faultsOf, linesOf, readProvider } from "./provider-client.ts";

/** A Friday on which all but the TRM are out. */
const FRIDAY_MS = Date.parse("2026-03-20T21:00:00Z");
const RANGE = { from: "2026-03-02", to: "2026-03-19" };
const SIMULATED = simulatedProviders().map(({ provider }) => provider);
const DAILY = SIMULATED.filter(({ id }) => id !== "exchangerate-api");

let nowMs = FRIDAY_MS;
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startBanxico({ realNow: () => nowMs });
});
afterAll(() => simulator.stop());

const read = (provider: Provider, span: DateSpan, atMs = FRIDAY_MS) => {
  nowMs = atMs;
  return readProvider(simulator, provider, span, atMs);
};

/** The first of them, one in the middle of a year, and the last. */
const some = (requests: ProviderRequest[]) =>
  requests.filter((_, index) => index === 0 || index === 130 || index === requests.length - 1);

describe.each(SIMULATED.map((provider) => [provider.id, provider] as const))("%s", (_, provider) => {
  it("gives the newest value of each series in use", async () => {
    const results = await read(provider, "newest");
    const lines = linesOf(results);
    expect(faultsOf(results)).toEqual([]);
    for (const { id, until, publication = provider.publication } of provider.series) {
      if (until !== undefined) continue;
      const last =
        lines
          .filter((line) => line.startsWith(`${id} `))
          .at(-1)
          ?.split(" ")[1] ?? "";
      expect(`${id} ${last.slice(0, 10)}` >= `${id} ${expectedLatest(publication, FRIDAY_MS)}`).toBe(true);
    }
  });

  it("gives the same values again, and to another simulator of the same clock", async () => {
    const lines = linesOf(await read(provider, "newest"));
    const other = await startBanxico({ realNow: () => FRIDAY_MS });
    try {
      expect(linesOf(await readProvider(other, provider, "newest", FRIDAY_MS))).toEqual(lines);
    } finally {
      await other.stop();
    }
  });
});

describe.each(DAILY.map((provider) => [provider.id, provider] as const))("%s", (_, provider) => {
  it("gives a range, with the dates of the range only", async () => {
    const results = await read(provider, RANGE);
    const lines = linesOf(results);
    const dates = lines.map((line) => line.split(" ")[1] as string);
    expect(faultsOf(results)).toEqual([]);
    expect(dates.every((date) => date >= RANGE.from && date <= RANGE.to)).toBe(true);
    expect(new Set(dates).size).toBeGreaterThanOrEqual(13);
  });

  it("gives the same value at every endpoint and later on, apart from zeros", async () => {
    const known = new Map(
      linesOf(await read(provider, RANGE, FRIDAY_MS + 4 * 86_400_000)).map((line) => {
        const [series, date, value] = line.split(" ");
        return [`${series} ${date}`, value as string] as const;
      }),
    );
    let compared = 0;
    for (const line of linesOf(await read(provider, "newest"))) {
      const [series, date, value = ""] = line.split(" ");
      const other = known.get(`${series} ${date}`);
      if (other === undefined) continue;
      expect(compareDecimals(parseDecimal(value), parseDecimal(other)), line).toBe(0);
      compared++;
    }
    const isOfOneDay = provider === ecb || provider === cbr;
    expect(compared > 0 || isOfOneDay).toBe(true);
  });

  it("gives all of its history", async () => {
    nowMs = FRIDAY_MS;
    const series = provider.id === "bcb" ? provider.series.slice(0, 2) : provider.series;
    const results = await readProvider(simulator, provider, "all", FRIDAY_MS, { series, only: some });
    const lines = linesOf(results);
    expect(faultsOf(results)).toEqual([]);
    const [first = ""] = lines.map((line) => line.split(" ")[1] as string).sort();
    const isShort = [bdi.id, cbr.id, bcra.id].includes(provider.id);
    if (isShort) expect(first > "2025-03-19" && first < "2025-11-01").toBe(true);
    else expect(first <= addDays(provider.firstDate, 5)).toBe(true);
  });
});

test("the history has every year, without a move that a guard would hold", async () => {
  const lines = linesOf(await read(ecb, "all"));
  const before = new Map<string, number>();
  const years = new Set<string>();
  let max = { move: 0, line: "" };
  for (const line of lines) {
    const [series = "", date = "", value] = line.split(" ");
    const move = Math.abs(Math.log(Number(value) / (before.get(series) ?? Number(value))));
    if (move > max.move) max = { move, line };
    before.set(series, Number(value));
    years.add(date.slice(0, 4));
  }
  expect(max.move, max.line).toBeLessThan(0.05);
  expect(years.size).toBe(28);
  expect(before.size).toBe(ecb.series.length);
});

describe("the simulated clock decides what is out", () => {
  const newestOf = async (series: string, instant: string) => {
    const provider = SIMULATED.find(({ id }) => series.startsWith(`${id}.`)) as Provider;
    const lines = linesOf(await read(provider, "newest", Date.parse(instant)));
    return lines
      .filter((line) => line.startsWith(`${series} `))
      .at(-1)
      ?.split(" ")[1];
  };
  it.each([
    ["ecb.USD", "2026-03-20T14:59:59Z", "2026-03-19"],
    ["ecb.USD", "2026-03-20T15:00:00Z", "2026-03-20"],
    // Good Friday and Easter Monday.
    ["ecb.USD", "2026-04-06T20:00:00Z", "2026-04-02"],
    ["nbp.USD", "2026-03-19T20:00:00Z", "2026-03-19"],
    ["nbp.AFN", "2026-03-19T20:00:00Z", "2026-03-18"],
    ["cbr.USD", "2026-03-20T12:59:59Z", "2026-03-20"],
    ["cbr.USD", "2026-03-20T13:00:00Z", "2026-03-21"],
    ["cbr.USD", "2026-03-22T13:00:00Z", "2026-03-21"],
    ["banrep.USD", "2026-03-20T23:05:00Z", "2026-03-21"],
    ["bcch.USD", "2026-03-20T21:00:00Z", "2026-03-23"],
    ["bcch.CLF", "2026-03-20T21:00:00Z", "2026-04-09"],
  ])("%s at %s: %s", async (series, instant, date) => expect(await newestOf(series, instant)).toBe(date));
});

test("what a dollar costs agrees within 0.5 % from provider to provider", async () => {
  nowMs = FRIDAY_MS;
  const { values } = await requestBanxico(simulator, "SF43718/datos/2026-03-18/2026-03-18", {
    "Bmx-Token": "local0token".padEnd(64, "0"),
  });
  const costs = new Map([["MXN", [Number(values.SF43718?.["2026-03-18"])]]]);
  for (const provider of DAILY) {
    const lines = linesOf(await read(provider, { from: "2026-03-18", to: "2026-03-18" }));
    const found = new Map(lines.map((line) => [line.split(" ")[0], line.split(" ")[2] as string]));
    const dollar = provider.series.find(({ base, quote }) => base === "USD" || quote === "USD");
    for (const { id, base, quote } of provider.series) {
      const [own, perDollar] = [found.get(id), found.get(dollar?.id ?? "")];
      if (own === undefined || perDollar === undefined || own.replace(/^0\.0*|\./g, "").length < 4) continue;
      const isPivotBase = base === provider.pivot;
      const cost = isPivotBase ? Number(own) / Number(perDollar) : Number(perDollar) / Number(own);
      const code = isPivotBase ? quote : base;
      costs.set(code, [...(costs.get(code) ?? []), cost]);
    }
  }
  const shared = [...costs].filter(([, all]) => all.length > 1);
  expect(shared.length).toBeGreaterThan(120);
  for (const [code, all] of shared) expect(Math.max(...all) / Math.min(...all), code).toBeLessThan(1.005);
});
