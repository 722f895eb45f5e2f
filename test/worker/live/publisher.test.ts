import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import type { AccountEventPage } from "#core/wire/account-events.ts";
import type { RateEvent } from "#core/wire/events.ts";
import { OriginFailure } from "../../../worker/clients/origin-failure.ts";
import { publishAccountEvents } from "../../../worker/live/account-events.ts";
import type { HubBatch } from "../../../worker/live/hub.ts";
import { type HubPort, publishEvents } from "../../../worker/live/publisher.ts";
import { rateEvent } from "../../unit/events.ts";
import { connect, freshHub, type Reader } from "./readers.ts";

const catalogue = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: ["banxico"] });
const OLD = { date: "2023-06-01" };

/** An origin's log and cursor. `moved`: what another consumer or an operator does before the next move. */
function originOf(log: RateEvent[], cursor = 0) {
  const state = { cursor, moved: undefined as number | undefined, isOld: false };
  const origin = {
    async read(path: string) {
      if (state.isOld) throw new OriginFailure("status", "cursors", 404);
      if (path.startsWith("cursors/")) return { seq: state.cursor };
      const query = new URL(path, "https://origin/").searchParams;
      const [after, limit] = [Number(query.get("after")), Number(query.get("limit"))];
      const latest = log.at(-1)?.seq ?? 0;
      const events = log.filter(({ seq }) => seq > after).slice(0, limit);
      return { events, next: events.length === limit ? events.at(-1)?.seq : latest, latest };
    },
    async write(_: string, { from, to }: { from: number; to: number }) {
      state.cursor = state.moved ?? (state.cursor === from ? to : state.cursor);
      state.moved = undefined;
      return { seq: state.cursor };
    },
  };
  return { origin: origin as never, state };
}

const noted: unknown[] = [];
const redis = { send: async (command: unknown) => void noted.push(command) as never };
const common = { catalogue, redis, now: () => 0 };
const faults: string[] = [];
const watch = {
  exception: (_: unknown, where: string) => void faults.push(where),
  notice: (message: string) => void faults.push(message),
  event: () => undefined,
};

/** A real hub, which can be made to fail. */
async function portOf(name: string, through = 0): Promise<HubPort & { isAway: boolean; reader: Reader }> {
  const hub = await freshHub(through);
  const port = {
    name,
    isAway: false,
    reader: await connect(hub),
    publish: async (batch: HubBatch) => {
      if (port.isAway) throw new Error("away");
      return hub.publish(batch);
    },
  };
  return port;
}

const numbers = async ({ reader }: { reader: Reader }, count: number) => {
  await reader.until(count + 1);
  return reader.seen.slice(1).map(([, id]) => id);
};

test("every hub gets what is new, and the cursor moves; a history that is loaded is passed over", async () => {
  const log = [rateEvent(1, OLD), rateEvent(2), rateEvent(3, { ...OLD, revised: true }), rateEvent(4, OLD)];
  const { origin, state } = originOf(log);
  const hubs = [await portOf("a"), await portOf("b")];
  await publishEvents({ origin, ...common, hubs }, watch);
  expect(state.cursor).toBe(4);
  log.push(rateEvent(7));
  await Promise.all([
    publishEvents({ origin, ...common, hubs }, watch),
    publishEvents({ origin, ...common, hubs }, watch),
  ]);
  for (const hub of hubs) expect(await numbers(hub, 3)).toEqual([2, 3, 7]);
  expect(state.cursor).toBe(7);
  expect(noted.at(-1)).toEqual(["HSET", "paridad:v1:events", "latest", 7, "published", 7, "at", 0]);
  expect(faults.splice(0)).toEqual([]);
});

test("while a hub is away the others are served and the cursor stays; then it catches up, without doubles", async () => {
  const log = [rateEvent(1)];
  const { origin, state } = originOf(log);
  const [well, ill] = [await portOf("well"), await portOf("ill")];
  const deps = { origin, ...common, hubs: [ill, well] };
  ill.isAway = true;
  for (const seq of [2, 3]) {
    await publishEvents(deps, watch);
    log.push(rateEvent(seq));
  }
  await publishEvents(deps, watch);
  expect(await numbers(well, 3)).toEqual([1, 2, 3]);
  expect(state.cursor).toBe(0);
  expect(faults.splice(0)).toContain("publishing to ill");
  ill.isAway = false;
  await publishEvents(deps, watch);
  expect(await numbers(ill, 3)).toEqual([1, 2, 3]);
  expect(state.cursor).toBe(3);
  expect(well.reader.seen).toHaveLength(4);
});

test("thousands of events go in batches, each once", async () => {
  const log = Array.from({ length: 2_500 }, (_, index) => rateEvent(index + 1));
  const { origin, state } = originOf(log);
  const hub = await portOf("a");
  await publishEvents({ origin, ...common, hubs: [hub] }, watch);
  expect(await numbers(hub, 2_500)).toEqual(log.map(({ seq }) => seq));
  expect(state.cursor).toBe(2_500);
});

test("a replay that an operator asks for meanwhile is not undone, and sends nothing twice", async () => {
  const log = [rateEvent(1), rateEvent(2), rateEvent(3)];
  const { origin, state } = originOf(log);
  const hub = await portOf("a");
  state.moved = 1;
  await publishEvents({ origin, ...common, hubs: [hub] }, watch);
  expect(state.cursor).toBe(1);
  await publishEvents({ origin, ...common, hubs: [hub] }, watch);
  log.push(rateEvent(4));
  await publishEvents({ origin, ...common, hubs: [hub] }, watch);
  expect(await numbers(hub, 4)).toEqual([1, 2, 3, 4]);
});

test("a log that went back is followed from there, and its readers are told", async () => {
  const { origin, state } = originOf([rateEvent(1), rateEvent(2)], 9);
  const hub = await portOf("a", 9);
  await publishEvents({ origin, ...common, hubs: [hub] }, watch);
  expect([state.cursor, faults.splice(0)]).toEqual([2, ["the log of events went back"]]);
  await hub.reader.until(2);
  expect(hub.reader.seen.at(-1)).toEqual(["resync", 2]);
});

test("an origin of a release without a log is no fault", async () => {
  const { origin, state } = originOf([]);
  state.isOld = true;
  await publishEvents({ origin, ...common, hubs: [await portOf("a")] }, watch);
  expect(faults).toEqual([]);
});

test("a hub that can't be reached keeps no other account's events or ended keys back, and the cursor stays", async () => {
  const event = (id: number, account: string) => ({ id, account, type: "alert.triggered", body: "{}" });
  const ended = [{ account: "acc_c", key: "key" }];
  const pages: AccountEventPage[] = [
    { events: [event(1, "acc_a"), event(2, "acc_b")], next: 2, more: true, ended },
    { events: [event(3, "acc_b")], next: 3, more: false, ended },
  ];
  const [moves, calls, faults]: [unknown[], string[], string[]] = [[], [], []];
  const origin = {
    read: async (path: string, schema: { parse: (value: unknown) => never }) =>
      schema.parse(path.startsWith("cursors/") ? { seq: 0 } : pages[path.endsWith("=0") ? 0 : 1]),
    write: async (_: string, move: unknown) => {
      moves.push(move);
      return { seq: 3 };
    },
  };
  const hubOf = (account: string) => ({
    publish: async ({ through }: { through: number }) => {
      if (account === "acc_a") throw new Error("overloaded");
      calls.push(`${account} ${through}`);
      return through;
    },
    disconnect: async (_: string, key: string | null) => void calls.push(`${account} ends ${key}`),
  });
  const watch = { exception: (error: unknown) => void faults.push(String(error)), notice: () => {}, event: () => {} };
  await publishAccountEvents({ origin: origin as never, hubOf }, watch);
  expect(calls.sort()).toEqual(["acc_b 2", "acc_b 3", "acc_c ends key"]);
  expect([moves, faults]).toEqual([[], ["Error: overloaded"]]);
});
