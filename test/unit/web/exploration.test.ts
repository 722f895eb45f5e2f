import { afterEach, beforeEach, expect, it, vi } from "vitest";

/** The explorer, over a log of which one response looks at 10,000 numbers, as those of origin/store/event-log.ts do. */

/** By their paths, because they need the types of a browser. */
const [EXPLORATION, FEEDS] = ["../../../web/lib/exploration.ts", "../../../web/lib/feeds.ts"];

interface Modules {
  follow(): void;
  keepCurrent(feeds: object[], nextUpdate: () => undefined): void;
  wake(): void;
  revised: { value: ReadonlyMap<string, string | null> };
}

const NUMBERS_PER_RESPONSE = 10_000;
const SERIES = "banxico.SF43718";
const HISTORY = {
  base: "USD",
  quote: "MXN",
  from: "2025-11-01",
  to: "2025-11-28",
  count: 2,
  observations: [
    { date: "2025-11-26", rate: "18.4001" },
    { date: "2025-11-27", rate: "18.4100" },
  ],
  source: { provider: "banxico", series: ["SF43718"], attribution: "", authority: "", licence_url: "" },
  stale: false,
  derived: false,
  next_update: null,
};

/** The log: its highest number and its corrections, by number. */
const log = { latest: 0, corrections: new Map<number, { date: string; rate: string; previous: string }>() };
const asked: number[] = [];

function eventsAfter(after: number) {
  asked.push(after);
  const next = Math.min(after + NUMBERS_PER_RESPONSE, log.latest);
  const events = [...log.corrections].flatMap(([seq, correction]) => {
    const data = { series: SERIES, base: "USD", quote: "MXN", ...correction, version: seq, revised: true, at: "" };
    return seq > after && seq <= next ? [{ seq, type: "rate.revised", subject: SERIES, data, occurred_at: "" }] : [];
  });
  return { events, next, latest: log.latest };
}

beforeEach(() => {
  vi.useFakeTimers();
  const ignore = () => undefined;
  vi.stubGlobal("location", { search: "", href: "http://site/explore" });
  vi.stubGlobal("document", { hidden: false, addEventListener: ignore });
  vi.stubGlobal("addEventListener", ignore);
  vi.stubGlobal("fetch", async (path: string) => {
    const { pathname, searchParams } = new URL(path, "http://site");
    if (pathname === "/api/v1/rates/historical") return Response.json(HISTORY);
    if (pathname === "/api/v1/events") return Response.json(eventsAfter(Number(searchParams.get("after"))));
    return Response.json({ detail: "none" }, { status: 404 });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("marks corrections wherever they are in the log, and reads no part of it twice", async () => {
  const { follow, keepCurrent, wake, revised } = {
    ...(await import(EXPLORATION)),
    ...(await import(FEEDS)),
  } as Modules;
  log.latest = 25_000;
  log.corrections.set(20_000, { date: "2025-11-26", rate: "18.4001", previous: "18.4000" });
  follow();
  await expect.poll(() => [...revised.value]).toEqual([["2025-11-26", "18.4000"]]);
  expect(asked).toEqual([0, 10_000, 20_000]);

  log.latest = 25_001;
  log.corrections.set(25_001, { date: "2025-11-27", rate: "18.4100", previous: "18.4200" });
  wake();
  await expect.poll(() => [...revised.value]).toContainEqual(["2025-11-27", "18.4200"]);
  expect(revised.value.size).toBe(2);
  expect(asked).toEqual([0, 10_000, 20_000, 25_000]);
  // What is under way ends with no look at a page that is gone.
  keepCurrent([], () => undefined);
  await vi.advanceTimersByTimeAsync(0);
});
