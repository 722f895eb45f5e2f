import { expect, test } from "vitest";
import { bcb } from "#core/providers/bcb.ts";
import { TestBcb } from "./bcb-site.ts";
import { World } from "./world.ts";

/** Providers that serve each series by a request of its own. */

const CODES = [...new Set(bcb.series.map(({ base }) => base))];
const down = () => new Response("down", { status: 503 });
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

/** A quarter past one in São Paulo: today's bulletins are out, and none is stored. */
async function afterAnnouncement() {
  const { world, site } = await beforeSecondAudit();
  await world.minutes(1);
  world.nowMs = Date.parse("2024-02-28T16:15:00Z");
  site.put("2024-02-28", "2024-02-28", "5.2106");
  site.requested.length = 0;
  return { world, site };
}
const codesRead = async (world: World) => {
  const pages = await Promise.all(CODES.map((code) => page(world, `bcb.${code}.sell`)));
  return CODES.filter((_, index) => pages[index]?.some(([date]) => date === "2024-02-28"));
};

test.each(CODES)("while all requests for %s fail, the other currencies are read", async (code) => {
  const { world, site } = await afterAnnouncement();
  site.instead = (one) => (one === code ? down() : undefined);
  await world.minutes(1);
  expect(await codesRead(world)).toEqual(CODES.filter((one) => one !== code));
  expect(world.watch.events.join()).toContain("ingest_failed bcb sync transient: status 503");
  expect(world.watch.events.join()).not.toContain("breaker");
});

test("what is read beside a failed request still says that a value was taken back", async () => {
  const { world, site } = await afterAnnouncement();
  site.days.delete("2024-02-26");
  site.instead = (code) => (code === "USD" ? down() : undefined);
  await world.minutes(60);
  expect(await world.redis.page("bcb.EUR.sell", 2024)).toMatchObject({ withdrawn: ["2024-02-26"] });
  expect((await world.redis.page("bcb.USD.sell", 2024))?.withdrawn ?? []).toEqual([]);
});

test("a provider that is down is sent no more than two requests, and one of them again", async () => {
  const { world, site } = await afterAnnouncement();
  site.instead = down;
  await world.minutes(1);
  expect(site.requested).toHaveLength(3);
  expect(new Set(site.requested).size).toBe(2);
  await world.minutes(24 * 60);
  expect(site.requested.length).toBeLessThan(bcb.budget.perDay);
  site.instead = () => undefined;
  await world.minutes(5 * 60);
  expect(await codesRead(world)).toEqual(CODES);
});

test("a limit is respected by all requests", async () => {
  const { world, site } = await afterAnnouncement();
  site.instead = () => new Response("later", { status: 429, headers: { "Retry-After": "1800" } });
  await world.minutes(1);
  expect(site.requested).toHaveLength(1);
});

test("when time runs out it is not always the same currencies that are left out", async () => {
  const { world, site } = await afterAnnouncement();
  site.instead = () => {
    world.nowMs += 8_000;
    return undefined;
  };
  const first = new Set<string>();
  for (let reading = 0; reading < 20; reading++) {
    const { length } = site.requested;
    await world.minutes(1);
    world.nowMs = Date.parse("2024-02-28T16:15:00Z") + reading * 240 * 60_000;
    if (site.requested.length > length) first.add(site.requested[length] as string);
  }
  expect(first.size).toBeGreaterThan(5);
  expect(await codesRead(world)).toEqual(CODES);
});

test("a bulletin that was issued twice, with other values, costs its own date only", async () => {
  const { world, site } = await afterAnnouncement();
  site.instead = (code) => {
    if (code !== "AUD") return undefined;
    const row = (date: string, time: string, cotacaoVenda: number) => {
      const dataHoraCotacao = `${date} ${time}`;
      return { cotacaoCompra: cotacaoVenda - 0.0006, cotacaoVenda, dataHoraCotacao, tipoBoletim: "Fechamento" };
    };
    const value = [...site.days].map(([date, rate]) => row(date, "13:09:26.433", Number(rate)));
    return Response.json({ value: [...value, row("2024-02-28", "13:25:01.1", 5.2116)] });
  };
  site.put("2024-02-29", "2024-02-29", "5.2206");
  world.nowMs = Date.parse("2024-02-29T16:15:00Z");
  await world.minutes(1);
  expect((await page(world, "bcb.AUD.sell")).slice(-2)).toEqual([
    ["2024-02-27", "5.2006"],
    ["2024-02-29", "5.2206"],
  ]);
  expect((await page(world, "bcb.EUR.sell")).slice(-2)).toEqual([
    ["2024-02-28", "5.2106"],
    ["2024-02-29", "5.2206"],
  ]);
});
