import { expect, test } from "vitest";
import { DeadlineExceeded, endsWithin, type Timer, withDeadline } from "#core/ops/deadline.ts";

const never = new Promise<never>(() => undefined);
const nextTurn: Timer = (_, fire) => {
  queueMicrotask(() => queueMicrotask(fire));
  return () => undefined;
};
const unfired: Timer = () => () => undefined;

test("work that takes too long ends as DeadlineExceeded, which names it and the time", async () => {
  const ended = withDeadline(never, 300, "reader", nextTurn);
  await expect(ended).rejects.toThrow(new DeadlineExceeded("reader: no response within 300 ms"));
});

test("work that ends in time keeps its outcome, be it a failure", async () => {
  expect(await withDeadline(Promise.resolve(7), 300, "reader", unfired)).toBe(7);
  await expect(withDeadline(Promise.reject(new Error("refused")), 300, "reader", unfired)).rejects.toThrow("refused");
});

test("the timer of work that has ended is cancelled", async () => {
  let cancelled = 0;
  const timer: Timer = () => () => {
    cancelled++;
  };
  expect(await endsWithin(Promise.reject(new Error("refused")), 300, timer)).toBe(true);
  expect(cancelled).toBe(1);
});
