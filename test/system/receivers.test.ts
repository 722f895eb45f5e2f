import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type System, until } from "../../tools/dev/system.ts";
import { type AccountWorld, FIX, startWithAccount } from "./account-world.ts";

/** Receivers that misbehave, through the worker that delivers: no other receiver waits for them. */

/** More deliveries at once than a claim holds, for each of the receivers. */
const ALERTS = 10;
const KINDS = [
  { kind: "status", status: 500 },
  { kind: "status", status: 410 },
  { kind: "redirect" },
  { kind: "hang" },
  { kind: "drip" },
  { kind: "break_off" },
] as const;
const RECEIVERS_PER_KIND = 4;
/** Less than an attempt that hangs takes: it ends after 15 s. */
const MAX_WAIT_MS = 14_000;

interface Received {
  id: string;
  type: string;
  verified: boolean;
  path: string;
  received_at: string;
  timestamp: string;
}

let world: AccountWorld;
let system: System;
let token: string;

beforeAll(async () => {
  world = await startWithAccount();
  ({ system, token } = world);
});
afterAll(() => world?.stop());

async function post(path: string, body: unknown): Promise<{ id: string }> {
  const response = await fetch(`${system.stack.urls.edge}/api/v1${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { id: string };
}

const receiver = (path: string, init: RequestInit = {}) => fetch(`${system.stack.urls.receiver}${path}`, init);
const received = async (): Promise<Received[]> => (await (await receiver("/received")).json()) as Received[];
const webhooks = async () => {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`${system.stack.urls.edge}/api/v1/webhooks`, { headers });
  return ((await response.json()) as { webhooks: { url: string; status: string; disabled_reason: string | null }[] })
    .webhooks;
};

describe("receivers that misbehave", () => {
  const bad = KINDS.flatMap((fault, index) =>
    Array.from({ length: RECEIVERS_PER_KIND }, (_, n) => ({ ...fault, path: `/hook/bad-${index}-${n}` })),
  );

  test("are pinged and enabled while they behave", async () => {
    for (const { path } of [{ path: "/hook/good" }, ...bad])
      await post("/webhooks", { url: `${system.stack.urls.receiver}${path}` });
    await until("all are enabled", async () => (await webhooks()).every(({ status }) => status === "enabled"));
    for (let index = 0; index < ALERTS; index++)
      await post("/alerts", { pair: "USD/MXN", condition: "below", threshold: "17.50" });
    await receiver("/received", { method: "DELETE" });
  });

  test("keep no other receiver waiting", async () => {
    await receiver("/__faults", { method: "PUT", body: JSON.stringify(bad) });
    await system.faults("banxico", [{ type: "observation", series: FIX, date: "2023-12-22", value: "17.4000" }]);
    const good = async () =>
      (await received()).filter(({ type, path }) => type === "alert.triggered" && path === "/hook/good");
    await system.readUntil("the good one has all", async () => (await good()).length >= ALERTS);
    const all = await good();
    expect(new Set(all.map(({ id }) => id)).size).toBe(ALERTS);
    expect(all.every(({ verified }) => verified)).toBe(true);
    // By the clock of the receiver: the first delivery of any is the beginning.
    const startMs = Math.min(...(await received()).map(({ received_at }) => Date.parse(received_at)));
    const waitMs = Math.max(...all.map(({ received_at }) => Date.parse(received_at))) - startMs;
    expect(waitMs).toBeLessThan(MAX_WAIT_MS);
  });

  test("are attempted again under the same id, and one that is gone is disabled", async () => {
    const path = bad[0]?.path;
    await until("a second attempt", async () => {
      const ids = (await received()).filter((one) => one.path === path).map(({ id }) => id);
      return ids.length > new Set(ids).size;
    });
    const gone = (await webhooks()).filter(({ disabled_reason }) => disabled_reason === "gone");
    expect(gone.length).toBe(RECEIVERS_PER_KIND);
  });
});
