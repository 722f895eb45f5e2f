import { expect, test } from "vitest";
import { backOffSeconds } from "../../../worker/ingest/back-off.ts";
import { publishPages } from "../../../worker/ingest/stored.ts";
import { TestMessage } from "./doubles.ts";
import { EUR, FIX, World } from "./world.ts";

function message(id: string, rows: Record<string, string>, series = FIX, version = 0): TestMessage {
  const observations = Object.entries(rows).map(([date, value]) => ({ series, date, value }));
  const year = observations[0]?.date.slice(0, 4);
  return new TestMessage(id, {
    batch_id: `${series}:${year}:${version}:${id}`,
    provider: "banxico",
    fetched_at: "2023-12-29T20:00:00Z",
    observations,
  });
}

test("a message is acknowledged once it is at the origin, in Redis and purged from the edge", async () => {
  const world = new World();
  const [sent] = await world.deliver([message("a", { "2023-12-29": "16.9190" })]);
  expect(sent?.state).toBe("acked");
  expect((await world.redis.page(FIX, 2023))?.observations).toEqual([["2023-12-29", "16.9190"]]);
  expect(world.purged).toEqual([[FIX]]);
  expect(await world.redis.send(["HGET", "paridad:v1:ingest:banxico", `newest:${FIX}`])).toBe("2023-12-29");
});

interface Strike {
  what: string;
  strike: (world: World) => void;
  heal: (world: World) => void;
}

const origin = (chaos: World["origin"]["chaos"]) => (world: World) => {
  world.origin.chaos = chaos;
};
const redis = (state: Partial<World["redis"]>) => (world: World) => {
  Object.assign(world.redis, state);
};

const chaos: Strike[] = [
  { what: "the origin is away", strike: origin("away"), heal: origin("none") },
  { what: "the origin's answer is lost", strike: origin("answer_lost"), heal: origin("none") },
  { what: "Redis is away", strike: redis({ isAway: true }), heal: redis({ isAway: false }) },
  {
    what: "Redis refuses writes",
    strike: redis({ fails: ([name]) => name === "SET" }),
    heal: redis({ fails: () => false }),
  },
];

test.each(chaos)("nothing is acknowledged while $what, and everything is afterwards", async ({ strike, heal }) => {
  const world = new World();
  strike(world);
  const sent = [
    message("a", { "2023-12-28": "16.9" }),
    message("b", { "2022-12-28": "19.1" }),
    message("c", { "2023-12-29": "17" }),
  ];
  await world.deliver(sent);
  expect(sent.map(({ state }) => state)).toEqual(["retried", "retried", "retried"]);
  expect(sent.every(({ delaySeconds }) => (delaySeconds ?? 0) >= 1)).toBe(true);
  heal(world);
  await world.drain();
  expect(sent.map(({ state }) => state)).toEqual(["acked", "acked", "acked"]);
  expect((await world.redis.page(FIX, 2023))?.observations).toHaveLength(2);
  expect(await world.redis.page(FIX, 2023)).toEqual(world.origin.page(FIX, 2023));
  expect(await world.redis.page(FIX, 2022)).toEqual(world.origin.page(FIX, 2022));
});

test("a message delivered twice changes nothing the second time", async () => {
  const world = new World();
  await world.deliver([message("a", { "2023-12-28": "16.9" })]);
  const before = await world.redis.page(FIX, 2023);
  const [again] = await world.deliver([message("a", { "2023-12-28": "16.9" })]);
  expect(again?.state).toBe("acked");
  expect(await world.redis.page(FIX, 2023)).toEqual(before);
});

test("in whatever order messages come, Redis ends with what the origin has", async () => {
  const batches = () => [
    message("a", { "2023-12-27": "1.1", "2023-12-28": "1.2" }),
    message("b", { "2023-12-29": "1.3" }, FIX, 2),
    message("c", { "2023-12-28": "1.25" }, FIX, 3),
    message("d", { "2022-12-28": "2" }, EUR),
  ];
  for (const order of [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [1, 3, 0, 2],
    [2, 0, 3, 1],
  ]) {
    const world = new World();
    for (const index of order) await world.deliver([batches()[index] as TestMessage]);
    expect(await world.redis.page(FIX, 2023)).toEqual(world.origin.page(FIX, 2023));
    expect((await world.redis.page(FIX, 2023))?.observations).toHaveLength(3);
    expect(await world.redis.page(EUR, 2022)).toEqual(world.origin.page(EUR, 2022));
  }
});

test("messages about one page are committed in the order in which they came", async () => {
  const world = new World();
  await world.deliver(
    ["1.1", "1.2", "1.3"].map((value, version) => message(`v${version}`, { "2023-12-28": value }, FIX, version)),
  );
  expect(world.origin.page(FIX, 2023).observations).toEqual([["2023-12-28", "1.3"]]);
  expect((await world.redis.page(FIX, 2023))?.observations).toEqual([["2023-12-28", "1.3"]]);
});

test("of several versions of a page that commits gave, in any order, the newest is published", async () => {
  const world = new World();
  await world.deliver([message("a", { "2023-12-28": "16.9", "2023-12-29": "16.9190" })]);
  const older = structuredClone(world.origin.page(FIX, 2023));
  await world.deliver([message("b", { "2023-12-29": "16.9290" }, FIX, 2)]);
  const newer = structuredClone(world.origin.page(FIX, 2023));
  expect(newer.version).toBeGreaterThan(older.version);
  for (const pages of [
    [older, newer],
    [newer, older],
  ]) {
    await world.redis.send(["DEL", `paridad:v1:page:${FIX}:2023`]);
    await publishPages(
      pages.map((page) => ({ page, isConfirmed: (date: string) => date === "2023-12-29" })),
      world,
    );
    expect(await world.redis.page(FIX, 2023)).toEqual(newer);
  }
});

test("a page that is newer in Redis is left as it is; a corrupt one is overwritten", async () => {
  const world = new World();
  const newer = {
    ...world.origin.page(FIX, 2023),
    version: 900,
    updated_at: "2023-12-29T18:00:00Z",
    observations: [["2023-01-02", "9"]],
  };
  await world.redis.send(["SET", `paridad:v1:page:${FIX}:2023`, JSON.stringify(newer)]);
  await world.redis.send(["SET", `paridad:v1:page:${FIX}:2022`, JSON.stringify({ ...newer, year: 2022 })]);
  await world.deliver([message("a", { "2023-12-28": "16.9" }), message("b", { "2022-12-28": "19.1" })]);
  expect((await world.redis.page(FIX, 2023))?.version).toBe(900);
  expect((await world.redis.page(FIX, 2022))?.observations).toEqual([["2022-12-28", "19.1"]]);
});

const poison: [string, unknown][] = [
  ["nothing", null],
  ["text", "DROP TABLE"],
  ["a batch with a field too many", { ...(message("x", { "2023-12-28": "1" }).body as object), admin: true }],
  ["a batch with a date that does not exist", message("x", { "2023-02-30": "1" }).body],
  ["a republication of an unknown series", { republish: "banxico.SF1", from_year: 2020, to_year: 2021 }],
  ["a republication of too many years", { republish: FIX, from_year: 1900, to_year: 2100 }],
  ["a prototype", JSON.parse('{"__proto__": {"batch_id": "x"}}')],
];

test.each(poison)("%s is kept as a dead letter and holds nothing up", async (_, body) => {
  const world = new World();
  const [bad, good] = await world.deliver([new TestMessage("bad", body), message("good", { "2023-12-28": "16.9" })]);
  expect([bad?.state, good?.state]).toEqual(["acked", "acked"]);
  expect(await world.redis.send(["HLEN", "paridad:v1:dead-letters"])).toBe(1);
  expect(world.watch.events).toEqual(["dead_letters ingest 1 kept: not a valid message"]);
});

test("a batch that the origin refuses for good is kept; one that makes it fail is retried; the others pass", async () => {
  const world = new World();
  world.origin.refuses = ({ batch_id }) =>
    batch_id.endsWith(":no") ? 422 : batch_id.endsWith(":bug") ? 500 : undefined;
  const sent = await world.deliver([
    message("no", { "2020-01-02": "1" }),
    message("bug", { "2021-01-04": "1" }),
    message("a", { "2022-01-03": "1" }),
    message("b", { "2023-01-02": "1" }),
  ]);
  expect(sent.map(({ state }) => state)).toEqual(["acked", "retried", "acked", "acked"]);
  expect(await world.redis.send(["HKEYS", "paridad:v1:dead-letters"])).toEqual(["no"]);
});

test.each([401, 403, 451])("a token or a firewall that refuses it (%d) is no fault of the message", async (status) => {
  const world = new World();
  world.origin.refuses = () => status;
  const [sent] = await world.deliver([message("a", { "2023-12-28": "16.9" })]);
  expect(sent?.state).toBe("retried");
});

test("with Redis away a poisoned message is neither lost nor acknowledged", async () => {
  const world = new World();
  world.redis.isAway = true;
  const [sent] = await world.deliver([new TestMessage("bad", "?")]);
  expect(sent?.state).toBe("retried");
});

test("an origin that does not answer is not asked for the rest of a delivery", async () => {
  const world = new World();
  world.origin.chaos = "answer_lost";
  const sent = Array.from({ length: 60 }, (_, index) => message(`m${index}`, { [`${1960 + index}-06-01`]: "1" }));
  await world.deliver(sent);
  expect(world.origin.commits.length).toBeLessThanOrEqual(6);
  expect(sent.every(({ state }) => state === "retried")).toBe(true);
});

test("a failing purge is tried again, but does not hold a rate back for ever", async () => {
  const world = new World();
  let purges = 0;
  const failing = async () => {
    purges++;
    throw new Error("purge");
  };
  const { publish } = await import("../../../worker/ingest/publish.ts");
  const sent = message("a", { "2023-12-28": "16.9" });
  for (sent.attempts = 1; sent.attempts <= 3; sent.attempts++) await publish([sent], world, world.watch, failing);
  expect(purges).toBe(3);
  expect(sent.state).toBe("acked");
});

test("a republication brings the origin's pages", async () => {
  const world = await new World().filled();
  await world.redis.send(["DEL", `paridad:v1:page:${FIX}:2022`, `paridad:v1:page:${FIX}:2023`]);
  await world.deliver([new TestMessage("r", { republish: FIX, from_year: 2021, to_year: 2023 })]);
  expect(await world.redis.page(FIX, 2022)).toEqual(world.origin.page(FIX, 2022));
  expect(await world.redis.page(FIX, 2021)).toBeUndefined();
});

test("back-off doubles, is capped, and a hundred deliveries outlast half a day", () => {
  const delays = Array.from({ length: 100 }, (_, index) => backOffSeconds(index + 1, 0.5));
  expect(delays.slice(0, 4)).toEqual([2, 3, 6, 12]);
  expect(Math.max(...delays.slice(0, 20))).toBeLessThanOrEqual(60);
  expect(delays.reduce((total, delay) => total + delay, 0)).toBeGreaterThan(36_000);
});
