import { beforeEach, describe, expect, test } from "vitest";
import type { BreakerEvent } from "#core/ops/breaker.ts";
import { DeadlineExceeded } from "#core/ops/deadline.ts";
import { type BreakerChange, CircuitOpen, Guard } from "../../worker/clients/guard.ts";
import { TestClock, TestScope } from "./support.ts";

let clock: TestClock;
let scope: TestScope;
let changes: string[];

beforeEach(() => {
  clock = new TestClock();
  scope = new TestScope(clock.now);
  changes = [];
});

function guardOf(classify: (error: unknown) => BreakerEvent | undefined = () => "failure") {
  return new Guard({
    name: "redis",
    policy: { failureThreshold: 3, openMs: 60_000, probeMs: 15_000 },
    deadlineMs: 5,
    classify,
    onChange: ({ from, to }: BreakerChange) => changes.push(`${from} → ${to}`),
  });
}

const failing = async () => {
  throw new Error("away");
};
const hanging = () => new Promise<never>(() => {});

async function failTimes(guard: Guard, times: number) {
  for (let call = 0; call < times; call++) await expect(guard.run(scope, failing)).rejects.toThrow("away");
}

describe("a guarded call", () => {
  test("goes through while closed, and one success forgets failures", async () => {
    const guard = guardOf();
    await failTimes(guard, 2);
    expect(guard.isAway).toBe(true);
    expect(await guard.run(scope, async () => 7)).toBe(7);
    expect(guard.isAway).toBe(false);
    await failTimes(guard, 2);
    expect(guard.state).toBe("closed");
  });

  test("is not let out once open; after a minute one probes, and closes it", async () => {
    const guard = guardOf();
    await failTimes(guard, 3);
    expect(guard.closedForMs(clock.ms)).toBe(60_000);
    let calls = 0;
    const counted = async () => ++calls;
    await expect(guard.run(scope, counted)).rejects.toThrow(CircuitOpen);
    clock.advance(60_000);
    const probe = guard.run(scope, counted);
    await expect(guard.run(scope, counted)).rejects.toThrow(CircuitOpen);
    expect(await probe).toBe(1);
    expect(await guard.run(scope, counted)).toBe(2);
    expect(changes).toEqual(["closed → open", "open → half_open", "half_open → closed"]);
  });

  test("that hangs is given up at the deadline and counts as failed", async () => {
    const guard = guardOf();
    for (let call = 0; call < 3; call++) await expect(guard.run(scope, hanging)).rejects.toThrow(DeadlineExceeded);
    expect(guard.state).toBe("open");
  });

  test("with a permanent failure opens at once; with one that says nothing, not at all", async () => {
    const permanent = guardOf(() => "permanent");
    await failTimes(permanent, 1);
    expect(permanent.state).toBe("open");
    const silent = guardOf(() => undefined);
    await failTimes(silent, 9);
    expect(silent.isAway).toBe(false);
  });

  test("a probe whose request was cancelled is taken for lost, and another tries", async () => {
    const guard = guardOf();
    await failTimes(guard, 3);
    clock.advance(60_000);
    void guard.run(scope, hanging).catch(() => undefined);
    clock.advance(15_000);
    expect(await guard.run(scope, async () => "back")).toBe("back");
    expect(guard.state).toBe("closed");
  });
});
