import { beforeEach, expect, test, vi } from "vitest";
import { HeavyQueue } from "../../origin/heavy-queue.ts";
import { batchOf, type Value, weekdaysOf } from "./data.ts";
import { createOrigin } from "./origin.ts";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** Jobs that each take so much processor time, and end when they are told to. */
function jobsOf(jobCpuMs: number, maxWaiting: number, idleMs = () => 0) {
  let cpuMs = 0;
  const running: (() => void)[] = [];
  const queue = new HeavyQueue({ maxWaiting, restFactor: 2, cpuMs: () => cpuMs, idleMs });
  const start = () =>
    queue.run(async () => {
      await new Promise<void>((resolve) => running.push(resolve));
      cpuMs += jobCpuMs;
    });
  const end = async () => {
    running.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { queue, running, start, end };
}

test("jobs run one at a time, and the queue rests twice as long as the last one took", async () => {
  const { running, start, end } = jobsOf(10, 5);
  const outcomes = [start(), start(), start()];
  await vi.advanceTimersByTimeAsync(1_000);
  expect(running).toHaveLength(1);
  await end();
  await vi.advanceTimersByTimeAsync(19);
  expect(running).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(running).toHaveLength(1);
  await end();
  await vi.advanceTimersByTimeAsync(20);
  await end();
  expect(await Promise.all(outcomes)).toEqual([true, true, true]);
});

test("the queue rests no longer than there are other requests", async () => {
  let idleMs = 5;
  const { running, start, end } = jobsOf(100, 5, () => idleMs);
  void start();
  void start();
  await end();
  await vi.advanceTimersByTimeAsync(20);
  expect(running).toHaveLength(0);
  idleMs += 1;
  await vi.advanceTimersByTimeAsync(1);
  expect(running).toHaveLength(1);
});

test("what comes when too many wait is refused, and there is room again later", async () => {
  const { running, start, end } = jobsOf(1, 2);
  const outcomes = [start(), start(), start()];
  expect(await start()).toBe(false);
  for (let ended = 0; ended < 3; ended++) {
    await end();
    await vi.advanceTimersByTimeAsync(2);
  }
  expect(await Promise.all(outcomes)).toEqual([true, true, true]);
  void start();
  await vi.advanceTimersByTimeAsync(0);
  expect(running).toHaveLength(1);
});

test("a job that fails, or was charged with others' time, does not stop the rest", async () => {
  const { queue, running, start } = jobsOf(1, 2);
  await expect(queue.run(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  const { queue: slow, running: ran, start: startSlow, end } = jobsOf(60_000, 2);
  void startSlow();
  void slow.run(async () => void ran.push(() => undefined));
  await end();
  await vi.advanceTimersByTimeAsync(200);
  expect(ran).toHaveLength(1);
  void start();
  await vi.advanceTimersByTimeAsync(0);
  expect(running).toHaveLength(1);
});

test("a flood of long periods is refused in part, with a time to come back, and short ones are served meanwhile", async () => {
  vi.useRealTimers();
  const origin = await createOrigin();
  const days = weekdaysOf(2022).map((date): Value => [date, "19.5"]);
  await origin.internal("observations", batchOf([...days, ["2023-12-29", "16.9190"]]));
  const flood = Array.from({ length: 200 }, (_, index) =>
    origin.get(`/api/v1/rates/historical?from=2022-01-01&limit=${index + 1}&base=MXN&quote=USD`),
  );
  const light = await origin.get("/api/v1/rates/current");
  expect(light.status).toBe(200);
  const responses = await Promise.all(flood);
  const refused = responses.filter(({ status }) => status === 429);
  const served = responses.filter(({ status }) => status === 200);
  expect(served.length + refused.length).toBe(200);
  expect(served.length).toBeGreaterThanOrEqual(65);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.headers.get("Retry-After")).toBe("2");
  expect(await refused[0]?.json()).toMatchObject({ code: "rate_limited" });
});
