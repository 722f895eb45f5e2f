import { expect, test } from "vitest";
import { bcb } from "#core/providers/bcb.ts";
import { TestBcb } from "./bcb-site.ts";
import { World } from "./world.ts";

/** Providers that serve each series by a request of its own. */

const page = async (world: World, series: string, year = 2024) =>
  (await world.redis.page(series, year))?.observations ?? [];

/** The history is stored; the second audit, ten minutes after the first, is due. */
async function beforeSecondAudit() {
  const world = new World("2024-02-28T10:00:00Z");
  const site = new TestBcb().put("2024-01-02", "2024-02-27", "5.2006");
  world.add(bcb, site.fetch);
  await world.minutes(1);
  world.nowMs += 10 * 60_000;
  return { world, site };
}

test("an audit whose first response is invalid takes the other series' histories", async () => {
  const { world, site } = await beforeSecondAudit();
  site.put("2001-03-05", "2001-03-05", "2.0406");
  site.instead = (code) => (code === "USD" ? Response.json({ value: 1 }) : undefined);
  await world.minutes(1);
  expect(await page(world, "bcb.EUR.sell", 2001)).toEqual([["2001-03-05", "2.0406"]]);
  expect(world.watch.events.join()).not.toContain("newest value is dated");
});
