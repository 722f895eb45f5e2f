import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FULL_STATUS, NEEDS_HISTORY, NEEDS_HISTORY_STATUS } from "../../../worker/live/hub.ts";
import { MAX_KEPT } from "../../../worker/live/hub-log.ts";
import { batchOf, connect, freshHub, hubMessage, hubs } from "./readers.ts";

const PUBLISHED = "rate.published";

test("a reader is greeted, gets what comes, once, and pongs without the object", async () => {
  const hub = await freshHub();
  await hub.publish(batchOf(0, 3));
  const reader = await connect(hub);
  await hub.publish(batchOf(3, 5, 6));
  await hub.publish(batchOf(3, 5, 6));
  await hub.publish(batchOf(0, 3, 5));
  await hub.publish(batchOf(6, 9));
  await reader.until(4);
  reader.socket.send("ping");
  await reader.until(5);
  expect(reader.seen).toEqual([
    ["hello", 3],
    [PUBLISHED, 5],
    [PUBLISHED, 6],
    [PUBLISHED, 9],
    ["pong", 0],
  ]);
});

test("a reader who comes back gets what was missed", async () => {
  const hub = await freshHub();
  await hub.publish(batchOf(0, 1, 2, 4, 7));
  const reader = await connect(hub, "?after=2");
  await reader.until(3);
  expect(reader.seen).toEqual([
    ["hello", 2],
    [PUBLISHED, 4],
    [PUBLISHED, 7],
  ]);
});

test("filters by series and type; what passes one socket does not hold up another", async () => {
  const hub = await freshHub();
  const many = Array.from({ length: 12 }, (_, index) => `a.X${index}`);
  const [one, either, long, revised] = await Promise.all([
    connect(hub, "?series=a.X1"),
    connect(hub, "?series=a.X1,b.Y"),
    connect(hub, `?series=${many}`),
    connect(hub, "?types=rate.revised"),
  ]);
  const messages = [
    hubMessage(1, "a.X1"),
    hubMessage(2, "b.Y"),
    hubMessage(3, "c.Z", "rate.revised"),
    hubMessage(4, "a.X11"),
    hubMessage(5, "a.X1", "rate.revised"),
  ];
  await hub.publish({ after: 0, through: 5, messages });
  const numbers = async (reader: typeof one, count: number) => {
    await reader.until(count + 1);
    return reader.seen.slice(1).map(([, id]) => id);
  };
  expect(await numbers(one, 2)).toEqual([1, 5]);
  expect(await numbers(either, 3)).toEqual([1, 2, 5]);
  expect(await numbers(long, 3)).toEqual([1, 4, 5]);
  expect(await numbers(revised, 2)).toEqual([3, 5]);
  const late = await connect(hub, "?after=0&series=b.Y");
  expect(await numbers(late, 1)).toEqual([2]);
});

test("an object that was evicted goes on with its sockets, filters and numbers", async () => {
  const hub = await freshHub();
  await hub.publish(batchOf(0, 1));
  const [all, filtered] = await Promise.all([connect(hub), connect(hub, "?series=b.Y")]);
  await Promise.all([all.until(1), filtered.until(1)]);
  await evictDurableObject(hub, { webSockets: "hibernate" });
  await hub.publish({ after: 1, through: 3, messages: [hubMessage(2), hubMessage(3, "b.Y")] });
  await Promise.all([all.until(3), filtered.until(2)]);
  expect(all.seen.slice(1).map(([, id]) => id)).toEqual([2, 3]);
  expect(filtered.seen.slice(1).map(([, id]) => id)).toEqual([3]);
});

test("a deployment ends sockets; with the last number nothing is missed and nothing comes twice", async () => {
  const hub = await freshHub();
  const before = await connect(hub, "?after=0");
  await hub.publish(batchOf(0, 1, 2));
  await before.until(3);
  await evictDurableObject(hub, { webSockets: "close" });
  await before.closed;
  await hub.publish(batchOf(2, 3));
  const after = await connect(hub, "?after=2");
  await hub.publish(batchOf(3, 4));
  await after.until(3);
  expect([...before.seen, ...after.seen].filter(([type]) => type === PUBLISHED).map(([, id]) => id)).toEqual([
    1, 2, 3, 4,
  ]);
});

test("a reader who was ahead of the object gets nothing twice once it has caught up", async () => {
  const hub = await freshHub();
  await hub.publish(batchOf(0, 1));
  const reader = await connect(hub, "?after=3");
  await hub.publish(batchOf(1, 2, 3, 4));
  await reader.until(2);
  expect(reader.seen).toEqual([
    ["hello", 3],
    [PUBLISHED, 4],
  ]);
});

test("who missed more than is kept, or what never came here, is told to read the log", async () => {
  const hub = await freshHub();
  const ids = Array.from({ length: MAX_KEPT + 10 }, (_, index) => index + 1);
  await hub.publish(batchOf(0, ...ids));
  const kept = await runInDurableObject(hub, (_, state) => state.storage.sql.exec("SELECT id FROM kept").toArray());
  expect(kept).toHaveLength(MAX_KEPT);
  const late = await connect(hub, "?after=9");
  const last = ids.at(-1) as number;
  await late.until(2);
  expect(late.seen).toEqual([
    ["hello", last],
    ["resync", last],
  ]);
  const inTime = await connect(hub, `?after=${last - 1}`);
  await hub.publish(batchOf(last + 100, last + 101));
  await inTime.until(4);
  expect(inTime.seen.map(([type]) => type)).toEqual(["hello", PUBLISHED, "resync", PUBLISHED]);
});

test("after the log went back, numbers that were used before are sent again", async () => {
  const hub = await freshHub();
  await hub.publish(batchOf(0, 1, 2, 3));
  const reader = await connect(hub);
  const ahead = await connect(hub, "?after=5");
  await hub.publish({ after: 1, through: 1, messages: [], kind: "reset" });
  await hub.publish(batchOf(1, 2));
  await Promise.all([reader.until(3), ahead.until(3)]);
  expect(ahead.seen).toEqual([
    ["hello", 5],
    ["resync", 1],
    [PUBLISHED, 2],
  ]);
  expect(reader.seen).toEqual([
    ["hello", 3],
    ["resync", 1],
    [PUBLISHED, 2],
  ]);
});

test("an object without storage takes nothing before it has the history", async () => {
  const hub = hubs.get(hubs.idFromName("test:new"));
  expect((await hub.fetch("https://hub/", { headers: { Upgrade: "websocket" } })).status).toBe(NEEDS_HISTORY_STATUS);
  expect(await hub.publish(batchOf(7, 8))).toBe(NEEDS_HISTORY);
  expect(await hub.publish({ ...batchOf(4, 6, 7), kind: "history" })).toBe(7);
  expect(await hub.publish({ ...batchOf(4, 6, 7), kind: "history" })).toBe(7);
  expect(await hub.publish(batchOf(7, 8))).toBe(8);
  const reader = await connect(hub, "?after=5");
  await reader.until(4);
  expect(reader.seen.map(([, id]) => id)).toEqual([5, 6, 7, 8]);
});

test("one reader brings the history, and those who come meanwhile wait for it", async () => {
  const hub = hubs.get(hubs.idFromName("test:awaited"));
  const open = () => hub.fetch("https://hub/?after=5", { headers: { Upgrade: "websocket" } });
  expect((await open()).status).toBe(NEEDS_HISTORY_STATUS);
  const waiting = Promise.all([connect(hub, "?after=5"), connect(hub, "?after=5")]);
  await hub.publish({ ...batchOf(4, 6, 7), kind: "history" });
  for (const reader of await waiting) {
    await reader.until(3);
    expect(reader.seen.map(([, id]) => id)).toEqual([5, 6, 7]);
  }
});

test("a history that does not come is asked for of one who waits, or of the next who comes", async () => {
  const [awaited, unattended, given] = ["waiters", "nobody", "brought-late"].map((name) => {
    const hub = hubs.get(hubs.idFromName(`test:not-brought:${name}`));
    const status = async () => (await hub.fetch("https://hub/?after=5", { headers: { Upgrade: "websocket" } })).status;
    return { hub, status };
  }) as [Asked, Asked, Asked];
  for (const { status } of [awaited, unattended, given]) expect(await status()).toBe(NEEDS_HISTORY_STATUS);
  const [three, two] = [[1, 2, 3].map(awaited.status), [1, 2].map(given.status)];
  expect(await Promise.race(two)).toBe(NEEDS_HISTORY_STATUS);
  // Asked before, so its time is over as well: nobody has to wait first.
  expect(await unattended.status()).toBe(NEEDS_HISTORY_STATUS);
  await given.hub.publish({ ...batchOf(4, 6, 7), kind: "history" });
  expect((await Promise.all(two)).sort()).toEqual([101, NEEDS_HISTORY_STATUS]);
  // Nobody waits for more than two.
  expect((await Promise.all(three)).sort()).toEqual([NEEDS_HISTORY_STATUS, NEEDS_HISTORY_STATUS, FULL_STATUS]);
});

interface Asked {
  hub: ReturnType<typeof hubs.get>;
  status(): Promise<number>;
}

test("who says anything but ping is disconnected, and an account's sockets can be ended", async () => {
  const hub = await freshHub();
  const [talker, listener] = [await connect(hub), await connect(hub)];
  talker.socket.send("subscribe");
  expect((await talker.closed).code).toBe(1008);
  await hub.disconnect("the key was disabled", null);
  expect(await listener.closed).toMatchObject({ code: 1008, reason: "the key was disabled" });
});

test("however batches overlap, repeat and come apart, each message is sent once and in order", async () => {
  const ends = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(ends, fc.nat(12), async (pairs, start) => {
      const hub = await freshHub();
      const reader = await connect(hub, "?after=0");
      let highest = 0;
      for (const [a, b] of pairs) {
        // A publisher goes on from where all hubs are, or from before that.
        const [after, through] = [Math.min(a, b, highest), Math.max(a, b)];
        const ids = Array.from({ length: through - after }, (_, index) => after + index + 1);
        highest = Math.max(highest, await hub.publish(batchOf(after, ...ids)));
      }
      const late = await connect(hub, `?after=${Math.min(start, highest)}`);
      await Promise.all([reader.until(highest + 1), late.until(highest - Math.min(start, highest) + 1)]);
      const numbers = Array.from({ length: highest }, (_, index) => index + 1);
      expect(reader.seen.slice(1).map(([, id]) => id)).toEqual(numbers);
      expect(late.seen.slice(1).map(([, id]) => id)).toEqual(numbers.slice(start));
    }),
    { numRuns: 40 },
  );
});
