import { describe, expect, it } from "vitest";
import type { AttemptReport, Delivery, Report } from "#core/wire/deliveries.ts";
import { type DelivererDeps, deliverDue } from "../../../worker/deliver/deliverer.ts";
import { attemptLane } from "../../../worker/deliver/lane.ts";
import { OriginRefusal, originDeliveries } from "../../../worker/deliver/origin-deliveries.ts";

const delivery = (id: number, url = `https://r${id}.example.org/hook`): Delivery => ({
  id,
  url,
  headers: {},
  body: "{}",
});
const now = () => 0;

/** Settled promises run to their ends. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Claims that are handed out one after the other; lanes whose delivery has an id in `hangs` wait until they are let go. */
function world(claims: Delivery[][], hangs: number[] = []) {
  const reports: Report[] = [];
  const wakeUps: number[] = [];
  const pausesMs: number[] = [];
  let leases = 0;
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let nextInSeconds: number | null = null;
  const deps: DelivererDeps = {
    origin: {
      claim: async (leaseId) => ({ lease_id: leaseId, deliveries: claims.shift() ?? [] }),
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
    pause: async (ms) => {
      pausesMs.push(ms);
      await turn();
    },
    newLeaseId: () => `lease-${++leases}`,
    wakeUp: async (delaySeconds) => void wakeUps.push(delaySeconds),
  };
  const setNext = (seconds: number | null) => {
    nextInSeconds = seconds;
  };
  return { deps, reports, wakeUps, pausesMs, letGo, setNext };
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

describe("no result is lost", () => {
  const idsOf = (reports: Report[]) => reports.flatMap(({ results }) => results.map(({ id }) => id));
  const turns = async () => {
    for (let count = 0; count < 20; count++) await turn();
  };
  /** A run, whose end is the end of all that it has begun. */
  const started = (deps: DelivererDeps) => {
    const run = { isEnded: false, done: deliverDue(deps) };
    void run.done.catch(() => undefined).finally(() => Object.assign(run, { isEnded: true }));
    return run;
  };
  /** `call`, failing so often before. */
  const failing = <In, Out>(times: number, call: (input: In) => Promise<Out>, error = new Error("connection lost")) => {
    let left = times;
    return async (input: In) => {
      if (left-- > 0) throw error;
      return await call(input);
    };
  };

  it("by a report that fails: it is repeated", async () => {
    const { deps, reports, pausesMs } = world([[delivery(1)]]);
    deps.origin.report = failing(2, deps.origin.report);
    await deliverDue(deps);
    expect([idsOf(reports), pausesMs]).toEqual([[1], [250, 1_000]]);
  });

  it("by a claim whose response is lost: it is repeated under the same lease", async () => {
    const { deps, reports } = world([[delivery(1)]]);
    const { claim } = deps.origin;
    const leases: string[] = [];
    const lost = failing(1, claim);
    deps.origin.claim = (leaseId) => {
      leases.push(leaseId);
      return lost(leaseId);
    };
    await deliverDue(deps);
    expect(leases.slice(0, 2)).toEqual(["lease-1", "lease-1"]);
    expect(reports).toEqual([{ lease_id: "lease-1", results: [{ id: 1, status: 204, duration_ms: 1 }] }]);
  });

  it("by a claim that is refused while a receiver hangs", async () => {
    const { deps, reports, letGo, pausesMs } = world([[delivery(1)]], [1]);
    const { claim } = deps.origin;
    let claims = 0;
    deps.origin.claim = async (leaseId) => {
      if (++claims > 1) throw new OriginRefusal("origin claim: 401");
      return await claim(leaseId);
    };
    const run = started(deps);
    await turns();
    expect([claims, run.isEnded]).toEqual([2, false]);
    letGo();
    await expect(run.done).rejects.toThrow("401");
    expect([idsOf(reports), pausesMs]).toEqual([[1], []]);
  });

  it("by another lane of its claim that fails", async () => {
    const { deps, reports, letGo } = world([[1, 2, 3, 4, 5, 6, 7].map((id) => delivery(id))], [7]);
    const { attemptAll } = deps;
    deps.attemptAll = async (deliveries, early) => {
      if (deliveries.some(({ id }) => id === 1)) throw new Error("the lane was ended");
      return await attemptAll(deliveries, early);
    };
    const run = started(deps);
    await turns();
    expect(run.isEnded).toBe(false);
    letGo();
    await expect(run.done).rejects.toThrow("the lane was ended");
    expect(idsOf(reports)).toEqual([7]);
  });

  it.each([
    [401, true],
    [400, true],
    [429, false],
    [503, false],
  ])("%i of the origin is a refusal: %s", async (status, isRefusal) => {
    const origin = originDeliveries("https://origin.example", "token", async () => new Response("", { status }));
    const error = await origin.claim("lease-1").catch((thrown: unknown) => thrown);
    expect([error instanceof OriginRefusal, String(error)]).toEqual([isRefusal, `Error: origin claim: ${status}`]);
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
