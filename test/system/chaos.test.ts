import { expect, test } from "vitest";
import { runChaos } from "../../tools/chaos/run.ts";
import { STRIKES } from "../../tools/chaos/strikes.ts";

/** The short form of `npm run chaos`: a fault of each kind, with breakers that look again soon. */
const KINDS = [
  "origin: killed",
  "origin: blackhole",
  "origin: restored from a backup",
  "origin: clock ten minutes ahead",
  "Redis: killed",
  "Redis: poisoned pages",
  "Redis: a wrong page ahead of the origin",
  "Redis: pages removed",
  "Redis's REST API: hanging",
  "MariaDB: killed",
  "Banxico: html",
  "Banxico: missing_series",
];

/**
 * While one dependency is away, the other one of a busy machine must not seem to be. Readers wait for as long as it takes to give
 * up what hangs; whether that is soon enough with the deadlines of production, `npm run chaos` says.
 */
const PATIENT = { COLO_DEADLINE_MS: "2000", REDIS_DEADLINE_MS: "10000", ORIGIN_DEADLINE_MS: "10000" };
const READER_PATIENCE_MS = 60_000;

/** A machine that is so busy that the stack falls behind its readers would show that, and no fault. */
const REQUESTS_PER_SECOND = 15;

test("no single fault is noticed by readers of warm rates, and all heals by itself", { timeout: 300_000 }, async () => {
  const strikes = STRIKES.filter(({ name }) => KINDS.includes(name));
  const rows = await runChaos(strikes, {
    requestsPerSecond: REQUESTS_PER_SECOND,
    patienceMs: READER_PATIENCE_MS,
    strikeMs: 3_000,
    vars: { BREAKER_OPEN_MS: "2000", BREAKER_PROBE_MS: "1000", ...PATIENT },
  });
  expect(rows.map(({ fault, failures, broken }) => ({ fault, failures, broken }))).toEqual(
    strikes.map(({ name }) => ({ fault: name, failures: 0, broken: [] })),
  );
});
