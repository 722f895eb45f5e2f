import { Redis } from "@upstash/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../../tools/servers/redis.ts";
import type { Simulator } from "../../tools/simulators/server.ts";
import { startUpstash } from "../../tools/simulators/upstash/simulator.ts";

type Answer = { result?: unknown; error?: string } | unknown[];

const token = "a-token-of-tests";

function clientOf(url: string): Redis {
  return new Redis({ url, token, automaticDeserialization: false, enableTelemetry: false, retry: { retries: 0 } });
}

async function post(simulator: Simulator, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(simulator.url + path, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { Authorization: `Bearer ${token}`, ...headers },
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

function setFaults(simulator: Simulator, faults: unknown) {
  return fetch(`${simulator.url}/__faults`, { method: "PUT", body: JSON.stringify(faults) });
}

describe.each(["memory", "a real Redis"])("Upstash over %s", (kind) => {
  let simulator: Simulator;
  let redis: Redis;
  let server: RedisServer | undefined;
  beforeAll(async () => {
    // One of its own, for these tests empty it.
    if (kind !== "memory") server = await startRedis();
    simulator = await startUpstash({ token, ...(server === undefined ? {} : { redisUrl: server.url }) });
    redis = clientOf(simulator.url);
  });
  beforeEach(() => redis.flushall());
  afterEach(() => fetch(`${simulator.url}/__faults`, { method: "DELETE" }));
  afterAll(async () => {
    await simulator.stop();
    await server?.stop();
  });

  test("a single command answers its result, and an error with 400", async () => {
    expect(await post(simulator, "/", ["SET", "k", "1.10"])).toEqual({ status: 200, body: { result: "OK" } });
    expect(await post(simulator, "/", ["GET", "k"])).toEqual({ status: 200, body: { result: "1.10" } });
    expect(await post(simulator, "/", ["GET", "none"])).toEqual({ status: 200, body: { result: null } });
    expect(await post(simulator, "/", ["SET", "k", "2", "NX"])).toEqual({ status: 200, body: { result: null } });
    expect(await post(simulator, "/", ["INCR", "k"])).toEqual({
      status: 400,
      body: { error: "ERR value is not an integer or out of range" },
    });
    expect(await post(simulator, "/", ["GET"])).toEqual({
      status: 400,
      body: { error: "ERR wrong number of arguments for 'get' command" },
    });
    expect(await post(simulator, "/", ["HGET", "k", "f"])).toEqual({
      status: 400,
      body: { error: "WRONGTYPE Operation against a key holding the wrong kind of value" },
    });
  });

  test("a pipeline goes on after an error; a transaction with a bad command does nothing", async () => {
    const pipeline = [
      ["SET", "a", "x"],
      ["INCR", "a"],
      ["INCRBY", "n", 5],
    ];
    expect(await post(simulator, "/pipeline", pipeline)).toEqual({
      status: 200,
      body: [{ result: "OK" }, { error: "ERR value is not an integer or out of range" }, { result: 5 }],
    });
    expect((await post(simulator, "/multi-exec", pipeline)).body).toEqual([
      { result: "OK" },
      { error: "ERR value is not an integer or out of range" },
      { result: 10 },
    ]);
    const refused = await post(simulator, "/multi-exec", [
      ["SET", "b", "1"],
      ["NO-SUCH-COMMAND", "b"],
    ]);
    expect(refused.status).toBe(400);
    expect(refused.body).toEqual({ error: expect.stringMatching(/^EXECABORT/) });
    expect(await redis.exists("b")).toBe(0);
  });

  test("with base64 every string but OK is encoded, however deep", async () => {
    const header = { "Upstash-Encoding": "base64" };
    const commands = [["SET", "k", "año"], ["GET", "k"], ["MGET", "k", "none"], ["DBSIZE"]];
    expect((await post(simulator, "/pipeline", commands, header)).body).toEqual([
      { result: "OK" },
      { result: "YcOxbw==" },
      { result: ["YcOxbw==", null] },
      { result: 1 },
    ]);
  });

  test("the real client works, with values kept as they were written", async () => {
    expect(await redis.set("page", '{"rate":"16.9190"}')).toBe("OK");
    expect(await redis.get("page")).toBe('{"rate":"16.9190"}');
    expect(await redis.set("page", "other", { nx: true })).toBeNull();
    expect(await redis.set("absent", "other", { xx: true })).toBeNull();
    expect(await redis.mget("page", "absent")).toEqual(['{"rate":"16.9190"}', null]);
    expect(await redis.hset("hash", { one: "1", two: "ñ" })).toBe(2);
    expect(await redis.hincrby("hash", "one", 4)).toBe(5);
    expect(await redis.hget("hash", "two")).toBe("ñ");
    expect(await redis.hdel("hash", "two", "absent")).toBe(1);
    expect(await redis.hlen("hash")).toBe(1);
    expect(await redis.lpush("list", "a", "b", "c")).toBe(3);
    expect(await redis.lrange("list", 0, -2)).toEqual(["c", "b"]);
    expect(await redis.llen("list")).toBe(3);
    expect(await redis.multi().set("x", "1").incr("x").exec()).toEqual(["OK", 2]);
    expect(await redis.del("x", "absent")).toBe(1);
    expect((await redis.keys("*s*")).sort()).toEqual(["hash", "list"]);
    expect(await redis.set("short", "1", { ex: 100 })).toBe("OK");
    expect(await redis.ttl("short")).toBe(100);
    expect(await redis.ttl("page")).toBe(-1);
    expect(await redis.ttl("absent")).toBe(-2);
    expect(await redis.expire("page", 5)).toBe(1);
    await expect(redis.hget("page", "f")).rejects.toThrow("WRONGTYPE");
  });

  test("a scan sees every key once", async () => {
    const names = Array.from({ length: 57 }, (_, i) => `key:${i}`);
    await Promise.all(names.map((name) => redis.set(name, "1")));
    await redis.set("other", "1");
    const seen = new Set<string>();
    let cursor = "0";
    do {
      const [next, keys] = await redis.scan(cursor, { match: "key:*", count: 10 });
      for (const key of keys) seen.add(key);
      cursor = next;
    } while (cursor !== "0");
    expect([...seen].sort()).toEqual(names.sort());
  });

  test("scripts run on a real Redis alone", async () => {
    const script = redis.eval("return redis.call('INCRBY', KEYS[1], ARGV[1])", ["n"], ["3"]);
    if (kind === "memory") await expect(script).rejects.toThrow("scripts need a real Redis");
    else expect(await script).toBe(3);
  });

  test("a stale replica answers reads as they were; writes reach the primary", async () => {
    await redis.set("k", "old");
    await redis.hset("h", { f: "old" });
    await setFaults(simulator, [{ type: "stale_replica" }]);
    await redis.set("k", "new");
    await redis.hset("h", { f: "new" });
    expect(await redis.get("k")).toBe("old");
    expect(await redis.hget("h", "f")).toBe("old");
    expect(await redis.multi().get("k").exec()).toEqual(["new"]);
    await setFaults(simulator, []);
    expect(await redis.get("k")).toBe("new");
  });
});

describe("Upstash itself", () => {
  let simulator: Simulator;
  let clockMs = 1_000_000;
  beforeAll(async () => {
    simulator = await startUpstash({ token, now: () => clockMs });
  });
  afterEach(() => setFaults(simulator, []));
  afterAll(() => simulator.stop());

  test("asks for its token and for commands", async () => {
    const wrong = { Authorization: "Bearer wrong" };
    for (const path of ["/", "/pipeline", "/multi-exec"]) {
      const refused = await post(simulator, path, [["PING"]], wrong);
      expect(refused).toEqual({
        status: 401,
        body: { error: "Unauthorized: WRONGPASS invalid or missing auth token" },
      });
    }
    for (const body of ["", "{}", "[]", "[[]]", '[{"a":1}]'])
      expect((await post(simulator, "/", body)).status).toBe(400);
    expect((await post(simulator, "/pipeline", ["GET", "k"])).status).toBe(400);
  });

  test("keys expire by the simulator's clock", async () => {
    const redis = clientOf(simulator.url);
    await redis.set("k", "v", { px: 1_500 });
    expect(await redis.ttl("k")).toBe(2);
    clockMs += 1_499;
    expect(await redis.get("k")).toBe("v");
    clockMs += 1;
    expect(await redis.get("k")).toBeNull();
    expect(await redis.dbsize()).toBe(0);
  });

  test("faults: reset, 503, latency and hang, each for as many requests as it says", async () => {
    const redis = clientOf(simulator.url);
    await setFaults(simulator, [{ type: "reset", times: 1 }]);
    await expect(redis.get("k")).rejects.toThrow("fetch failed");
    expect(await redis.get("k")).toBeNull();
    await setFaults(simulator, [{ type: "unavailable", times: 1 }]);
    await expect(redis.get("k")).rejects.toThrow();
    expect(await redis.get("k")).toBeNull();
    await setFaults(simulator, [{ type: "latency", ms: 30, times: 1 }]);
    const before = performance.now();
    await redis.get("k");
    expect(performance.now() - before).toBeGreaterThan(25);
    await setFaults(simulator, [{ type: "hang" }]);
    const hanging = new Redis({
      url: simulator.url,
      token,
      retry: { retries: 0 },
      signal: () => AbortSignal.timeout(50),
    });
    await expect(hanging.get("k")).rejects.toThrow("timeout");
  });

  test("a fault may strike reads alone, or writes", async () => {
    const redis = clientOf(simulator.url);
    await setFaults(simulator, [{ type: "unavailable", on: "write" }]);
    await expect(redis.set("k", "v")).rejects.toThrow();
    expect(await redis.get("k")).toBeNull();
    await setFaults(simulator, [{ type: "unavailable", on: "read" }]);
    expect(await redis.set("k", "v")).toBe("OK");
    await expect(redis.get("k")).rejects.toThrow();
  });

  test("a Redis that is away is a 503, until it is back", async () => {
    const server = await startRedis();
    const over = await startUpstash({ token, redisUrl: server.url });
    await post(over, "/", ["SET", "k", "v"]);
    await server.kill();
    for (const path of ["/", "/pipeline", "/multi-exec"]) {
      expect((await post(over, path, path === "/" ? ["GET", "k"] : [["GET", "k"]])).status).toBe(503);
    }
    await server.restart();
    await expect.poll(() => post(over, "/", ["GET", "k"])).toEqual({ status: 200, body: { result: "v" } });
    await over.stop();
    await server.stop();
  });

  test("bad faults are refused by name, and leave those in force", async () => {
    await setFaults(simulator, [{ type: "latency", ms: 1 }]);
    for (const bad of [
      {},
      [{ type: "typo" }],
      [{ type: "latency" }],
      [{ type: "hang", times: 0 }],
      [{ type: "hang", x: 1 }],
    ]) {
      const response = await setFaults(simulator, bad);
      expect(response.status).toBe(400);
      expect(await response.json()).toHaveProperty(["issues", 0, "message"]);
    }
    const kept = await fetch(`${simulator.url}/__faults`);
    expect(await kept.json()).toEqual([{ type: "latency", ms: 1 }]);
  });

  test("tells what it was asked, without tokens or values", async () => {
    await fetch(`${simulator.url}/__requests`, { method: "DELETE" });
    await post(simulator, "/pipeline", [
      ["SET", "k", "secret"],
      ["GET", "k"],
    ]);
    const log = await fetch(`${simulator.url}/__requests`);
    expect(await log.json()).toEqual({ counts: { write: 1, read: 1 }, recent: ["SET k", "GET k"] });
  });
});
