import { expect, test } from "vitest";
import type { LiveRequest } from "#core/api/live.ts";
import { originLive } from "../../origin/live.ts";

/** How many streams the origin holds. What they send is the system tests' to show. */

const MAX_STREAMS = 200;
const wanted: LiveRequest = { position: undefined, filter: { types: [], providers: [] } as never };

/** A host whose log is empty, or can't be read. */
function hostOf(latest: () => Promise<number> = async () => 0) {
  const source = { readEvents: async () => ({ events: [], next: 0, latest: 0 }) };
  const live = originLive({ source, log: () => undefined, events: { latest }, now: () => 0, isDraining: () => false });
  const open = (signal?: AbortSignal) => live.stream(wanted, new Request("http://origin/", { signal: signal ?? null }));
  /** What came of so many readers who came at once. */
  const statuses = async (count: number) => {
    const responses = await Promise.all(Array.from({ length: count }, () => open()));
    await Promise.all(responses.map(({ body }) => body?.cancel()));
    return responses.map(({ status }) => status);
  };
  return { open, statuses };
}

test("readers who come at once are no more than there is room for", async () => {
  const { statuses } = hostOf();
  const found = await statuses(MAX_STREAMS + 5);
  expect(found.filter((status) => status === 200)).toHaveLength(MAX_STREAMS);
  // Those who have left make room.
  expect(new Set(await statuses(MAX_STREAMS))).toEqual(new Set([200]));
});

test("neither a reader who had left before, nor a log that can't be read, takes a place for good", async () => {
  let isAway = true;
  const { open, statuses } = hostOf(async () => {
    if (isAway) throw new Error("the store is away");
    return 0;
  });
  for (let tries = 0; tries < MAX_STREAMS; tries++) await expect(open()).rejects.toThrow("away");
  isAway = false;
  for (let tries = 0; tries < MAX_STREAMS; tries++) await open(AbortSignal.abort());
  expect(new Set(await statuses(MAX_STREAMS))).toEqual(new Set([200]));
});
