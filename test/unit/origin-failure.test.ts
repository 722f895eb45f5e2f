import { expect, test } from "vitest";
import { OriginFailure } from "../../worker/clients/origin-failure.ts";

test.each([
  [401, { isUnauthorized: true, isBlocked: false, isTransient: false }],
  [403, { isUnauthorized: false, isBlocked: true, isTransient: true }],
  [451, { isUnauthorized: false, isBlocked: true, isTransient: true }],
  [422, { isUnauthorized: false, isBlocked: false, isTransient: false }],
  [429, { isUnauthorized: false, isBlocked: false, isTransient: true }],
  [503, { isUnauthorized: false, isBlocked: false, isTransient: true }],
])("a failure with status %d is %j", (status, expected) => {
  expect(new OriginFailure("status", "pages", status)).toMatchObject(expected);
});
