import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY, type Policy, policySchema } from "#core/ops/policy.ts";

const names = Object.keys(DEFAULT_POLICY) as (keyof Policy)[];

describe("the policy", () => {
  it("stands by itself, as the design's table has it", () => {
    expect(DEFAULT_POLICY).toMatchObject({
      ISOLATE_FRESH_MS: 20_000,
      COLO_FRESH_MS: 60_000,
      ISOLATE_FRESH_PAST_MS: 600_000,
      COLO_FRESH_PAST_MS: 3_600_000,
      STALE_HORIZON_MS: 86_400_000,
      COLO_DEADLINE_MS: 50,
      REDIS_DEADLINE_MS: 150,
      ORIGIN_DEADLINE_MS: 1_500,
      BREAKER_FAILURES: 3,
      BREAKER_OPEN_MS: 60_000,
      RECONCILE_DAYS: 10,
      MAX_PUBLICATIONS_MISSED: 5,
    });
  });

  it("reads the text of an environment, and leaves what is not its own aside", () => {
    const read = policySchema.parse({ REDIS_DEADLINE_MS: "250", JITTER_SHARE: "0.25", PATH: "/usr/bin" });
    expect(read).toEqual({ ...DEFAULT_POLICY, REDIS_DEADLINE_MS: 250, JITTER_SHARE: 0.25 });
  });

  it.each(names)("names %s where it is no number, or out of bounds", (name) => {
    for (const value of ["soon", "NaN", "Infinity", "-1", "1e12", {}]) {
      const { error } = policySchema.safeParse({ [name]: value });
      expect(error?.issues.map(({ path }) => path)).toEqual([[name]]);
    }
  });

  it("takes no fractions of milliseconds, no share above a half, no grace beyond midnight", () => {
    const wrong = {
      COLO_FRESH_MS: "0.5",
      JITTER_SHARE: "0.6",
      PUBLICATION_GRACE_MS: "43200001",
      REDIS_AWAY_FACTOR: "0.9",
    };
    const { error } = policySchema.safeParse(wrong);
    expect(error?.issues.map(({ path: [name] }) => name).sort()).toEqual(Object.keys(wrong).sort());
    expect(policySchema.safeParse({ PUBLICATION_GRACE_MS: "43200000" }).success).toBe(true);
  });
});
