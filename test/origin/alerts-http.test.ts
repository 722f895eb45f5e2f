import { describe, expect, test } from "vitest";
import { NOW_MS } from "./data.ts";
import { createAccountsOrigin } from "./private.ts";
import { readingOf } from "./store-readings.conformance.ts";

/** The routes of alerts over HTTP, as the origin serves them. Which alerts fire is store-alerts.conformance's to say. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const below = { pair: "USD/MXN", condition: "below", threshold: "17.50" };

/** Two accounts, and requests of each. */
async function world() {
  const origin = await createAccountsOrigin();
  const { call } = origin;
  const commit = async (date: string, value: string) => {
    origin.clock.ms += HOUR_MS;
    const fetched_at = new Date(origin.clock.ms).toISOString();
    await origin.services.store.commit(readingOf([[date, value]], { fetched_at, batch_id: date }), origin.clock.ms);
  };
  const publish = async (date: string, value: string) => {
    await commit(date, value);
    return evaluate();
  };
  const evaluate = async () => (await (await origin.internal("evaluate", {})).json()) as { fired: number };
  const events = async (path = "/alerts/events") =>
    (await call<{ events: { id: number; data: Record<string, string> }[]; next: number }>("GET", path)).content;
  return { ...origin, commit, publish, evaluate, events };
}

describe("alerts", () => {
  test("are created, read, changed, listed and deleted", async () => {
    const { call } = await world();
    const { status, content } = await call("POST", "/alerts", { ...below, cooldown_seconds: 60, note: "buy" });
    expect([status, content]).toEqual([
      201,
      {
        id: expect.stringMatching(/^alt_\w{20}$/),
        kind: "rate",
        ...below,
        threshold: "17.5",
        cooldown_seconds: 60,
        endpoints: null,
        note: "buy",
        state: "armed",
        created_at: new Date(NOW_MS).toISOString(),
        last_fired_at: null,
      },
    ]);
    const path = `/alerts/${content.id}`;
    expect((await call("GET", path)).content).toEqual(content);
    const changed = await call("PATCH", path, { state: "off", threshold: "16", note: null });
    expect(changed.content).toEqual({ ...content, state: "off", threshold: "16", note: null });
    expect((await call("GET", "/alerts")).content).toEqual({ alerts: [changed.content], next: null });
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("GET", "/alerts")).content).toEqual({ alerts: [], next: null });
  });

  test("are not fired by what was published before they were changed", async () => {
    const { call, commit, publish, evaluate } = await world();
    await publish("2023-12-26", "17.60");
    const { content } = await call("POST", "/alerts", { ...below, threshold: "17.00" });
    await commit("2023-12-27", "17.40");
    await call("PATCH", `/alerts/${content.id}`, { threshold: "17.50" });
    expect((await evaluate()).fired).toBe(0);
    expect((await publish("2023-12-28", "17.40")).fired).toBe(1);
  });

  test("that have fired are not armed by a change to what they are", async () => {
    const { call, publish } = await world();
    await publish("2023-12-26", "17.60");
    const { content } = await call("POST", "/alerts", below);
    expect((await publish("2023-12-27", "17.40")).fired).toBe(1);
    const change = { threshold: "17.5", condition: "below", note: "the same" };
    expect((await call("PATCH", `/alerts/${content.id}`, change)).content.state).toBe("fired");
    expect((await publish("2023-12-28", "17.30")).fired).toBe(0);
    expect((await call("PATCH", `/alerts/${content.id}`, { threshold: "17.6" })).content.state).toBe("armed");
    expect((await publish("2023-12-29", "17.30")).fired).toBe(1);
  });

  test("are listed page by page", async () => {
    const { call } = await world();
    for (const threshold of ["17", "16", "15"]) await call("POST", "/alerts", { ...below, threshold });
    const first = await call<{ alerts: { threshold: string }[]; next: number }>("GET", "/alerts?limit=2");
    expect(first.content.alerts.map(({ threshold }) => threshold)).toEqual(["17", "16"]);
    const rest = await call("GET", `/alerts?limit=2&after=${first.content.next}`);
    expect(rest.content).toMatchObject({ alerts: [{ threshold: "15" }], next: null });
    // The last page is full.
    const whole = await call<{ alerts: unknown[]; next: number | null }>("GET", "/alerts?limit=3");
    expect([whole.content.alerts.length, whole.content.next]).toEqual([3, null]);
  });

  test("of another account do not exist, for any method", async () => {
    const { call, other, publish, events } = await world();
    const { content } = await call("POST", "/alerts", below);
    await publish("2023-12-27", "17.60");
    await publish("2023-12-28", "17.40");
    expect((await events()).events).toHaveLength(1);
    for (const [method, suffix, body] of [
      ["GET", "", undefined],
      ["PATCH", "", { note: "mine" }],
      ["DELETE", "", undefined],
      ["GET", "/events", undefined],
    ] as const) {
      const response = await call(method, `/alerts/${content.id}${suffix}`, body, { key: other });
      expect([method, response.status, response.content.code]).toEqual([method, 404, "object_not_found"]);
    }
    expect((await call("GET", "/alerts/events", undefined, { key: other })).content).toEqual({ events: [], next: 0 });
    expect((await call("GET", "/alerts", undefined, { key: other })).content).toMatchObject({ alerts: [] });
    expect((await call("GET", `/alerts/${content.id}`)).content).toMatchObject({ note: null, state: "fired" });
  });

  test("leave a history, of each and of all, which goes on after a number", async () => {
    const { call, publish, events } = await world();
    await publish("2023-12-26", "17.60");
    const { content } = await call("POST", "/alerts", below);
    await call("POST", "/alerts", { ...below, threshold: "17.45" });
    for (const [date, value] of [
      ["2023-12-27", "17.48"],
      ["2023-12-28", "17.60"],
      ["2023-12-29", "17.40"],
    ] as const)
      await publish(date, value);
    const values = ({ events }: { events: { data: Record<string, string> }[] }) => events.map(({ data }) => data.value);
    expect(values(await events(`/alerts/${content.id}/events`))).toEqual(["17.48", "17.40"]);
    const first = await events("/alerts/events?limit=1");
    expect(values(first)).toEqual(["17.48"]);
    const rest = await events(`/alerts/events?after=${first.next}`);
    expect(values(rest)).toEqual(["17.40", "17.40"]);
    expect(await events(`/alerts/events?after=${rest.next}`)).toEqual({ events: [], next: rest.next });
    expect((await call("DELETE", `/alerts/${content.id}`)).status).toBe(204);
    expect(values(await events())).toHaveLength(3);
  });

  test("are created once for an Idempotency-Key, and refused under it for another request", async () => {
    const { call, other } = await world();
    const headers = { "Idempotency-Key": "alert-1" };
    const [first, second] = [
      await call("POST", "/alerts", below, { headers }),
      await call("POST", "/alerts", below, { headers }),
    ];
    expect(second.content).toEqual(first.content);
    expect([first, second].map((one) => one.headers.get("Idempotent-Replayed"))).toEqual([null, "true"]);
    const changed = await call("POST", "/alerts", { ...below, threshold: "17" }, { headers });
    expect([changed.status, changed.content.code]).toEqual([422, "idempotency_key_reused"]);
    expect((await call("POST", "/alerts", below, { headers, key: other })).content.id).not.toBe(first.content.id);
    expect((await call<{ alerts: object[] }>("GET", "/alerts")).content.alerts).toHaveLength(1);
    const bad = await call("POST", "/alerts", below, { headers: { "Idempotency-Key": "a b" } });
    expect(bad.content).toMatchObject({ status: 400, errors: [{ parameter: "Idempotency-Key" }] });
  });

  test.each([
    ["a pair that is none", { ...below, pair: "USDMXN" }, "pair"],
    ["a pair that is not served", { ...below, pair: "USD/XXX" }, "pair"],
    ["no pair", { condition: "below", threshold: "1" }, "pair"],
    ["a threshold as a number", { ...below, threshold: 17.5 }, "threshold"],
    ["a threshold in scientific notation", { ...below, threshold: "1e3" }, "threshold"],
    ["a threshold with nine decimals", { ...below, threshold: "1.000000001" }, "threshold"],
    ["a threshold that no rate can have", { ...below, threshold: "-1" }, "threshold"],
    ["no threshold", { pair: "USD/MXN", condition: "below" }, "threshold"],
    ["a condition that does not exist", { ...below, condition: "at" }, "condition"],
    ["a negative cool-down", { ...below, cooldown_seconds: -1 }, "cooldown_seconds"],
    ["a cool-down of half a second", { ...below, cooldown_seconds: 0.5 }, "cooldown_seconds"],
    ["a note that is too long", { ...below, note: "x".repeat(201) }, "note"],
    ["no endpoint", { ...below, endpoints: [] }, "endpoints"],
    ["an endpoint that is not the account's", { ...below, endpoints: ["whk_unknown"] }, "endpoints.0"],
    ["a window of a rate", { ...below, window: 2 }, "window"],
    ["a window that is too long", { ...below, kind: "change", window: 10_000 }, "window"],
    ["a provider of a rate", { ...below, provider: "banxico" }, "provider"],
    ["a pair of a stale feed", { kind: "stale", pair: "USD/MXN", condition: "above", threshold: "0" }, "pair"],
    ["no provider of a stale feed", { kind: "stale", condition: "above", threshold: "0" }, "provider"],
    [
      "a provider that does not exist",
      { kind: "stale", provider: "x", condition: "above", threshold: "0" },
      "provider",
    ],
    ["a stale feed below", { kind: "stale", provider: "banxico", condition: "below", threshold: "1" }, "condition"],
    ["a field that does not exist", { ...below, colour: "red" }, "colour"],
    ["a list", [], "body"],
    ["no JSON", "{", "body"],
  ])("with %s are refused, and the problem names it", async (_, body, parameter) => {
    const { call } = await world();
    const { status, content } = await call("POST", "/alerts", body);
    expect([status, content.code]).toEqual([400, "invalid_parameter"]);
    expect((content.errors as { parameter: string }[]).map((error) => error.parameter)).toContain(parameter);
  });

  test.each([
    ["/alerts?after=x", "after"],
    ["/alerts?limit=0", "limit"],
    [`/alerts?${"x".repeat(200)}=1&${"x".repeat(200)}=2`, "x".repeat(60)],
    ["/alerts?limit=501", "limit"],
    ["/alerts?limit=1&limit=2", "limit"],
    ["/alerts/events?after=-1", "after"],
    ["/alerts/events?before=1", "before"],
  ])("GET %s names the parameter", async (path, parameter) => {
    const { call } = await world();
    expect(await call("GET", path)).toMatchObject({ status: 400, content: { errors: [{ parameter }] } });
  });
});

describe("an alert on a feed that is stale", () => {
  const stale = { kind: "stale", provider: "banxico", condition: "above", threshold: "0" };

  test("fires once when a publication is missed, and again after one that came", async () => {
    const { call, publish, evaluate, events, clock } = await world();
    clock.ms = Date.parse("2023-12-28T19:00:00Z");
    await publish("2023-12-28", "17.10");
    const { content } = await call("POST", "/alerts", stale);
    const state = async () => (await call("GET", `/alerts/${content.id}`)).content.state;
    clock.ms += HOUR_MS;
    expect((await evaluate()).fired).toBe(0);
    // The FIX of Friday the 29th is missing on Saturday, and still on Sunday.
    clock.ms = Date.parse("2023-12-30T18:00:00Z");
    expect((await evaluate()).fired).toBe(1);
    clock.ms += DAY_MS;
    expect([(await evaluate()).fired, await state()]).toEqual([0, "fired"]);
    expect((await events()).events.map(({ data }) => data)).toMatchObject([
      { provider: "banxico", metric: "stale:banxico", value: "1", threshold: "0", date: "2023-12-29" },
    ]);
    await publish("2023-12-29", "17.20");
    expect(await state()).toBe("armed");
    clock.ms = Date.parse("2024-01-03T18:00:00Z");
    expect((await evaluate()).fired).toBe(1);
    expect((await events()).events.map(({ data }) => data.date)).toEqual(["2023-12-29", "2024-01-02"]);
  });

  test("fires for each account when it is stale already, however many watch it, and for none twice", async () => {
    const { call, publish, evaluate, own, other, clock } = await world();
    await publish("2023-12-28", "17.10");
    clock.ms = Date.parse("2023-12-30T18:00:00Z");
    for (const key of [own, other]) {
      await call("POST", "/alerts", stale, { key });
      clock.ms += HOUR_MS;
      expect([(await evaluate()).fired, (await evaluate()).fired]).toEqual([1, 0]);
    }
  });
});
