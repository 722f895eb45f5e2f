import { expect, test } from "vitest";
import { DEAD_LETTERS_KEY, REPLAY_REQUESTED_KEY } from "#core/wire/keys.ts";
import { REPLAY_REQUESTED_KEY as ORIGIN_KEY, requestReplay } from "../../../tools/operate/replay.ts";
import { startUpstash } from "../../../tools/simulators/upstash/simulator.ts";
import { TestMessage } from "./doubles.ts";
import { FIX, World } from "./world.ts";

const body = (day: number) => ({
  batch_id: `${FIX}:2023:0:${day}`,
  provider: "banxico",
  fetched_at: "2023-12-29T20:00:00Z",
  observations: [{ series: FIX, date: `2023-05-${String(day).padStart(2, "0")}`, value: "17.5" }],
});

async function worldWithLetters(count: number): Promise<World> {
  const world = await new World().filled();
  await world.bury(...Array.from({ length: count }, (_, index) => new TestMessage(`dead-${index}`, body(index + 1))));
  return world;
}

const letters = (world: World) => world.redis.send(["HLEN", DEAD_LETTERS_KEY]);
const request = (world: World) => world.redis.send(["SET", REPLAY_REQUESTED_KEY, "now"]);

test("dead letters are kept, counted and acknowledged", async () => {
  const world = await worldWithLetters(3);
  expect(await letters(world)).toBe(3);
  expect(world.watch.events.at(-1)).toBe("dead_letters ingest 3 kept: given up after many deliveries");
});

test("with Redis away a dead letter stays in its queue", async () => {
  const world = new World();
  world.redis.isAway = true;
  const message = new TestMessage("dead", body(1));
  await world.bury(message);
  expect(message.state).toBe("retried");
});

test("nothing is replayed until it is asked for, and then all of it, once", async () => {
  const world = await worldWithLetters(30);
  world.nowMs += 60_000;
  await world.tick();
  expect(world.queue.waiting).toEqual([]);
  await request(world);
  await world.tick();
  expect(world.queue.waiting).toHaveLength(30);
  expect(await letters(world)).toBe(0);
  expect(await world.redis.get(REPLAY_REQUESTED_KEY)).toBe(null);
  expect(world.origin.runs.at(-1)).toMatchObject({ kind: "replay", outcome: "ok", queued: 30 });
  await world.drain();
  expect((await world.redis.page(FIX, 2023))?.observations).toHaveLength(32);
  await world.tick();
  expect(world.queue.waiting).toEqual([]);
});

test("a replay that the queue does not take loses nothing and is taken up by the next tick", async () => {
  const world = await worldWithLetters(5);
  await request(world);
  world.queue.isAway = true;
  await world.tick();
  expect(await letters(world)).toBe(5);
  world.queue.isAway = false;
  await world.tick();
  expect(await letters(world)).toBe(0);
  expect(world.queue.waiting).toHaveLength(5);
});

test("what is no valid message, or too long to be one, stays for a person to look at", async () => {
  const world = new World();
  await world.bury(new TestMessage("bad", { any: "thing" }), new TestMessage("long", { text: "x".repeat(200_000) }));
  await world.redis.send(["HSET", DEAD_LETTERS_KEY, "garbled", "{"]);
  await request(world);
  await world.tick();
  expect(world.queue.waiting).toEqual([]);
  expect(await letters(world)).toBe(3);
  const kept = String(await world.redis.send(["HGET", DEAD_LETTERS_KEY, "long"]));
  expect(kept.length).toBeLessThan(2_000);
});

test("the command for operators leaves the request where the cron looks for it", async () => {
  expect(ORIGIN_KEY).toBe(REPLAY_REQUESTED_KEY);
  const upstash = await startUpstash({ token: "local" });
  try {
    const send = (command: string[]) =>
      fetch(upstash.url, {
        method: "POST",
        headers: { Authorization: "Bearer local" },
        body: JSON.stringify(command),
      }).then((answer) => answer.json());
    await send(["HSET", DEAD_LETTERS_KEY, "a", "{}"]);
    const env = { UPSTASH_REDIS_REST_URL: `${upstash.url}/`, UPSTASH_REDIS_REST_TOKEN: "local" };
    expect(await requestReplay(env, 0)).toBe(1);
    expect(await send(["EXISTS", REPLAY_REQUESTED_KEY])).toEqual({ result: 1 });
    await expect(requestReplay({ ...env, UPSTASH_REDIS_REST_TOKEN: "wrong" }, 0)).rejects.toThrow("401");
    await expect(requestReplay({}, 0)).rejects.toThrow("must be set");
  } finally {
    await upstash.stop();
  }
});
