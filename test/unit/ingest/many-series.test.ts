import { expect, test } from "vitest";
import { bdi } from "#core/providers/bdi.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import { OriginFailure } from "../../../worker/clients/origin-failure.ts";
import { type Message, messagesOf, readingsIn } from "../../../worker/ingest/messages.ts";
import { TestMessage } from "./doubles.ts";
import { World } from "./world.ts";

/** What is committed at the origin of a provider's day of many series. */

const SERIES = bdi.series.slice(0, 150).map(({ id }) => id);
const DATE = "2023-12-28";
const readingOf = (series: string, date = DATE): SeriesReading => ({
  batch_id: `${series}:${date}`,
  provider: "bdi",
  fetched_at: "2023-12-29T15:00:00.000Z",
  series,
  year: Number(date.slice(0, 4)),
  complete: null,
  based_on: null,
  observations: [[date, "1.5"]],
});
const messagesFor = (readings: readonly SeriesReading[]) =>
  messagesOf(readings, bdi).map((body, index) => new TestMessage(`message-${index}`, body));
/** A world whose origin takes at most so many readings at once, and the sizes of the calls that it gets. */
function worldOf(maxReadings = Number.POSITIVE_INFINITY) {
  const world = new World();
  const calls: number[] = [];
  const commit = world.origin.commitReadings.bind(world.origin);
  world.origin.commitReadings = async (readings) => {
    calls.push(readings.length);
    if (readings.length > maxReadings) throw new OriginFailure("status", "readings", 400);
    return commit(readings);
  };
  return { world, calls };
}
const storedIn = ({ origin }: World, year = 2023) =>
  SERIES.filter((series) => origin.page(series, year).observations.length > 0);

test("is one request, and every message of it is acknowledged", async () => {
  const { world, calls } = worldOf();
  const messages = messagesFor(SERIES.map((series) => readingOf(series)));
  expect(messages.length).toBeGreaterThan(1);
  await world.deliver(messages);
  expect(calls).toEqual([SERIES.length]);
  expect(storedIn(world)).toEqual(SERIES);
  expect(new Set(messages.map(({ state }) => state))).toEqual(new Set(["acked"]));
  for (const series of SERIES) expect((await world.redis.page(series, 2023))?.observations).toEqual([[DATE, "1.5"]]);
});

test("is stored in parts by an origin that takes fewer at once", async () => {
  const { world, calls } = worldOf(40);
  const messages = messagesFor(SERIES.map((series) => readingOf(series)));
  await world.deliver(messages);
  expect(storedIn(world)).toEqual(SERIES);
  expect(calls.length).toBeLessThan(10);
  expect(new Set(messages.map(({ state }) => state))).toEqual(new Set(["acked"]));
});

test("is stored but for the one that the origin refuses, which is kept for a person", async () => {
  const { world, calls } = worldOf();
  const refused = SERIES[77];
  world.origin.refuses = (body) => ("series" in body && body.series === refused ? 400 : undefined);
  const messages = messagesFor(SERIES.map((series) => readingOf(series)));
  await world.deliver(messages);
  expect(storedIn(world)).toEqual(SERIES.filter((series) => series !== refused));
  expect(calls.length).toBeLessThan(20);
  expect(new Set(messages.map(({ state }) => state))).toEqual(new Set(["acked"]));
  expect(world.watch.events.join()).toContain("dead_letters");
});

test("waits as a whole while the origin is away", async () => {
  const { world } = worldOf();
  world.origin.chaos = "away";
  const messages = messagesFor(SERIES.map((series) => readingOf(series)));
  await world.deliver(messages);
  expect(new Set(messages.map(({ state }) => state))).toEqual(new Set(["retried"]));
  world.origin.chaos = "none";
  await world.drain();
  expect(storedIn(world)).toEqual(SERIES);
});

test("waits no longer than its first attempt for a message that the origin fails at", async () => {
  const { world } = worldOf();
  world.origin.refuses = (body) => ("series" in body && body.series === SERIES[77] ? 500 : undefined);
  const messages = messagesFor(SERIES.map((series) => readingOf(series)));
  await world.deliver(messages);
  expect(new Set(messages.map(({ state }) => state))).toEqual(new Set(["retried"]));
  await world.drain();
  const bad = messages.filter(({ state }) => state !== "acked");
  expect(bad).toHaveLength(1);
  const unstored = bad.flatMap(({ body }) => readingsIn(body as Message)).map(({ series }) => series);
  expect(storedIn(world)).toEqual(SERIES.filter((series) => !unstored.includes(series)));
});

test("of a new year waits while the old one of the same response can't be stored", async () => {
  const { world } = worldOf();
  world.origin.refuses = (body) => ("series" in body && body.year === 2022 ? 503 : undefined);
  const days = SERIES.slice(0, 30).flatMap((series) => [
    readingOf(series, "2022-12-30"),
    readingOf(series, "2023-01-02"),
  ]);
  const messages = messagesFor(days);
  await world.deliver(messages);
  expect(messages.map(({ state }) => state)).toEqual(["retried", "retried"]);
  expect(storedIn(world)).toEqual([]);
  world.origin.refuses = () => undefined;
  await world.drain();
  expect(world.origin.readings.map(({ year }) => year)).toEqual([...Array(30).fill(2022), ...Array(30).fill(2023)]);
});

test("two days of a series are never in one request", async () => {
  const { world, calls } = worldOf();
  const days = SERIES.slice(0, 30).flatMap((series) => [
    readingOf(series, "2022-12-30"),
    readingOf(series, "2023-01-02"),
  ]);
  await world.deliver(messagesFor(days));
  expect(calls).toEqual([30, 30]);
  expect(world.origin.readings.map(({ year }) => year)).toEqual([...Array(30).fill(2022), ...Array(30).fill(2023)]);
});
