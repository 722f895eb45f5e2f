import { createExecutionContext, createMessageBatch, getQueueResult, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, expect, inject, test } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { decodePage, type Page } from "#core/rates/page.ts";
import { batchSchema, readingSchema } from "#core/wire/internal.ts";
import { pageKeyOf } from "#core/wire/keys.ts";
import { evaluateAlerts } from "../../../worker/alerts/evaluate.ts";
import { OriginFailure } from "../../../worker/clients/origin-failure.ts";
import { RedisClient } from "../../../worker/clients/redis-client.ts";
import { onDelivery, onTick } from "../../../worker/events.ts";
import { createServices, type Services } from "../../../worker/services.ts";
import { TestBanxico, TestQueue } from "../../unit/ingest/doubles.ts";
import { TestOrigin } from "../../unit/ingest/origin.ts";
import { testBindings } from "../support.ts";

/** The cron and the queues inside workerd, over the Upstash simulator; Banxico and the origin stand in memory. */
const FIX = "banxico.SF43718";
const QUEUE = "paridad-ingest-local";

let nowMs: number;
let site: TestBanxico;
let origin: TestOrigin;
let queue: TestQueue;
let events: string[];
let log: string[];
let services: Services;

const redis = () =>
  new RedisClient({ url: inject("upstashOf").ingest, token: inject("redisToken"), deadlineMs: 60_000 });

beforeEach(async () => {
  await redis().send(["FLUSHALL"]);
  nowMs = Date.parse("2023-12-29T20:00:00Z");
  site = new TestBanxico();
  origin = new TestOrigin();
  queue = new TestQueue();
  events = [];
  log = [];
  const bindings = testBindings({
    UPSTASH_REDIS_REST_URL: inject("upstashOf").ingest,
    BANXICO_URL: "https://banxico.test",
    PROVIDERS: "banxico",
    ORIGIN_URL: "https://origin.test",
    INGEST: { send: () => undefined, sendBatch: (messages: Iterable<{ body: unknown }>) => queue.sendBatch(messages) },
  });
  services = createServices(bindings, { now: () => nowMs, random: () => 0.5, fetch: answer, log: (l) => log.push(l) });
  for (let year = 1999; year <= 2023; year++) site.putAll([`${year}-01-05`, "3.1000"], [`${year}-12-29`, "3.2000"]);
});

/** Banxico's site, and the origin's internal API. */
const answer: typeof fetch = async (input, init) => {
  const url = new URL(String(input));
  if (url.hostname === "banxico.test") return await site.fetch(input, init);
  const body = init?.body ? JSON.parse(String(init.body)) : undefined;
  const [, what, series = "", years = ""] = url.pathname.split("/").slice(1);
  try {
    if (what === "digests") return Response.json(await origin.digests());
    if (what === "boards") return Response.json(await origin.board(series), { status: origin.isOld ? 404 : 200 });
    if (what === "versions") return Response.json({ versions: await origin.versions() });
    if (what === "readings") return Response.json(await origin.commitReading(readingSchema.parse(body)));
    if (what === "observations") return Response.json(await origin.commit(batchSchema.parse(body)));
    if (what === "runs") await origin.recordRun(body);
    if (what === "events") events.push(`${body.event} ${body.name} ${body.detail}`);
    if (what !== "pages") return new Response(null, { status: 204 });
    const [from = "", to = from] = years.split("-");
    return Response.json({ pages: await origin.pages(series, Number(from), Number(to)) });
  } catch (error) {
    return new Response("{}", { status: (error instanceof OriginFailure && error.status) || 503 });
  }
};

async function tick(): Promise<void> {
  const context = createExecutionContext();
  await onTick(services, context);
  await waitOnExecutionContext(context);
}

/** Delivers everything that waits, as the queue would. */
async function deliver(name = QUEUE, attempts = 1) {
  const messages = queue.waiting.map(({ id, body }) => ({ id, body, attempts, timestamp: new Date(nowMs) }));
  const batch = createMessageBatch(name, messages);
  const context = createExecutionContext();
  await onDelivery(batch, services, context);
  const result = await getQueueResult(batch, context);
  queue.waiting = queue.waiting.filter(({ id }) => !result.explicitAcks.includes(id));
  return result;
}

async function page(series: string, year: number): Promise<Page | undefined> {
  const text = await redis().get(pageKeyOf(series, year));
  return text === null ? undefined : decodePage(text, { series, year });
}

test("from the first tick to Redis: a history of 125 pages", async () => {
  await tick();
  expect(queue.waiting).toHaveLength(125);
  const { explicitAcks, retryMessages } = await deliver();
  expect([explicitAcks.length, retryMessages.length]).toEqual([125, 0]);
  for (const { id } of banxico.series)
    for (let year = 1999; year <= 2023; year++) expect(await page(id, year)).toEqual(origin.page(id, year));
  nowMs += 60_000;
  await tick();
  expect(queue.waiting).toEqual([]);
  expect(origin.runs.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(["audit ok"]);
});

test("an origin of an older release takes the values of readings, and the pages come of it", async () => {
  origin.isOld = true;
  await tick();
  expect((await deliver()).explicitAcks).toHaveLength(125);
  expect(origin.readings).toEqual([]);
  for (const { id } of banxico.series) expect(await page(id, 2023)).toEqual(origin.page(id, 2023));
});

test("with the origin away nothing is acknowledged, and the delivery comes again", async () => {
  await tick();
  origin.chaos = "away";
  const { explicitAcks, retryMessages } = await deliver();
  expect(explicitAcks).toEqual([]);
  expect(retryMessages).toHaveLength(125);
  expect(await page(FIX, 2023)).toBeUndefined();
  origin.chaos = "none";
  expect((await deliver(QUEUE, 2)).explicitAcks).toHaveLength(125);
});

test("a poisoned message becomes a dead letter, and health says so", async () => {
  await tick();
  await queue.sendBatch([{ body: { batch_id: "x" } }]);
  expect((await deliver()).explicitAcks).toHaveLength(126);
  expect(await redis().send(["HLEN", "paridad:v1:dead-letters"])).toBe(1);
  expect(events).toContain("dead_letters ingest 1 kept: not a valid message");
});

test("what the queue gave up is kept, and replayed where an operator asks for it", async () => {
  await tick();
  await deliver("paridad-ingest-dead-local", 100);
  expect(await redis().send(["HLEN", "paridad:v1:dead-letters"])).toBe(125);
  await redis().set("paridad:v1:replay-requested", "now");
  await tick();
  expect(await redis().send(["HLEN", "paridad:v1:dead-letters"])).toBe(0);
  await deliver();
  expect(await page(FIX, 1999)).toEqual(origin.page(FIX, 1999));
});

test("a token that Banxico refuses: the breaker open for all isolates, the origin told, and the token nowhere to be seen", async () => {
  await tick();
  await deliver();
  nowMs += 61 * 60_000;
  site.instead = () => Response.json({ error: { mensaje: "Token inválido" } }, { status: 400 });
  const before = site.requests.length;
  await tick();
  await tick();
  expect(site.requests.length - before).toBe(1);
  expect(JSON.parse((await redis().get("paridad:v1:breaker:banxico")) ?? "")).toMatchObject({ state: "open" });
  expect(events).toContain("breaker banxico open");
  expect(log.length).toBeGreaterThan(0);
  expect(log.some((line) => line.includes(services.env.sources[0]?.secret as string))).toBe(false);
});

test("alerts are evaluated to the end of the log, even if the queue that wakes up the deliverer takes nothing", async () => {
  const faults: string[] = [];
  const watch = {
    exception: (_: unknown, where: string) => void faults.push(where),
    notice: () => {},
    event: () => {},
  };
  let turns = 0;
  const origin = {
    write: async () => ({ done: ++turns === 3, fired: 1, backlog: { due: 5, next_in_seconds: null } }),
  };
  const wakeUp = async () => {
    throw new Error("Queue is overloaded");
  };
  await evaluateAlerts({ origin, wakeUp }, watch);
  expect([turns, faults]).toEqual([3, ["waking up deliveries"]]);
});
