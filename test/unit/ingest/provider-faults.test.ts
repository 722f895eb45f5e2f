import { expect, test } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { moved } from "./doubles.ts";
import { EUR, FIX, World } from "./world.ts";

/** What Banxico may refuse, limit or leave out, and that nothing but that is late. */
const CAD = "banxico.SF60632";
const INGEST = "paridad:v1:ingest:banxico";
const NEW: [string, string] = ["2024-01-02", "17.0500"];
const limited = (seconds: number) =>
  Response.json({ error: { mensaje: "Límite de consultas superado.", secondsToReset: seconds } }, { status: 400 });
const newestOf = async (world: World, series: string) => (await world.redis.page(series, 2024))?.observations.at(-1);

/** Filled and audited; a minute before noon on a bank day. */
async function beforeNoon(): Promise<World> {
  const world = await new World("2023-12-29T20:00:00Z").filled();
  world.nowMs = Date.parse("2024-01-02T17:00:00Z");
  await world.minutes(59);
  return world;
}

test("a series missing from every response keeps no other waiting, and is named", async () => {
  const world = await beforeNoon();
  world.site.lacks.add(CAD);
  await world.minutes(1);
  world.site.putAll(NEW);
  await world.minutes(1);
  for (const [index, { id }] of banxico.series.slice(0, -1).entries())
    expect(await newestOf(world, id)).toEqual([NEW[0], moved(NEW[1], index)]);
  expect(world.watch.events).toContain(`ingest_failed ${CAD} not in the response`);
  world.site.lacks.clear();
  await world.minutes(6);
  expect(await newestOf(world, CAD)).toEqual([NEW[0], moved(NEW[1], 4)]);
});

const spoilt: [string, unknown[]][] = [
  [
    "a date twice",
    [
      { fecha: "02/01/2024", dato: "21.05" },
      { fecha: "02/01/2024", dato: "21.06" },
    ],
  ],
  ["a value that is not a rate", [{ fecha: "02/01/2024", dato: "?" }]],
  ["a date to come", [{ fecha: "03/01/2024", dato: "21.05" }]],
];
test.each(spoilt)("nor does one with %s", async (_, datos) => {
  const world = await beforeNoon();
  world.site.putAll(NEW);
  world.site.spoil = (entry) => (entry.idSerie === "SF60632" ? { ...entry, datos } : entry);
  await world.minutes(2);
  expect(await newestOf(world, EUR)).toEqual([NEW[0], moved(NEW[1], 1)]);
  expect(await newestOf(world, CAD)).toBeUndefined();
});

test.each(["0.0000", "?", "17,05"])(
  "a cell with %s on an earlier date keeps no new value waiting, and takes nothing back",
  async (dato) => {
    const world = await beforeNoon();
    const before = world.origin.page(FIX, 2023);
    world.site.putAll(NEW);
    world.site.spoil = (entry) => ({
      ...entry,
      datos: (entry.datos as { fecha: string }[]).map((row) => (row.fecha === "27/12/2023" ? { ...row, dato } : row)),
    });
    await world.minutes(40);
    expect(await newestOf(world, FIX)).toEqual(NEW);
    expect(world.origin.page(FIX, 2023)).toEqual(before);
    expect(world.watch.events).toContain(`ingest_failed ${FIX} no rate on 2023-12-27`);
  },
);

test("nor one for which every request fails, be it with 503", async () => {
  const world = await beforeNoon();
  world.site.putAll(NEW);
  world.site.instead = (url) => (url.pathname.includes("SF60632") ? new Response("down", { status: 503 }) : undefined);
  await world.minutes(4);
  for (const { id } of banxico.series.slice(0, -1)) expect(await newestOf(world, id)).toBeDefined();
  const { length } = world.site.requests;
  await world.minutes(24 * 60);
  expect(world.site.requests.length - length).toBeLessThan(500);
});

test("a series whose request spoils the whole response: the others are requested one by one", async () => {
  const world = await new World().filled();
  await world.minutes(15);
  world.site.instead = (url) =>
    url.pathname.includes("SF46410")
      ? Response.json({ bmx: { series: [{ idSerie: "SF46410", titulo: "?" }] } })
      : undefined;
  world.site.put(FIX, ["2023-12-28", "17.0100"]);
  world.nowMs += 61 * 60_000;
  await world.minutes(1);
  expect((await world.redis.page(FIX, 2023))?.observations).toContainEqual(["2023-12-28", "17.0100"]);
  expect(world.watch.events).toContain(`ingest_failed ${EUR} another title`);
});

test("two new series with the same values: neither is taken, in one response or in two", async () => {
  const world = new World("2024-01-02T19:00:00Z");
  const days = ["2023-12-21", "2023-12-22", "2023-12-26", "2023-12-28", "2024-01-02"];
  for (const [index, { id }] of banxico.series.entries())
    world.site.put(id, ...days.map((day): [string, string] => [day, moved("17.0500", index === 3 ? 2 : index)]));
  world.site.put("banxico.SF46407", ["2023-12-27", "19.0000"], ["2023-12-29", "19.1000"]);
  await world.minutes(10);
  expect(await newestOf(world, FIX)).toBeDefined();
  expect(await newestOf(world, "banxico.SF46406")).toBeUndefined();
  expect(await newestOf(world, "banxico.SF46407")).toBeUndefined();
  expect(world.watch.events).toContain("ingest_failed banxico.SF46407 the same values as banxico.SF46406");
});

test("a response that was cut short takes nothing back, however long it lasts", async () => {
  const world = await new World("2023-12-29T20:00:00Z").filled();
  const days = Array.from({ length: 22 }, (_, index) => `2023-12-${String(index + 4).padStart(2, "0")}`);
  world.site.putAll(...days.map((day): [string, string] => [day, "17.0000"]));
  world.nowMs = Date.parse("2023-12-30T11:00:00Z");
  await world.minutes(70);
  const before = world.origin.page(EUR, 2023);
  world.site.spoil = (entry) => ({ ...entry, datos: (entry.datos as unknown[] | undefined)?.slice(-2) });
  await world.minutes(26 * 60);
  expect(world.origin.page(EUR, 2023)).toEqual(before);
  world.site.spoil = (entry) => ({ ...entry, datos: [] });
  await world.minutes(26 * 60);
  expect(world.origin.page(EUR, 2023)).toEqual(before);
});

test("a value that is taken back is gone minutes later, and one that is corrected is served at once", async () => {
  const world = await beforeNoon();
  world.site.putAll(NEW);
  await world.minutes(5);
  world.site.put(FIX, ["2024-01-02", "17.0600"]);
  await world.minutes(7);
  expect(await newestOf(world, FIX)).toEqual(["2024-01-02", "17.0600"]);
  world.site.take(FIX, "2024-01-02");
  await world.minutes(40);
  expect(await world.redis.page(FIX, 2024)).toMatchObject({ observations: [], withdrawn: ["2024-01-02"] });
});

test("a token that is refused opens the breaker and tells operators; nothing is requested until it may be tried again", async () => {
  const world = await new World().filled();
  await world.minutes(15);
  world.site.instead = () =>
    Response.json({ error: { url: "https://x/token", mensaje: "Token inválido", detalle: "" } }, { status: 400 });
  world.nowMs += 61 * 60_000;
  const before = world.site.requests.length;
  await world.tick();
  await world.tick();
  expect(world.site.requests.length - before).toBe(1);
  expect(world.watch.events).toContain("breaker banxico open");
  expect(world.watch.notices).toContain("banxico does not accept our secret");
  world.site.instead = undefined;
  world.nowMs += 60_000;
  await world.tick();
  expect(world.watch.events).toContain("breaker banxico closed");
});

test("a rate limit of both classes is waited out, whatever is due meanwhile", async () => {
  const world = await new World().filled();
  world.nowMs += 61 * 60_000;
  world.site.instead = () => limited(1_800);
  const before = world.site.requests.length;
  await world.minutes(30);
  expect(world.site.requests.length - before).toBe(2);
  world.site.instead = undefined;
  await world.minutes(1);
  expect(world.site.requests.length - before).toBeGreaterThan(2);
  expect(world.origin.runs.some(({ outcome }) => outcome === "rate_limited")).toBe(true);
  expect(await world.redis.get("paridad:v1:breaker:banxico")).toBe(null);
});

test("while ranges are limited, the newest values are read, and nothing is taken back for it", async () => {
  const world = await beforeNoon();
  world.site.instead = (url) => (url.pathname.endsWith("/oportuno") ? undefined : limited(43_200));
  await world.minutes(1);
  world.site.putAll(NEW);
  await world.minutes(1);
  for (const { id } of banxico.series) expect(await newestOf(world, id)).toBeDefined();
  expect(world.origin.readings.slice(-5).every(({ complete }) => complete === null)).toBe(true);
  expect(world.origin.page(FIX, 2023).observations.length).toBe(2);
});

test("a newest value that is dated a year back, as happens in January, is nothing of that year, and somebody is told", async () => {
  const world = await beforeNoon();
  world.site.instead = (url) => (url.pathname.endsWith("/oportuno") ? undefined : limited(43_200));
  const before = world.origin.page(FIX, 2023);
  world.site.putAll(NEW);
  world.site.spoil = (entry) =>
    entry.idSerie === "SF43718" ? { ...entry, datos: [{ fecha: "02/01/2023", dato: NEW[1] }] } : entry;
  await world.minutes(5);
  expect(world.origin.page(FIX, 2023)).toEqual(before);
  expect(world.watch.events.join()).toContain(`${FIX} its newest value is dated 2023-01-02`);
  expect(await newestOf(world, EUR)).toEqual([NEW[0], moved(NEW[1], 1)]);
  world.site.spoil = (entry) => entry;
  await world.minutes(5);
  expect(await newestOf(world, FIX)).toEqual(NEW);
});

test("a limit holds for one token: a new one is tried at once, and neither is remembered", async () => {
  const world = await beforeNoon();
  world.site.instead = () => limited(43_200);
  await world.minutes(5);
  world.site.instead = undefined;
  world.site.putAll(NEW);
  await world.minutes(3);
  expect(await newestOf(world, FIX)).toBeUndefined();
  world.banxico = world.clientWith("n".repeat(64));
  await world.minutes(1);
  expect(await newestOf(world, FIX)).toEqual(NEW);
  const memory = JSON.stringify(await world.redis.send(["HGETALL", INGEST]));
  expect(memory).not.toMatch(/t{9}|n{9}/);
});

test("a wait until tomorrow does not outlast the next announcement", async () => {
  const world = await beforeNoon();
  world.nowMs = Date.parse("2024-01-02T17:30:00Z");
  world.site.instead = () => limited(86_000);
  world.nowMs += 25 * 60_000;
  await world.minutes(5);
  world.site.putAll(NEW);
  world.site.instead = undefined;
  await world.minutes(2);
  expect(await newestOf(world, FIX)).toEqual(NEW);
});
