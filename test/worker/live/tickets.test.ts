import { createExecutionContext } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { ownIssuer } from "#core/auth/issuers.ts";
import { newTokenKey, signTicket, type TicketGrant } from "#core/auth/jwt.ts";
import { publicKeysOf } from "#core/auth/token-keys.ts";
import type { AccountEvent } from "#core/wire/account-events.ts";
import { createHandler } from "../../../worker/app.ts";
import { publishAccountEvents } from "../../../worker/live/account-events.ts";
import { accountHubOf, hubOf, publicShards } from "../../../worker/live/shards.ts";
import { createServices } from "../../../worker/services.ts";
import { TestClock, testBindings } from "../support.ts";
import { ownHubs, readerOf } from "./readers.ts";

const MINUTE_MS = 60_000;
const upgrade = { headers: { Upgrade: "websocket" } };

let accounts = 0;

/** An isolate before an origin that signs tickets and has events of accounts. */
async function isolate(bindings: Record<string, unknown> = {}) {
  const key = await newTokenKey();
  const clock = new TestClock();
  const accountId = `acc_${accounts++}`;
  const events: AccountEvent[] = [];
  const ended: { account: string; key: string | null }[] = [];
  let cursor = 0;
  const respond = async (request: Request): Promise<object | undefined> => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/.well-known/jwks.json") return publicKeysOf([key]);
    if (pathname === "/internal/cursors/hub") return { seq: 0 };
    if (pathname === "/internal/cursors/accounts") {
      if (request.method === "POST") cursor = ((await request.json()) as { to: number }).to;
      return { seq: cursor };
    }
    if (pathname === `/internal/accounts/${accountId}/events`) return { events, floor: 0 };
    if (pathname !== "/internal/account-events") return undefined;
    const after = Number(searchParams.get("after"));
    const found = events.filter(({ id }) => id > after);
    return { events: found, next: found.at(-1)?.id ?? after, more: false, ended };
  };
  const lines: string[] = [];
  const hubs = ownHubs();
  const given = testBindings({ HUB: hubs, HUB_SHARDS: "1", RATE_LIMITER: undefined, ...bindings });
  const services = createServices(given, {
    now: clock.now,
    random: () => 0,
    log: (line) => lines.push(line),
    fetch: async (input, init) => {
      const content = await respond(new Request(input as RequestInfo, init as RequestInit));
      return content === undefined ? new Response(null, { status: 404 }) : Response.json(content);
    },
  });
  for (const shard of publicShards(1))
    await hubOf(hubs, shard).publish({ kind: "history", after: 0, through: 0, messages: [] });
  const handle = createHandler(services);
  const ask = (path: string, init: RequestInit = {}) =>
    handle(new Request(`https://paridad.example.com/api/v1${path}`, init), createExecutionContext());
  let tickets = 0;
  const ticket = (fields: Partial<TicketGrant> = {}) => {
    const grant = { accountId, keyId: "key", ticketId: `tkt_${tickets++}`, maxStreams: 5, ...fields };
    return signTicket(grant, ownIssuer(given.PUBLIC_URL as string), key, clock.ms);
  };
  const connect = async (after = "", fields: Partial<TicketGrant> = {}) => {
    const response = await ask(`/ws?ticket=${await ticket(fields)}${after && `&after=${after}`}`, upgrade);
    expect(response.status).toBe(101);
    return readerOf(response.webSocket as WebSocket);
  };
  const happen = (id: number, account = accountId) => {
    const data = { type: "alert.triggered", timestamp: "2023-12-29T18:00:00.000Z", data: { value: "17.1" } };
    events.push({ id, account, type: data.type, body: JSON.stringify(data) });
  };
  const watch = { notice: () => undefined, exception: (error: unknown) => lines.push(String(error)) };
  const publish = () =>
    publishAccountEvents(
      { origin: services.origin, hubOf: (id) => accountHubOf(hubs, id) },
      watch as unknown as Parameters<typeof publishAccountEvents>[1],
    );
  return { ask, ticket, connect, happen, publish, clock, accountId, lines, ended };
}

describe("a stream with a ticket", () => {
  test("sends the account's events beside the public ones, with one position", async () => {
    const { ask, ticket, happen, publish, lines } = await isolate();
    happen(7);
    const response = await ask(`/stream?ticket=${await ticket()}`);
    expect(response.status).toBe(200);
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (end: string) => {
      while (!text.includes(end)) text += (await reader.read()).value ?? expect.unreachable();
    };
    await until('"hello"');
    happen(9);
    await publish();
    await until('"17.1"}}\n\n');
    await reader.cancel();
    expect(text.match(/^(id|event): .+$/gm)).toEqual(["id: 0.7", "event: hello", "id: 0.9", "event: alert.triggered"]);
    expect(text).toContain('data: {"id":9,"type":"alert.triggered","timestamp":"2023-12-29T18:00:00.000Z"');
    expect(lines).toEqual([]);
  });

  test("goes on after a position, each event once, also those that were stored meanwhile", async () => {
    const { connect, happen, publish } = await isolate();
    for (const id of [3, 5, 8]) happen(id);
    const reader = await connect("0.3");
    await reader.until(3);
    happen(9);
    await Promise.all([publish(), publish()]);
    await reader.until(4);
    expect(reader.seen.map(([type, id]) => [type, id])).toEqual([
      ["hello", 0],
      ["alert.triggered", 5],
      ["alert.triggered", 8],
      ["alert.triggered", 9],
    ]);
    expect(reader.texts.map((text) => JSON.parse(text).position)).toEqual(["0.3", "0.5", "0.8", "0.9"]);
  });

  test("gets nothing of another account, nor does one without a ticket", async () => {
    const { connect, ask, happen, publish, accountId } = await isolate();
    const reader = await connect();
    const { webSocket } = await ask("/ws", upgrade);
    const other = readerOf(webSocket as WebSocket);
    happen(1, `${accountId}-other`);
    happen(2);
    await publish();
    await reader.until(2);
    other.socket.send("ping");
    await other.until(2);
    expect(reader.seen.at(-1)).toEqual(["alert.triggered", 2]);
    expect(other.seen.map(([type]) => type)).toEqual(["hello", "pong"]);
  });

  test("takes ping, and nothing else", async () => {
    const { connect } = await isolate();
    const reader = await connect();
    reader.socket.send("ping");
    await reader.until(2);
    reader.socket.send("hello");
    expect((await reader.closed).code).toBe(1008);
  });
});

describe("a ticket", () => {
  test("is good once, and is refused with a problem afterwards, whichever way it is used", async () => {
    const { ask, ticket } = await isolate();
    const once = await ticket();
    const first = await ask(`/stream?ticket=${once}`);
    expect(first.status).toBe(200);
    for (const [path, init] of [["/stream", {}] as const, ["/ws", upgrade] as const]) {
      const response = await ask(`${path}?ticket=${once}`, init);
      expect([response.status, response.headers.get("WWW-Authenticate")]).toEqual([401, 'Bearer realm="paridad"']);
      expect(await response.json()).toMatchObject({ code: "unauthorized", instance: `/api/v1${path}` });
    }
    await first.body?.cancel();
  });

  test("of two connections at once opens one", async () => {
    const { ask, ticket } = await isolate();
    const once = await ticket();
    const responses = await Promise.all([1, 2, 3].map(() => ask(`/stream?ticket=${once}`)));
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    for (const { body } of responses) await body?.cancel();
  });

  test("is looked at by HEAD and not used up, over either way", async () => {
    const { ask, ticket } = await isolate();
    const once = await ticket();
    const heads = [
      await ask(`/stream?ticket=${once}`, { method: "HEAD" }),
      await ask(`/stream/?ticket=${once}`, { method: "HEAD" }),
      await ask(`/%73tream?ticket=${once}`, { method: "HEAD" }),
      await ask(`/ws?ticket=${once}`, { ...upgrade, method: "HEAD" }),
      await ask("/stream?ticket=x", { method: "HEAD" }),
    ];
    expect(heads.map(({ status, body }) => [status, body])).toEqual([
      [200, null],
      [200, null],
      [200, null],
      [426, null],
      [401, null],
    ]);
    const opened = await ask(`/stream?ticket=${once}`);
    expect(opened.status).toBe(200);
    await opened.body?.cancel();
  });

  test("that is wrong, has expired or is another token is refused", async () => {
    const { ask, ticket, clock } = await isolate();
    const good = await ticket();
    clock.ms += 2 * MINUTE_MS;
    const other = await isolate();
    for (const bad of [good, await other.ticket(), "x", `${(await ticket()).slice(0, -3)}AAA`])
      expect((await ask(`/stream?ticket=${bad}`)).status).toBe(401);
    for (const query of ["ticket=", `ticket=${"x".repeat(5_000)}`, "ticket=a&ticket=b"])
      expect(await (await ask(`/stream?${query}`)).json()).toMatchObject({ errors: [{ parameter: "ticket" }] });
  });

  test("opens no more connections than the plan has, and is still good when one has ended", async () => {
    const { ask, connect, ticket } = await isolate();
    const readers = [await connect("", { maxStreams: 2 }), await connect("", { maxStreams: 2 })];
    const third = await ticket({ maxStreams: 2 });
    const refused = await ask(`/stream?ticket=${third}`);
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "5"]);
    expect(await refused.json()).toMatchObject({
      code: "too_many_connections",
      detail: expect.stringContaining("allows 2 at once"),
    });
    readers[0]?.socket.close(1000);
    await readers[0]?.closed;
    const response = await ask(`/stream?ticket=${third}`);
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });
});

test("connections of a key that has ended are closed, others stay", async () => {
  const { connect, ended, accountId, publish, happen } = await isolate();
  const [leaked, other] = [await connect("", { keyId: "leaked" }), await connect("", { keyId: "other" })];
  ended.push({ account: accountId, key: "leaked" });
  await publish();
  expect((await leaked.closed).code).toBe(1008);
  happen(1);
  await publish();
  await other.until(2);
  ended.push({ account: accountId, key: null });
  await publish();
  expect((await other.closed).code).toBe(1008);
});

test("who connects too often is told to wait, before a hub is asked", async () => {
  const keys: string[] = [];
  const limiter = { limit: async ({ key }: { key: string }) => ({ success: keys.push(key) < 2 }) };
  const { ask, ticket } = await isolate({ CONNECT_RATE_LIMITER: limiter });
  const from = { "CF-Connecting-IP": "192.0.2.7" };
  const response = await ask("/stream", { headers: from });
  expect(response.status).toBe(200);
  await response.body?.cancel();
  for (const [path, headers] of [
    ["/stream", from],
    ["/ws", { ...from, Upgrade: "websocket" }],
    [`/ws?ticket=${await ticket()}`, { ...from, Upgrade: "websocket" }],
  ] as const) {
    const refused = await ask(path, { headers });
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "10"]);
    expect(await refused.json()).toMatchObject({ code: "rate_limited" });
  }
  expect(new Set(keys)).toEqual(new Set(["192.0.2.7"]));
});
