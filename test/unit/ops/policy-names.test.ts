import { expect, it } from "vitest";
import { policySchema } from "#core/ops/policy.ts";
import { meantPolicyName, withCurrentNames } from "#core/ops/policy-names.ts";

it.each([
  ["PUBLICATION_GRACE", "PUBLICATION_GRACE_MS"],
  ["PUBLICATON_GRACE_MS", "PUBLICATION_GRACE_MS"],
  ["publication_grace_ms", "PUBLICATION_GRACE_MS"],
  ["GRACE_PUBLICATION_MS", "PUBLICATION_GRACE_MS"],
  ["RECONCILE_DAY", "RECONCILE_DAYS"],
  ["REDIS_DEADLINE_MSEC", "REDIS_DEADLINE_MS"],
])("%s was probably meant to be %s", (name, meant) => expect(meantPolicyName(name)).toBe(meant));

it.each([
  "PATH",
  "HOSTNAME",
  "DATABASE_URL",
  "OTEL_SERVICE_NAME",
  "AWS_SECRET_ACCESS_KEY",
  "EDGE_TOKENS",
  "NODE_OPTIONS",
])("%s is something else", (name) => expect(meantPolicyName(name)).toBeUndefined());

it("a policy's own name is right", () => {
  for (const name of Object.keys(policySchema.shape)) expect(meantPolicyName(name)).toBeUndefined();
});

it.each([
  ["BANXICO_REQUESTS_A_DAY", "BANXICO_REQUESTS_PER_DAY"],
  ["BANXICO_REQUESTS_IN_5_MIN", "BANXICO_REQUESTS_PER_5_MIN"],
  ["ECB_REQUESTS_A_DAY", "ECB_REQUESTS_PER_DAY"],
  ["MOST_PUBLICATIONS_MISSED", "MAX_PUBLICATIONS_MISSED"],
])("%s, an older release's name, is taken for %s and is no slip", (former, name) => {
  expect(meantPolicyName(former)).toBeUndefined();
  expect(withCurrentNames({ [former]: "7", OTHER: "1" })).toEqual({ [name]: "7", OTHER: "1" });
  for (const both of [
    { [former]: "7", [name]: "8" },
    { [name]: "8", [former]: "7" },
  ])
    expect(withCurrentNames(both)).toEqual({ [name]: "8" });
});

it.each([
  ["PUBLICATION_GRACE_MS", "abc", "must be a whole number of milliseconds from 0 to 43200000"],
  ["PUBLICATION_GRACE_MS", "1.5", "must be a whole number of milliseconds from 0 to 43200000"],
  ["REDIS_DEADLINE_MS", "-1", "must be a whole number of milliseconds from 0 to 2678400000"],
  ["BREAKER_FAILURES", "0", "must be a whole number from 1 to 100"],
  ["RECONCILE_DAYS", "ten", "must be a whole number from 1 to 366"],
  ["JITTER_SHARE", "half", "must be a number from 0 to 0.5"],
  ["REDIS_AWAY_FACTOR", "0", "must be a number from 1 to 100"],
])("%s=%s is refused with what it must be", (name, text, rule) => {
  const { error } = policySchema.safeParse({ [name]: text });
  expect(error?.issues.map(({ message }) => message)).toEqual([rule]);
});
