import { expect, test } from "vitest";
import { bcch } from "#core/providers/bcch.ts";
import { bdi } from "#core/providers/bdi.ts";
import { nbp } from "#core/providers/nbp.ts";
import { businessDaysIn, TARGET } from "#core/time/calendars.ts";
import { ProviderClient } from "../../../worker/ingest/provider-client.ts";
import { World } from "./world.ts";

const DISCLAIMER = "\n\n# DISCLAIMER: indicative\n";
const HEADER = "Country,Currency,ISO Code,UIC Code,Rate,Rate convention,Reference date (CET)";

/** Banca d'Italia: the table of the day that is requested, empty for days that it does not have. */
class TestBdi {
  readonly days = new Map<string, string>();
  /** The dates for which it says that it has no value of the dollar. */
  readonly without = new Set<string>();
  readonly requested: string[] = [];
  instead: (date: string) => Response | undefined = () => undefined;
  readonly fetch: typeof fetch = async (input) => {
    const date = new URL(String(input)).searchParams.get("referenceDate") ?? "";
    this.requested.push(date);
    const other = this.instead(date);
    if (other) return other;
    const rate = this.days.get(date);
    const codes = rate === undefined ? [] : bdi.series.filter(({ until = date }) => until >= date);
    const rows = codes.map(
      ({ providerId: code }) =>
        `X,X,${code},1,${code === "USD" && this.without.has(date) ? "N.A." : rate},Foreign currency amount for 1 Euro.,${date}`,
    );
    return new Response([HEADER, ...rows].join("\n") + DISCLAIMER, { headers: { "Content-Type": "text/csv" } });
  };
}

test("a history that takes thousands of requests comes newest first, as the budget allows, and no new value waits for it", async () => {
  const world = new World("2024-02-28T10:00:00Z");
  const site = new TestBdi();
  for (const date of ["2024-02-15", "2024-02-26", "2024-02-27"]) site.days.set(date, "1.5000");
  world.add(bdi, site.fetch);
  await world.minutes(1);
  expect(site.requested.slice(0, 3)).toEqual(["2024-02-28", "2024-02-27", "2024-02-26"]);
  expect(site.requested.length).toBeLessThanOrEqual(12);
  expect((await world.redis.page("bdi.USD", 2024))?.observations.at(-1)).toEqual(["2024-02-27", "1.5000"]);
  await world.minutes(300);
  // In five hours more than half of the day's budget, but not all of it; each day once.
  expect(site.requested.length).toBeGreaterThan(100);
  expect(site.requested.length).toBeLessThan(bdi.budget.perDay);
  expect((await world.redis.page("bdi.USD", 2024))?.observations[0]).toEqual(["2024-02-15", "1.5000"]);
  const reached = await auditTo(world);
  expect(String(reached) < "2023-12-01").toBe(true);
  site.days.set("2024-02-28", "1.6000");
  world.nowMs = Date.parse("2024-02-28T16:00:00Z");
  await world.minutes(6);
  expect((await world.redis.page("bdi.USD", 2024))?.observations.at(-1)).toEqual(["2024-02-28", "1.6000"]);
  expect(await auditTo(world)).toBe(reached);
  expect(world.watch.exceptions).toEqual([]);
});

const auditTo = (world: World) => world.redis.send(["HGET", "paridad:v1:ingest:bdi", "audit_to"]);
const GIVEN_UP = "an audit goes on without dates that it cannot read";

test.each([
  ["503", () => new Response("down", { status: 503 })],
  ["a page for people", () => new Response("<!doctype html><p>")],
  ["404", () => new Response("?", { status: 404 })],
  ["no table", () => new Response("x")],
])("an audit gets past old dates whose response is %s, and operators are told", async (_, wrong) => {
  const world = new World("2024-02-28T10:00:00Z");
  const site = new TestBdi();
  for (const date of businessDaysIn(TARGET, "2024-02-01", "2024-02-27")) site.days.set(date, "1.5000");
  const isWrong = (date: string) => date >= "2024-02-06" && date <= "2024-02-07";
  site.instead = (date) => (isWrong(date) ? wrong() : undefined);
  world.add(bdi, site.fetch);
  await world.minutes(4 * 60);
  const dates = (await world.redis.page("bdi.USD", 2024))?.observations.map(([date]) => date) ?? [];
  expect(dates).toContain("2024-02-05");
  expect(dates).toContain("2024-02-08");
  expect(dates.some(isWrong)).toBe(false);
  expect(world.watch.events.join()).toContain("ingest_failed bdi audit");
  expect(String(await auditTo(world)) < "2024-02-01").toBe(true);
  expect(world.watch.exceptions).toEqual([]);
});

test("an audit does not end where a part reads nothing, and goes on past it after three tries", async () => {
  const world = new World("2024-02-28T10:00:00Z");
  const site = new TestBdi();
  for (const date of businessDaysIn(TARGET, "2023-12-01", "2024-02-27")) site.days.set(date, "1.5000");
  const isWrong = (date: string) => date >= "2023-12-20" && date <= "2024-02-09";
  site.instead = (date) => (isWrong(date) ? new Response("?", { status: 404 }) : undefined);
  world.add(bdi, site.fetch);
  await world.minutes(20);
  expect(isWrong(String(await auditTo(world)))).toBe(true);
  expect(await world.redis.send(["HGET", "paridad:v1:ingest:bdi", "audit_tries"])).not.toBe("0");
  await world.minutes(6 * 60);
  expect(world.watch.notices).toContain(GIVEN_UP);
  const dates = (await world.redis.page("bdi.USD", 2023))?.observations.map(([date]) => date) ?? [];
  expect(dates).toContain("2023-12-19");
  expect(String(await auditTo(world)) < "2023-12-19").toBe(true);
});

test("one of two tables that fails for some dates does not keep an audit at them", async () => {
  const world = new World("2024-02-28T14:00:00Z");
  const requested: string[] = [];
  world.add(nbp, async (input) => {
    const [table, from = "", to = ""] = String(input).split("/").slice(-4);
    requested.push(`${table} ${from}`);
    const isWrong = table === "B" && from <= "2023-03-01" && to >= "2023-03-01";
    return new Response("", { status: isWrong ? 503 : 404 });
  });
  await world.minutes(3 * 60);
  expect(world.watch.notices).toContain(GIVEN_UP);
  expect(requested.filter((one) => one.startsWith("B 2022-")).length).toBeGreaterThan(0);
  expect(requested.length).toBeLessThan(nbp.budget.perDay);
});

test("the last part of an audit, of few requests, is a part too", async () => {
  const world = new World("2024-02-28T10:00:00Z");
  const site = new TestBdi();
  world.add({ ...bdi, firstDate: "2024-02-08" }, site.fetch);
  for (const date of businessDaysIn(TARGET, "2024-02-08", "2024-02-27")) site.days.set(date, "1.5000");
  site.instead = (date) => (date === "2024-02-08" ? new Response("down", { status: 503 }) : undefined);
  await world.minutes(9);
  expect(await auditTo(world)).toBe("2024-02-08");
  site.instead = () => undefined;
  await world.minutes(20);
  expect((await world.redis.page("bdi.USD", 2024))?.observations[0]?.[0]).toBe("2024-02-08");
  expect(await auditTo(world)).toBeNull();
});

test("a value in the place of which N.A. stands is taken back, once two readings of its days say so", async () => {
  const world = new World("2024-02-28T10:00:00Z");
  const site = new TestBdi();
  for (const date of businessDaysIn(TARGET, "2024-02-12", "2024-02-27")) site.days.set(date, "1.5000");
  world.add(bdi, site.fetch);
  await world.minutes(2);
  const dates = async (id: string) => (await world.redis.page(id, 2024))?.observations.map(([date]) => date);
  expect(await dates("bdi.USD")).toContain("2024-02-26");
  site.without.add("2024-02-26");
  for (const date of ["2024-02-28", "2024-02-29", "2024-03-01"]) {
    site.days.set(date, "1.5000");
    world.nowMs = Date.parse(`${date}T20:00:00Z`);
    await world.minutes(2);
  }
  expect(await dates("bdi.USD")).not.toContain("2024-02-26");
  expect(await dates("bdi.JPY")).toContain("2024-02-26");
  expect((await world.redis.page("bdi.USD", 2024))?.withdrawn).toEqual(["2024-02-26"]);
});

test("a secret that goes in the query is seen in no record, event or notice", async () => {
  const world = new World("2024-02-28T10:00:00Z");
  const urls: string[] = [];
  world.others.push(
    new ProviderClient({
      provider: bcch,
      url: "https://bcch.test",
      secret: "somebody@example.com:hunter2hunter2",
      policy: world.policy,
      redis: world.redis,
      now: world.now,
      random: world.random,
      pause: async () => undefined,
      fetch: async (input) => {
        urls.push(String(input));
        throw new TypeError(`fetch failed: ${input}`);
      },
    }),
  );
  await world.minutes(5);
  expect(urls[0]).toContain("pass=hunter2hunter2");
  const state = await world.redis.send(["HGETALL", "paridad:v1:ingest:bcch"]);
  const seen = JSON.stringify([world.watch, world.origin.runs, state]);
  expect(seen).toContain("not reachable");
  expect(seen).not.toMatch(/hunter2|somebody/);
});
