import { expect, test } from "vitest";
import { bdi } from "#core/providers/bdi.ts";
import { cbr } from "#core/providers/cbr.ts";
import type { Provider } from "#core/providers/provider.ts";
import { addDays, weekdayOf } from "#core/time/dates.ts";
import { World } from "./world.ts";

/** What a provider that serves one day a request published while it could not be reached. */

/** With few series, which take less time to store. */
const CBR: Provider = { ...cbr, series: cbr.series.slice(0, 3) };
const BDI: Provider = { ...bdi, series: bdi.series.slice(0, 3) };

/** One value a day on some dates; while `isDown`, none. */
class DailySite {
  readonly dates: string[] = [];
  readonly requested: string[] = [];
  isDown = false;
  readonly #bodyOf: (date: string) => string;

  constructor(bodyOf: (date: string) => string) {
    this.#bodyOf = bodyOf;
  }

  /** Publishes for each weekday of a range, `shift` days after it. */
  put(from: string, to: string, shift: number): this {
    for (let day = from; day <= to; day = addDays(day, 1))
      if (weekdayOf(day) % 6 !== 0) this.dates.push(addDays(day, shift));
    return this;
  }

  readonly fetch: typeof fetch = async (input) => {
    const query = new URL(String(input)).searchParams;
    const asked = query.get("referenceDate") ?? query.get("date_req")?.split("/").reverse().join("-");
    this.requested.push(asked ?? "newest");
    if (this.isDown) return new Response("down", { status: 503 });
    return new Response(this.#bodyOf(this.dates.filter((date) => date <= (asked ?? date)).at(-1) ?? "1998-01-01"));
  };
}

const cbrSite = () =>
  new DailySite((date) => {
    const rows = CBR.series.map(
      ({ providerId, unit }) =>
        `<Valute ID="R1"><CharCode>${providerId}</CharCode><Nominal>${unit}</Nominal><Value>91,5000</Value></Valute>`,
    );
    return `<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="${date.split("-").reverse().join(".")}" name="x">${rows.join("")}</ValCurs>`;
  });

const bdiSite = () =>
  new DailySite((date) => {
    const rows = BDI.series
      .filter(({ until = date }) => until >= date)
      .map(({ providerId }) => `X,X,${providerId},1,1.5000,Foreign currency amount for 1 Euro.,${date}`);
    return ["Country,Currency,ISO Code,UIC Code,Rate,Rate convention,Reference date (CET)", ...rows, ""].join("\n");
  });

/** Read until the evening of Wednesday, 13 March 2024; its audit, which takes months, has read February. */
async function readUntilWednesday(provider: Provider, site: DailySite, shift: number) {
  const world = new World("2024-03-13T17:00:00Z");
  site.put("2023-11-01", "2024-03-13", shift);
  world.add(provider, site.fetch);
  await world.minutes(20);
  site.isDown = true;
  world.nowMs += 30 * 60_000;
  await world.minutes(10);
  return world;
}

const missing = async (world: World, series: string, site: DailySite) => {
  const stored = (await world.redis.page(series, 2024))?.observations.map(([date]) => date) ?? [];
  return site.dates.filter((date) => date >= "2024-03-01" && !stored.includes(date));
};

test("after an outage from Thursday to Monday the Bank of Russia's rates of all days are read by the next sync", async () => {
  const site = cbrSite();
  const world = await readUntilWednesday(CBR, site, 1);
  site.put("2024-03-14", "2024-03-18", 1);
  world.nowMs = Date.parse("2024-03-18T14:00:00Z");
  await world.minutes(1);
  site.isDown = false;
  site.requested.length = 0;
  await world.minutes(21);
  expect(await missing(world, "cbr.AED", site)).toEqual([]);
  // Nothing is announced after Tuesday; Wednesday's may come early.
  expect(site.requested.filter((date) => date !== "newest" && date > "2024-03-20")).toEqual([]);
  expect(site.requested).toContain("2024-03-20");
});

test.each<[string, Provider, () => DailySite, string, number]>([
  ["the Bank of Russia", CBR, cbrSite, "cbr.AED", 1],
  ["Banca d'Italia", BDI, bdiSite, "bdi.AED", 0],
])(
  "after five weeks without %s all of its days are read within two, its audit going on as it was",
  async (_, provider, siteOf, series, shift) => {
    const site = siteOf();
    const world = await readUntilWednesday(provider, site, shift);
    const auditTo = () => world.redis.send(["HGET", `paridad:v1:ingest:${provider.id}`, "audit_to"]);
    const before = String(await auditTo());
    site.put("2024-03-14", "2024-04-18", shift);
    world.nowMs = Date.parse("2024-04-18T17:00:00Z");
    await world.minutes(1);
    site.isDown = false;
    await world.minutes(90);
    expect(await missing(world, series, site)).toEqual([]);
    expect(String(await auditTo()) <= before).toBe(true);
    expect(await world.redis.send(["HGET", `paridad:v1:ingest:${provider.id}`, "left_out"])).toBeNull();
    expect(site.requested.length).toBeLessThan(2 * provider.budget.perDay);
  },
);

test("days at which a window was cut short by a failure are read later", async () => {
  const site = bdiSite();
  const world = await readUntilWednesday(BDI, site, 0);
  site.put("2024-03-14", "2024-03-20", 0);
  world.nowMs = Date.parse("2024-03-20T17:00:00Z");
  const { fetch } = site;
  let isBroken = true;
  world.others.length = 0;
  world.add(BDI, async (input) => {
    site.isDown = isBroken && String(input).includes("2024-03-18");
    return fetch(input);
  });
  await world.minutes(2);
  expect(await missing(world, "bdi.AED", site)).toEqual(["2024-03-14", "2024-03-15", "2024-03-18"]);
  isBroken = false;
  await world.minutes(20);
  expect(await missing(world, "bdi.AED", site)).toEqual([]);
});
