import { afterAll, beforeAll, expect, test } from "vitest";
import type { Health } from "#core/api/health.ts";
import { PATIENT, System } from "../../tools/dev/system.ts";
import { type Figures, writeFigures } from "./figures.ts";

/** Banxico has published nothing for ten bank days: nothing is called current any more, and history is served. */
const LAST = "2023-12-14";

let system: System;
let figures: Figures;
beforeAll(async () => {
  figures = await writeFigures(LAST, 60);
  system = await System.start({ csvFile: figures.file, vars: PATIENT });
  await system.fill();
});
afterAll(async () => {
  await system.stop();
  await figures.remove();
});

test.each([
  "/api/v1/rates/current",
  "/api/v1/rates/current?base=MXN&quote=JPY",
  "/api/v1/convert?from=USD&to=MXN&amount=1",
])("%s is refused, from edge and origin alike", async (path) => {
  const answers = await Promise.all([system.edge(path), system.origin(path)]);
  for (const { status, headers, body } of answers) {
    expect(status).toBe(503);
    expect(headers.get("Content-Type")).toBe("application/problem+json");
    expect(Number(headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(JSON.parse(body)).toMatchObject({ code: "rate_too_old", status: 503 });
    expect(JSON.parse(body).detail).toContain(LAST);
  }
});

test("history is served, marked where it ends with the newest rate", async () => {
  const newest = await system.edge("/api/v1/rates/historical?days=10");
  expect(newest.status).toBe(200);
  expect(newest.headers.get("Paridad-Stale")).toBe("publication_missed");
  expect(JSON.parse(newest.body)).toMatchObject({ to: LAST, stale: true });

  const older = await system.edge("/api/v1/rates/historical?from=2023-11-01&to=2023-11-30");
  expect(older.status).toBe(200);
  expect(older.headers.has("Paridad-Stale")).toBe(false);
  expect(JSON.parse(older.body)).toMatchObject({ stale: false });
  expect((await system.edge(`/api/v1/rates/on/${LAST}`)).status).toBe(200);
});

test("health calls it limited, and not unhealthy", async () => {
  for (const { status, body } of await Promise.all([system.edge("/health"), system.origin("/health")])) {
    expect(status).toBe(200);
    const health = JSON.parse(body) as Health;
    expect(health).toMatchObject({ status: "degraded", level: "limited" });
    expect(health.freshness).toEqual({ latest: LAST, expected: "2023-12-29", publishes_missed: 10 });
  }
});
