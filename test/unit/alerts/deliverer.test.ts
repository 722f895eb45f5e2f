import { describe, expect, it } from "vitest";
import type { AttemptReport, Delivery, Report } from "#core/wire/deliveries.ts";
import { attempt } from "../../../worker/deliver/attempt.ts";
import { type DelivererDeps, deliverDue } from "../../../worker/deliver/deliverer.ts";
import { attemptLane } from "../../../worker/deliver/lane.ts";

const delivery = (id: number, url = `https://r${id}.example.org/hook`): Delivery => ({
  id,
  url,
  headers: {},
  body: "{}",
});
const settings = { isLocal: false, ownHosts: ["paridad.example.com"] };
const now = () => 0;

/** Settled promises run to their ends. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Claims that are handed out one after the other; lanes whose delivery has an id in `hangs` wait until they are let go. */
function world(claims: Delivery[][], hangs: number[] = []) {
  const reports: Report[] = [];
  const wakeUps: number[] = [];
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let nextInSeconds: number | null = null;
  const deps: DelivererDeps = {
    origin: {
      claim: async () => ({ lease_id: `lease-${claims.length}`, deliveries: claims.shift() ?? [] }),
      report: async (report) => {
        reports.push(report);
        return { due: 0, next_in_seconds: nextInSeconds };
      },
    },
    attemptAll: async (deliveries) => {
      if (deliveries.some(({ id }) => hangs.includes(id))) await gate;
      return deliveries.map(({ id }): AttemptReport => ({ id, status: 204, duration_ms: 1 }));
    },
    now,
    patience: turn as () => Promise<void>,
    wakeUp: async (delaySeconds) => void wakeUps.push(delaySeconds),
  };
  const setNext = (seconds: number | null) => {
    nextInSeconds = seconds;
  };
  return { deps, reports, wakeUps, letGo, setNext };
}

describe("the deliverer", () => {
  it("goes on until nothing is due, and reports each claim under its lease", async () => {
    const { deps, reports } = world([[delivery(1), delivery(2)], [delivery(3)]]);
    await deliverDue(deps);
    expect(reports.map(({ results }) => results.map(({ id }) => id))).toEqual([[1, 2], [3]]);
    expect(new Set(reports.map(({ lease_id }) => lease_id)).size).toBe(2);
  });

  it("begins the next claim while receivers of an earlier one hang", async () => {
    const { deps, reports, letGo } = world([[delivery(1)], [delivery(2)], [delivery(3)]], [1]);
    const done = deliverDue(deps);
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(reports.flatMap(({ results }) => results.map(({ id }) => id))).toEqual([2, 3]);
    letGo();
    await done;
    expect(reports).toHaveLength(3);
  });

  it("wakes itself up for an attempt that is due within a minute, and leaves others to the cron", async () => {
    for (const [next, expected] of [
      [5, [5]],
      [300, []],
      [null, []],
    ] as const) {
      const { deps, wakeUps, setNext } = world([[delivery(1)]]);
      setNext(next);
      await deliverDue(deps);
      expect(wakeUps).toEqual(expected);
    }
  });

  it("sends nothing to itself if nothing was due", async () => {
    const { deps, wakeUps, setNext } = world([]);
    setNext(5);
    await deliverDue(deps);
    expect(wakeUps).toEqual([]);
  });
});

describe("a lane", () => {
  const lane = (isReported: boolean) => {
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const early: number[][] = [];
    const done = attemptLane(
      [delivery(1), delivery(2), delivery(3)],
      async ({ id }) => {
        if (id === 2) await gate;
        return { id, status: 204, duration_ms: 1 };
      },
      turn as () => Promise<void>,
      async (results) => {
        early.push(results.map(({ id }) => id));
        letGo();
        if (!isReported) throw new Error("the origin is away");
      },
    );
    return { early, done };
  };

  it("reports what has ended while another hangs, and returns the rest", async () => {
    const { early, done } = lane(true);
    expect((await done).map(({ id }) => id)).toEqual([2]);
    expect(early).toEqual([[1, 3]]);
  });

  it("returns all if that report fails", async () => {
    expect((await lane(false).done).map(({ id }) => id).sort()).toEqual([1, 2, 3]);
  });
});

describe("an attempt", () => {
  const attemptWith = (send: typeof fetch, url?: string, timeoutMs = 60_000) =>
    attempt(delivery(1, url), settings, { fetch: send, now, timeoutMs });
  const answering =
    (status: number, headers: Record<string, string> = {}): typeof fetch =>
    async () =>
      new Response(null, { status, headers });

  it.each([
    [200, {}, { status: 200 }],
    [204, {}, { status: 204 }],
    [301, {}, { status: 301, error: "redirect" }],
    [410, {}, { status: 410, error: "http" }],
    [403, { "cf-mitigated": "challenge" }, { status: 403, error: "challenge" }],
    [503, { "Retry-After": "120" }, { status: 503, error: "http", retry_after_seconds: 120 }],
    [503, { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" }, { status: 503, error: "http" }],
  ])("answered with %i is judged by its status", async (status, headers, expected) => {
    expect(await attemptWith(answering(status, headers))).toEqual({ id: 1, duration_ms: 0, ...expected });
  });

  it("follows no redirect and reads no body", async () => {
    let asked: RequestInit | undefined;
    let isCancelled = false;
    const body = new ReadableStream({
      cancel: () => {
        isCancelled = true;
      },
    });
    await attemptWith(async (_url, init) => {
      asked = init;
      return new Response(body, { status: 200 });
    });
    expect(asked).toMatchObject({ method: "POST", redirect: "manual", body: "{}" });
    expect(isCancelled).toBe(true);
  });

  it("that is not answered in time ends", async () => {
    const hanging: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    expect(await attemptWith(hanging, undefined, 1)).toMatchObject({ error: "timeout" });
  });

  it("that fails says no more than that", async () => {
    const failing: typeof fetch = async () => {
      throw new TypeError("connect ECONNREFUSED 10.0.0.7:443");
    };
    expect(await attemptWith(failing)).toEqual({ id: 1, error: "connection", duration_ms: 0 });
  });

  it("is not made to a target that is no longer allowed", async () => {
    let calls = 0;
    const counting: typeof fetch = async () => {
      calls++;
      return new Response(null);
    };
    for (const url of [
      "http://r1.example.org",
      "https://127.0.0.1/",
      "https://paridad.example.com/",
      "http://127.0.0.1:8791/hook",
    ])
      expect(await attemptWith(counting, url)).toEqual({ id: 1, error: "refused_target", duration_ms: 0 });
    expect(calls).toBe(0);
  });
});
