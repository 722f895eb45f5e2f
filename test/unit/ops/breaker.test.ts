import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admit, type Breaker, type BreakerPolicy, CLOSED, settle } from "#core/ops/breaker.ts";
import { breakerPolicy, DEFAULT_POLICY } from "#core/ops/policy.ts";

const policy: BreakerPolicy = { failureThreshold: 3, openMs: 60_000, probeMs: 15_000 };

type Step =
  | { kind: "call"; waitMs: number }
  | { kind: "end"; event: "success" | "failure" | "permanent"; which: number };

const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("call" as const),
      waitMs: fc.constantFrom(0, 1, 1_000, 14_999, 15_000, 59_999, 60_000),
    }),
    fc.record({
      kind: fc.constant("end" as const),
      event: fc.constantFrom("success" as const, "failure" as const, "failure" as const, "permanent" as const),
      which: fc.nat(5),
    }),
  ),
  { maxLength: 60 },
);

describe("the breaker, whatever happens", () => {
  it("admits nothing while open, and one probe at a time afterwards", () => {
    fc.assert(
      fc.property(steps, (list: Step[]) => {
        let breaker: Breaker = CLOSED;
        let nowMs = 1_000_000;
        const running: { probeAtMs: number | undefined }[] = [];
        for (const step of list) {
          if (step.kind === "call") {
            nowMs += step.waitMs;
            const before: Breaker = breaker;
            const asked = admit(before, nowMs, policy);
            if (before.state === "open") expect(asked.admitted).toBe(nowMs >= before.untilMs);
            if (before.state === "closed") expect(asked).toEqual({ admitted: true, breaker: before });
            if (before.state === "half_open") expect(asked.admitted).toBe(nowMs >= before.probeUntilMs);
            if (asked.admitted) running.push({ probeAtMs: asked.breaker.state === "half_open" ? nowMs : undefined });
            else expect(asked.breaker).toEqual(before);
            breaker = asked.breaker;
          } else {
            const [ended] = running.splice(step.which % Math.max(1, running.length), 1);
            if (!ended) continue;
            breaker = settle(breaker, step.event, nowMs, policy);
            if (step.event === "success") expect(breaker).toEqual(CLOSED);
            if (step.event === "permanent") expect(breaker).toEqual({ state: "open", untilMs: nowMs + policy.openMs });
          }
          if (breaker.state === "half_open") {
            const fresh = running.filter(
              ({ probeAtMs }) => probeAtMs !== undefined && nowMs - probeAtMs < policy.probeMs,
            );
            expect(fresh.length).toBeLessThanOrEqual(1);
          }
          if (breaker.state === "closed") expect(breaker.failures).toBeLessThan(policy.failureThreshold);
          if (breaker.state === "open") expect(breaker.untilMs).toBeLessThanOrEqual(nowMs + policy.openMs);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("opens after as many failures in a row, and not before", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        (failureThreshold, calls) => {
          const strict = { ...policy, failureThreshold };
          let [breaker, inARow] = [CLOSED, 0] as [Breaker, number];
          for (const isSuccess of calls) {
            breaker = settle(breaker, isSuccess ? "success" : "failure", 0, strict);
            inARow = isSuccess ? 0 : inARow + 1;
            if (inARow === failureThreshold) return void expect(breaker).toEqual({ state: "open", untilMs: 60_000 });
            expect(breaker).toEqual({ state: "closed", failures: inARow });
          }
        },
      ),
    );
  });
});

describe("one round of the breaker", () => {
  const open: Breaker = { state: "open", untilMs: 60_000 };

  it("lets one probe out when its time is over, and the next when the probe is lost", () => {
    expect(admit(open, 59_999, policy)).toEqual({ admitted: false, breaker: open });
    const { admitted, breaker } = admit(open, 60_000, policy);
    expect([admitted, breaker]).toEqual([true, { state: "half_open", probeUntilMs: 75_000 }]);
    expect(admit(breaker, 74_999, policy).admitted).toBe(false);
    expect(admit(breaker, 75_000, policy)).toEqual({
      admitted: true,
      breaker: { state: "half_open", probeUntilMs: 90_000 },
    });
  });

  it("closes on the probe's success and opens again on its failure", () => {
    const probing: Breaker = { state: "half_open", probeUntilMs: 75_000 };
    expect(settle(probing, "success", 61_000, policy)).toEqual(CLOSED);
    expect(settle(probing, "failure", 61_000, policy)).toEqual({ state: "open", untilMs: 121_000 });
  });

  it("learns nothing from a failure that was under way when it opened", () => {
    expect(settle(open, "failure", 30_000, policy)).toBe(open);
  });

  it("takes its numbers from the policy", () => {
    expect(breakerPolicy(DEFAULT_POLICY)).toEqual(policy);
  });
});
