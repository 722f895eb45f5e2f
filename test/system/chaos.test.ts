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

test("no single fault is noticed by readers of warm rates, and all heals by itself", { timeout: 300_000 }, async () => {
  const strikes = STRIKES.filter(({ name }) => KINDS.includes(name));
  const rows = await runChaos(strikes, {
    requestsPerSecond: 50,
    strikeMs: 3_000,
    vars: { BREAKER_OPEN_MS: "2000", BREAKER_PROBE_MS: "1000" },
  });
  expect(rows.map(({ fault, failures, broken }) => ({ fault, failures, broken }))).toEqual(
    strikes.map(({ name }) => ({ fault: name, failures: 0, broken: [] })),
  );
});
