import { expect, it } from "vitest";
import { PURGE_REQUESTED_KEY } from "#core/wire/keys.ts";
import { purgeOnRequest } from "../../worker/ops/operator-purge.ts";
import { TestWatch } from "./ingest/doubles.ts";

/** Redis with a request in it, or without. */
function redisWith(request: string | null) {
  const keys = new Map(request === null ? [] : [[PURGE_REQUESTED_KEY, request]]);
  const send = async ([name, key]: readonly (string | number)[]) => {
    const value = keys.get(String(key)) ?? null;
    if (name === "DEL") keys.delete(String(key));
    return value;
  };
  return { keys, send };
}

it("empties the edge cache when an operator asked for it, once", async () => {
  const redis = redisWith("1");
  const watch = new TestWatch();
  let purges = 0;
  const purgeAll = async () => {
    purges++;
  };
  await purgeOnRequest(redis, purgeAll, watch);
  await purgeOnRequest(redis, purgeAll, watch);
  expect(purges).toBe(1);
  expect(redis.keys.size).toBe(0);
});

it("keeps the request until it is done, and says what failed", async () => {
  const redis = redisWith("1");
  const watch = new TestWatch();
  await purgeOnRequest(redis, () => Promise.reject(new Error("refused")), watch);
  expect(redis.keys.size).toBe(1);
  expect(watch.exceptions).toHaveLength(1);
});

it("does nothing without a request, or without Redis", async () => {
  const purgeAll = () => Promise.reject(new Error("purged"));
  const watch = new TestWatch();
  await purgeOnRequest(redisWith(null), purgeAll, watch);
  await purgeOnRequest({ send: () => Promise.reject(new Error("away")) }, purgeAll, watch);
  expect(watch.exceptions).toEqual([]);
});
