import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startFilled } from "../../tools/dev/filled.ts";
import { PATIENT, type System } from "../../tools/dev/system.ts";
import { fuzz } from "../../tools/fuzz/fuzz.ts";

/** The short form of `npm run fuzz`, with the tests' seed. */
const REQUESTS = 500;

let system: System;
beforeAll(async () => {
  system = await startFilled({ vars: PATIENT });
});
afterAll(() => system.stop());

test("whatever is asked, edge and origin answer as documented, and alike", async () => {
  const seed = inject("seed");
  const { edge, origin } = system.stack.urls;
  const { sent, byKind, byStatus, failures } = await fuzz({ urls: [edge, origin], requests: REQUESTS, seed });
  expect(failures, `npm run fuzz -- --requests ${REQUESTS} --seed ${seed}`).toEqual([]);
  expect(sent).toBe(REQUESTS);
  expect([...byKind.keys()].sort()).toEqual(["facade", "invalid", "valid", "wild"]);
  expect([...byStatus.keys()]).toEqual(expect.arrayContaining([200, 204, 400, 404, 405]));
});
