import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Received } from "../../../web/lib/api.ts";
import { Feed } from "../../../web/lib/feed.ts";
import { lookingAfterNews } from "../../../web/lib/schedule.ts";

interface Rate {
  date: string;
  rate: string;
}

const START_MS = Date.parse("2023-12-29T20:00:00Z");
const before = { date: "2023-12-29", rate: "17.4321" };
const revised = { date: "2023-12-29", rate: "17.4322" };

beforeEach(() => void vi.useFakeTimers({ now: START_MS }));
afterEach(() => void vi.useRealTimers());

/** A feed whose next responses a test gives. */
function feedOf(...responses: [data: Rate, etag: string | null][]): Feed<Rate> {
  const load = async (): Promise<Received<Rate>> => {
    const [data, etag] = responses.shift() as [Rate, string | null];
    return { data: { ...data }, etag, atMs: Date.now(), staleReason: null };
  };
  return new Feed<Rate>("/rates", { load, isOlder: (next, shown) => next.date < shown.date });
}

it("news leads to one look, however much there is, and to one when caches have it", () => {
  const look = vi.fn();
  const onNews = lookingAfterNews(look);
  const looks = (ms: number) => {
    look.mockClear();
    vi.advanceTimersByTime(ms);
    return look.mock.calls.length;
  };
  for (let events = 0; events < 150; events++) onNews();
  expect([looks(999), looks(1), looks(500)]).toEqual([0, 1, 0]);
  onNews();
  expect([looks(2_499), looks(1)]).toEqual([0, 1]);
  expect([looks(67_499), looks(1), looks(600_000)]).toEqual([0, 1, 0]);
  onNews();
  expect(looks(1_000)).toBe(1);
});

describe("a feed", () => {
  it("keeps the object of content that did not change", async () => {
    const feed = feedOf([before, '"1"'], [before, '"1"'], [revised, '"2"'], [revised, null], [revised, null]);
    await feed.refresh();
    const first = feed.data;
    vi.advanceTimersByTime(1_000);
    await feed.refresh();
    expect(feed.data).toBe(first);
    expect(feed.received.value?.atMs).toBe(START_MS + 1_000);
    await feed.refresh();
    expect(feed.data).toEqual(revised);
    await feed.refresh();
    const untagged = feed.data;
    await feed.refresh();
    expect(feed.data).not.toBe(untagged);
  });

  it("holds news against caches that lack it, until they have it", async () => {
    const feed = feedOf([before, '"1"'], [before, '"1"'], [before, '"1"'], [{ ...revised, rate: "17.4323" }, '"3"']);
    await feed.refresh();
    feed.replace(() => revised);
    expect(feed.data).toEqual(revised);
    vi.advanceTimersByTime(1_000);
    await feed.refresh();
    expect(feed.data).toEqual(revised);
    vi.advanceTimersByTime(65_000);
    await feed.refresh();
    expect(feed.data).toEqual(revised);
    vi.advanceTimersByTime(4_000);
    await feed.refresh();
    expect(feed.data?.rate).toBe("17.4323");
  });

  it("keeps what is newer than a response until no cache can have what was before: then it was taken back", async () => {
    const taken = { date: "2023-12-28", rate: "17.4000" };
    const feed = feedOf([before, '"2"'], [taken, '"1"'], [before, '"2"'], [taken, '"1"'], [taken, '"1"']);
    await feed.refresh();
    for (const ms of [30_000, 30_000, 9_999]) {
      vi.advanceTimersByTime(ms);
      await feed.refresh();
      expect(feed.data).toEqual(before);
    }
    vi.advanceTimersByTime(1);
    await feed.refresh();
    expect(feed.data).toEqual(taken);
  });

  it("takes news that comes before the first response into that one", async () => {
    const feed = feedOf([before, '"1"']);
    feed.replace((data) => ({ ...data, rate: revised.rate }));
    expect(feed.data).toBeUndefined();
    await feed.refresh();
    expect(feed.data).toEqual(revised);
  });
});
