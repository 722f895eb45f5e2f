import { describe, expect, inject, test, vi } from "vitest";
import { DEFAULT_POLICY, type Policy } from "#core/ops/policy.ts";
import { OriginClient } from "../../worker/clients/origin-client.ts";
import type { OriginFailure } from "../../worker/clients/origin-failure.ts";
import { RedisClient, RedisFailure } from "../../worker/clients/redis-client.ts";
import { pageOf, SERIES, TestOrigin, TestTimer } from "./support.ts";

const SECRET = "planted-secret-value";

describe("the Redis client", () => {
  const clientOf = (options: { token?: string; url?: string; deadlineMs?: number } = {}) =>
    new RedisClient({ url: inject("upstashOf").clients, token: inject("redisToken"), deadlineMs: 60_000, ...options });
  const setFaults = (faults: unknown) =>
    fetch(`${inject("upstashOf").clients}/__faults`, { method: "PUT", body: JSON.stringify(faults) });
  const failureOf = async (call: Promise<unknown>) => (await call.catch((error) => error)) as RedisFailure;

  test("keeps digits and text as they were written", async () => {
    const key = crypto.randomUUID();
    expect(await clientOf().set(key, "1.10")).toBe(true);
    expect(await clientOf().set(key, "2", { onlyIfAbsent: true })).toBe(false);
    expect(await clientOf().mget([key, `${key}-none`])).toEqual(["1.10", null]);
    expect(await clientOf().pipeline([])).toEqual([]);
    expect(
      await clientOf().pipeline([
        ["HINCRBY", `${key}-hash`, "año", 3],
        ["HGETALL", `${key}-hash`],
      ]),
    ).toEqual([3, ["año", "3"]]);
  });

  test("tells a time-out from a miss", async () => {
    await setFaults([{ type: "hang", times: 1 }]);
    expect(await failureOf(clientOf({ deadlineMs: 20 }).get("k"))).toMatchObject({ kind: "timeout" });
  });

  test("tries once, and tells refusals from a Redis that is away", async () => {
    await fetch(`${inject("upstashOf").clients}/__requests`, { method: "DELETE" });
    await setFaults([{ type: "unavailable", times: 1 }]);
    expect(await failureOf(clientOf().get("only-once"))).toMatchObject({ kind: "unreachable" });
    const asked = (await (await fetch(`${inject("upstashOf").clients}/__requests`)).json()) as { recent: string[] };
    expect(asked.recent.filter((line) => line === "GET only-once")).toHaveLength(1);
    expect(await failureOf(clientOf({ token: "wrong-token" }).get("k"))).toMatchObject({ kind: "refused" });
    expect(await failureOf(clientOf({ url: "http://127.0.0.1:9" }).get("k"))).toMatchObject({ kind: "unreachable" });
    expect(await failureOf(clientOf().pipeline([["HGETALL", "k"], ["NONE"]]))).toMatchObject({ kind: "refused" });
  });

  test("its errors quote nothing of a command", async () => {
    const error = await failureOf(clientOf().send(["SET", SECRET, SECRET, "BAD"]));
    expect(error).toBeInstanceOf(RedisFailure);
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain(SECRET);
  });
});

describe("the origin client", () => {
  const clientOf = (world: TestOrigin, policy: Partial<Policy> = {}, onDatabase?: (isDegraded: boolean) => void) =>
    new OriginClient({
      url: "https://origin.example.com",
      token: SECRET,
      policy: { ...DEFAULT_POLICY, ...policy },
      fetch: world.fetch,
      random: () => 0,
      ...(onDatabase && { onDatabase }),
    });
  const failureOf = async (call: Promise<unknown>) => (await call.catch((error) => error)) as OriginFailure;

  test("sends the token and the trace, and fills years without data", async () => {
    const world = new TestOrigin().hold(pageOf(2023, 4));
    const traceparent = "00-11111111111111111111111111111111-2222222222222222-01";
    expect(await clientOf(world).pages(SERIES, 2022, 2023, { traceparent })).toEqual([
      pageOf(2022, 0),
      pageOf(2023, 4),
    ]);
    expect(world.requests[0]?.headers.get("Authorization")).toBe(`Bearer ${SECRET}`);
    expect(world.requests[0]?.headers.get("Traceparent")).toBe(traceparent);
  });

  test("tries a read twice, and what it refuses or a write only once", async () => {
    const world = new TestOrigin();
    world.chaos = 503;
    expect(await failureOf(clientOf(world).versions("banxico"))).toMatchObject({ kind: "status", status: 503 });
    expect(world.requests).toHaveLength(2);
    world.chaos = 401;
    expect((await failureOf(clientOf(world).versions("banxico"))).isUnauthorized).toBe(true);
    expect(world.requests).toHaveLength(3);
    world.chaos = "unreachable";
    const event = { event: "breaker", name: "redis", detail: "open", at: "2023-12-29T17:00:00Z" } as const;
    expect((await failureOf(clientOf(world).sendEvent(event))).isTransient).toBe(true);
    expect(world.requests).toHaveLength(4);
  });

  test("a slow attempt is given up with its patience only, and a second one begins beside it", async () => {
    const world = new TestOrigin();
    world.chaos = "hang";
    expect(
      await failureOf(clientOf(world, { ORIGIN_DEADLINE_MS: 5, ORIGIN_PATIENCE_MS: 20 }).versions("banxico")),
    ).toMatchObject({
      kind: "timeout",
    });
    expect(world.requests).toHaveLength(2);
  });

  test("a response that comes after the deadline counts, of whichever attempt it is", async () => {
    for (const slow of [0, 1]) {
      const timer = new TestTimer();
      const responses: ((response: Response) => void)[] = [];
      const send = (() => new Promise<Response>((resolve) => responses.push(resolve))) as typeof fetch;
      const client = new OriginClient({
        url: "http://o",
        token: SECRET,
        policy: DEFAULT_POLICY,
        fetch: send,
        timer: timer.start,
      });
      const read = client.pages(SERIES, 2023, 2023);
      timer.fire();
      await vi.waitFor(() => expect(responses).toHaveLength(2));
      responses[slow]?.(Response.json({ pages: [pageOf(2023, 4)] }));
      expect(await read).toEqual([pageOf(2023, 4)]);
    }
  });

  test("its deadline grows with the years of a read", async () => {
    const timer = new TestTimer();
    const client = new OriginClient({
      url: "http://o",
      token: SECRET,
      policy: DEFAULT_POLICY,
      fetch: new TestOrigin().fetch,
      timer: timer.start,
    });
    await client.pages(SERIES, 2023, 2023);
    await client.pages(SERIES, 1992, 2023);
    const share = 0.6;
    expect(timer.startedMs).toEqual([1_500 * share, (1_500 + 31 * 50) * share]);
  });

  test("an origin of an older release has versions only", async () => {
    const send = (async (input: RequestInfo | URL) =>
      String(input).endsWith("/versions")
        ? Response.json({ versions: { [SERIES]: { 2022: 7, 2023: 12 } } })
        : new Response("{}", { status: 404 })) as typeof fetch;
    const client = new OriginClient({ url: "http://o", token: SECRET, policy: DEFAULT_POLICY, fetch: send });
    expect(await client.digests([SERIES])).toEqual({
      lineage: "",
      max_seq: 12,
      pages: { [SERIES]: { 2022: { version: 7, digest: "" }, 2023: { version: 12, digest: "" } } },
    });
  });

  test("a response without end is not read to its end", async () => {
    let sent = 0;
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          sent += 1_000_000;
          controller.enqueue(new Uint8Array(1_000_000).fill(32));
        },
      });
    const send = (async () => new Response(endless())) as typeof fetch;
    const client = new OriginClient({
      url: "http://o",
      token: SECRET,
      policy: DEFAULT_POLICY,
      fetch: send,
      random: () => 0,
    });
    expect(await failureOf(client.pages(SERIES, 2023, 2023))).toMatchObject({ kind: "invalid" });
    expect(sent).toBeLessThan(20_000_000);
  });

  test.each([
    ["a page of another series", [pageOf(2023, 4, "banxico.SF1")]],
    ["no page", [{ series: SERIES, year: 2023 }]],
    ["no pages at all", []],
    ["a page of another year", [pageOf(2022, 4)]],
    ["a page too many", [pageOf(2023, 4), pageOf(2024, 5)]],
  ])("does not take %s", async (_, pages) => {
    const world = new TestOrigin();
    const send = (async () => Response.json({ pages })) as typeof fetch;
    const client = new OriginClient({ url: "http://o", token: SECRET, policy: DEFAULT_POLICY, fetch: send });
    expect(await failureOf(client.pages(SERIES, 2023, 2023))).toMatchObject({ kind: "invalid" });
    expect(world.requests).toHaveLength(0);
  });

  test("hears whether the database is in trouble, from errors too", async () => {
    const heard: boolean[] = [];
    const world = new TestOrigin();
    const client = clientOf(world, {}, (isDegraded) => heard.push(isDegraded));
    await client.pages(SERIES, 2023, 2023);
    world.headers = { "Paridad-Database": "trouble" };
    await client.pages(SERIES, 2023, 2023);
    world.chaos = 500;
    await failureOf(client.recordRun({} as never));
    expect(heard).toEqual([false, true, true]);
  });

  test("its errors quote nothing of what was sent", async () => {
    const world = new TestOrigin();
    world.chaos = "unreachable";
    const error = await failureOf(clientOf(world).commit({ batch_id: SECRET } as never));
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain(SECRET);
  });
});
