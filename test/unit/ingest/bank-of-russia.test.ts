import { expect, test } from "vitest";
import { cbr } from "#core/providers/cbr.ts";
import type { Provider } from "#core/providers/provider.ts";
import { addDays, weekdayOf } from "#core/time/dates.ts";
import { World } from "./world.ts";

/** What the Bank of Russia does otherwise than other banks: it works on some Saturdays. */

const CBR: Provider = { ...cbr, series: cbr.series.filter(({ base }) => ["USD", "EUR"].includes(base)) };

class Site {
  /** The dollar's rate by date; the euro's is a tenth higher. */
  readonly values = new Map<string, number>();
  readonly requested: string[] = [];

  readonly fetch: typeof fetch = async (input) => {
    const asked = new URL(String(input)).searchParams.get("date_req")?.split("/").reverse().join("-");
    this.requested.push(asked ?? "newest");
    const date = [...this.values.keys()].filter((one) => one <= (asked ?? one)).at(-1) ?? "1998-01-01";
    const value = this.values.get(date) ?? 90;
    const row = (code: string, by: number) =>
      `<Valute ID="R1"><CharCode>${code}</CharCode><Nominal>1</Nominal><Value>${(value * by).toFixed(4).replace(".", ",")}</Value></Valute>`;
    return new Response(
      `<ValCurs Date="${date.split("-").reverse().join(".")}">${row("USD", 1)}${row("EUR", 1.1)}</ValCurs>`,
    );
  };
}

/** Rates of each working day from November 2024 on, in force from the next. */
function filled(): Site {
  const site = new Site();
  for (let day = "2024-11-01"; day <= "2024-12-26"; day = addDays(day, 1))
    if (weekdayOf(day) % 6 !== 0) site.values.set(addDays(day, 1), 99.6125);
  site.values.set("2024-12-28", 100.5281);
  return site;
}

const newestOf = async (world: World) => (await world.redis.page("cbr.USD", 2024))?.observations.at(-1);

test("the rates set on a working Saturday are in the history that is read afterwards", async () => {
  const site = filled();
  // 28 December 2024 was a Saturday; its rates were in force until 9 January.
  site.values.set("2024-12-29", 101.6797).set("2025-01-10", 102.2911).set("2025-01-11", 101.9146);
  const world = new World("2025-01-10T17:00:00Z");
  world.add(CBR, site.fetch);
  await world.minutes(60);
  expect(await newestOf(world)).toEqual(["2024-12-29", "101.6797"]);
});

test("the rates set on a working Saturday are taken on the day, and stay", async () => {
  const site = filled();
  const world = new World("2024-12-27T17:00:00Z");
  world.add(CBR, site.fetch);
  await world.minutes(30);
  expect(await newestOf(world)).toEqual(["2024-12-28", "100.5281"]);
  site.values.set("2024-12-29", 101.6797);
  site.requested.length = 0;
  for (const day of ["2024-12-28", "2024-12-29", "2024-12-30", "2024-12-31", "2025-01-02"]) {
    world.nowMs = Date.parse(`${day}T12:00:00Z`);
    await world.minutes(130);
    expect(await newestOf(world), day).toEqual(["2024-12-29", "101.6797"]);
  }
  // Sundays cost no more than a window has had before: what has been read of the trailing days is not left out.
  expect(site.requested.length).toBeLessThan(5 * CBR.budget.perDay);
  expect(await world.redis.send(["HGET", "paridad:v1:ingest:cbr", "left_out"])).toBeNull();
});
