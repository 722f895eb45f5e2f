import { expect, test } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import type { ProviderRequest } from "#core/providers/provider.ts";
import { ProviderClient } from "../../../worker/ingest/provider-client.ts";
import { FIX, World } from "./world.ts";

const want = { series: banxico.series.slice(0, 1), span: "newest" } as const;
const [request] = banxico.requests(want, { nowMs: 0, hasSecret: true }) as [ProviderRequest];
const BREAKER = "paridad:v1:breaker:banxico";

async function send(world: World) {
  return await world.banxico.fetch(request, world.watch);
}

const down = () => new Response("down", { status: 503 });

test("the token goes in the header and nowhere else", async () => {
  const world = new World();
  world.site.put(FIX, ["2023-12-29", "16.9190"]);
  const { result, requests } = await send(world);
  const complete = { from: "2023-12-29", to: "2023-12-29" };
  const series = [{ series: FIX, observations: [["2023-12-29", "16.9190"]], complete }];
  expect(result).toEqual({ ok: true, series, faults: [] });
  expect(requests).toBe(1);
  expect(world.site.tokens).toEqual(["t".repeat(64)]);
  expect(world.site.requests).toEqual(["/series/SF43718/datos/oportuno"]);
});

test("what is transient is tried three times, with growing pauses; then the breaker is open for the next tick's probe", async () => {
  const world = new World("2023-12-29T20:00:30Z");
  world.site.instead = down;
  const { result, requests } = await send(world);
  expect([result.ok, requests]).toEqual([false, 3]);
  expect(world.pauses).toEqual([375, 750]);
  expect((await send(world)).result).toEqual({ ok: false, error: { kind: "circuit_open" } });
  world.nowMs += 45_000;
  expect((await send(world)).requests).toBe(1);
  expect((await send(world)).requests).toBe(0);
  world.nowMs += 60_000;
  world.site.instead = undefined;
  expect((await send(world)).result.ok).toBe(true);
  expect(await world.redis.get(BREAKER)).toBe('{"state":"closed","failures":0}');
  expect(world.watch.events).toEqual(["breaker banxico open", "breaker banxico open", "breaker banxico closed"]);
});

test("one failure that passes costs one retry", async () => {
  const world = new World();
  let calls = 0;
  world.site.instead = () => (calls++ === 0 ? new TypeError("reset") : undefined);
  expect(await send(world)).toMatchObject({ result: { ok: true }, requests: 2 });
  expect(world.watch.events).toEqual([]);
});

test("no attempt goes beyond the total time", async () => {
  const world = new World();
  world.site.instead = () => {
    world.nowMs += 20_000;
    return down();
  };
  expect((await send(world)).requests).toBe(2);
});

test.each([
  [undefined, 10_000],
  [3_000, 3_000],
])("the deadline aborts the request, body and all: %s", async (deadlineMs, eachMs) => {
  const world = new World();
  const signals: number[] = [];
  const client = new ProviderClient({
    provider: banxico,
    url: "https://banxico.test",
    secret: "t",
    deadlineMs,
    policy: world.policy,
    redis: world.redis,
    now: world.now,
    random: world.random,
    pause: async () => {},
    deadline: (ms) => {
      signals.push(ms);
      return AbortSignal.abort(new DOMException("late", "TimeoutError"));
    },
    fetch: async (_, init) => {
      const body = new ReadableStream({ start: (stream) => stream.error(init?.signal?.reason) });
      return new Response(body, { headers: { "Content-Type": "application/json" } });
    },
  });
  const { result } = await client.fetch(request, world.watch);
  expect(result).toEqual({ ok: false, error: { kind: "transient", reason: "no response in time" } });
  expect(signals).toEqual([eachMs, eachMs, eachMs]);
});

test("an endless body is cut off", async () => {
  const world = new World();
  let cancelled = false;
  world.site.instead = () =>
    new Response(
      new ReadableStream({
        pull: (stream) => stream.enqueue(new Uint8Array(1_000_000).fill(0x20)),
        cancel: () => {
          cancelled = true;
        },
      }),
      { headers: { "Content-Type": "application/json" } },
    );
  expect((await send(world)).result).toEqual({ ok: false, error: { kind: "invalid_response", reason: "too large" } });
  expect(cancelled).toBe(true);
});

test("requests are counted for the day and for five minutes, and refused beyond the budget", async () => {
  const world = new World("2023-12-29T20:00:00Z", {}, { perFiveMinutes: 3, perDay: 5 });
  const sent = async () => (await send(world)).requests;
  expect([await sent(), await sent(), await sent(), await sent()]).toEqual([1, 1, 1, 0]);
  world.nowMs += 6 * 60_000;
  expect([await sent(), await sent(), await sent()]).toEqual([1, 1, 0]);
  expect((await send(world)).result).toEqual({ ok: false, error: { kind: "over_budget" } });
  world.nowMs = Date.parse("2023-12-30T06:00:00Z");
  expect(await sent()).toBe(1);
  const fields = (await world.redis.send(["HKEYS", "paridad:v1:ingest:banxico"])) as string[];
  expect(fields.filter((field) => field.startsWith("requests:"))).toHaveLength(2);
});

test("a breaker that makes no sense, or lies too far ahead, keeps nobody out", async () => {
  const world = new World();
  world.site.put(FIX, ["2023-12-29", "16.9190"]);
  for (const text of ["{", '{"state":"ajar"}', '"open"', '{"state":"open","untilMs":"x"}']) {
    await world.redis.send(["SET", BREAKER, text]);
    expect((await send(world)).result.ok).toBe(true);
  }
  await world.redis.send(["SET", BREAKER, JSON.stringify({ state: "open", untilMs: world.nowMs + 9e9 })]);
  expect((await send(world)).result.ok).toBe(true);
});

test("rate limits, invalid responses and our own mistakes leave the breaker alone", async () => {
  const world = new World();
  const answers = [
    Response.json({ error: { mensaje: "x", secondsToReset: 5 } }, { status: 400 }),
    Response.json({ error: { mensaje: "Formato de fecha incorrecto." } }, { status: 400 }),
    new Response("", { status: 404 }),
    Response.json({ bmx: {} }),
  ];
  world.site.instead = () => answers.shift();
  for (let asked = 0; asked < 4; asked++) expect((await send(world)).requests).toBe(1);
  expect(await world.redis.get(BREAKER)).toBe(null);
});
