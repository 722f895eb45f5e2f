import { createExecutionContext, createMessageBatch, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, expect, inject, test } from "vitest";
import type { Page } from "#core/rates/page.ts";
import { pageKeyOf } from "#core/wire/keys.ts";
import { createApp } from "../../worker/app.ts";
import { RedisClient } from "../../worker/clients/redis-client.ts";
import { onDelivery, onTick } from "../../worker/events.ts";
import { createServices, type Services } from "../../worker/services.ts";
import { TestQueue } from "../unit/ingest/doubles.ts";
import { pageOf, SERIES, TestClock, TestOrigin, testBindings } from "./support.ts";

/** The whole worker and a Redis whose page is wrong: cron, queue and readers with warm isolates. */

const ON = "/api/v1/rates/on/2010-06-01";
const right: Page = {
  series: SERIES,
  year: 2010,
  version: 500,
  updated_at: "2010-06-01T18:00:05Z",
  observations: [
    ["2010-05-31", "12.9146"],
    ["2010-06-01", "12.9012"],
    ["2010-06-02", "12.8502"],
  ],
};
const wrong: Page = {
  ...right,
  version: 501,
  observations: right.observations.map(([date, value]) => [date, date === "2010-06-01" ? "11.9012" : value]),
};

let clock: TestClock;
let origin: TestOrigin;
let queue: TestQueue;
let isolates: Services[];

const redis = () =>
  new RedisClient({ url: inject("upstashOf").repair, token: inject("redisToken"), deadlineMs: 60_000 });

beforeEach(async () => {
  await redis().send(["FLUSHALL"]);
  clock = new TestClock();
  origin = new TestOrigin().hold(right, pageOf(2022, 700), pageOf(2023, 900));
  queue = new TestQueue();
  // Two isolates in two data centres: neither sees what the other has cached.
  isolates = [0, 1].map(() =>
    createServices(
      testBindings({
        UPSTASH_REDIS_REST_URL: inject("upstashOf").repair,
        ORIGIN_URL: "https://origin.test",
        RATE_LIMITER: undefined,
        COLO_DEADLINE_MS: "5000",
        REDIS_DEADLINE_MS: "5000",
        INGEST: {
          send: () => undefined,
          sendBatch: (messages: Iterable<{ body: unknown }>) => queue.sendBatch(messages),
        },
      }),
      { now: clock.now, random: () => 0.5, fetch: answer, log: () => undefined },
    ),
  );
});

/** Banxico is away: nothing but the comparison can repair. */
const answer: typeof fetch = async (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : String(input));
  return hostname === "origin.test" ? await origin.fetch(input, init) : new Response("down", { status: 503 });
};

async function rate(services: Services | undefined): Promise<unknown> {
  const context = createExecutionContext();
  const app = createApp(services as Services);
  const response = await app.fetch(new Request(`https://paridad.example.com${ON}`), {}, context);
  await waitOnExecutionContext(context);
  return ((await response.json()) as { rate?: unknown }).rate;
}

async function tickAndDeliver(): Promise<void> {
  const [services] = isolates as [Services];
  const context = createExecutionContext();
  await onTick(services, context);
  const messages = queue.waiting.map(({ id, body }) => ({ id, body, attempts: 1, timestamp: new Date(clock.ms) }));
  queue.waiting = [];
  await onDelivery(createMessageBatch("paridad-ingest-local", messages), services, context);
  await waitOnExecutionContext(context);
}

const pageInRedis = async () => JSON.parse((await redis().get(pageKeyOf(SERIES, 2010))) ?? "null") as Page | null;
const put = (page: Page) => redis().set(pageKeyOf(SERIES, 2010), JSON.stringify(page));
const events = () => origin.requests.filter(({ path }) => path.endsWith("/events")).map(({ body }) => body);

test("a page of version + 1 with one wrong rate is repaired by the next comparison, and then read by warm isolates", async () => {
  await put(wrong);
  for (const isolate of isolates) expect(await rate(isolate)).toBe("11.9012");
  await tickAndDeliver();
  expect(await pageInRedis()).toEqual(right);
  expect(events().some((body) => body.includes("corrupt_page"))).toBe(true);
  clock.advance(3_700_000);
  for (const isolate of isolates) expect(await rate(isolate)).toBe("12.9012");
});

test("warm isolates with the right rate keep it while Redis is poisoned and repaired", async () => {
  await put(right);
  for (const isolate of isolates) expect(await rate(isolate)).toBe("12.9012");
  await put({ ...wrong, version: 500 });
  await tickAndDeliver();
  clock.advance(3_700_000);
  for (const isolate of isolates) expect(await rate(isolate)).toBe("12.9012");
});

test("a poisoned page that readers renew from is decided on by the origin, before any comparison", async () => {
  await put(right);
  expect(await rate(isolates[0])).toBe("12.9012");
  await put({ ...wrong, version: 499 });
  clock.advance(3_700_000);
  expect(await rate(isolates[0])).toBe("12.9012");
});

test("what a poisoned page leaves out is not served as absent", async () => {
  await put({ ...right, observations: right.observations.slice(0, 1) });
  await tickAndDeliver();
  expect(await pageInRedis()).toEqual(right);
  expect(await rate(isolates[1])).toBe("12.9012");
});
