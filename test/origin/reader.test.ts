import { beforeEach, expect, test } from "vitest";
import type { Page } from "#core/rates/page.ts";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import { openStore } from "../../origin/store/open.ts";
import { withReader } from "../../origin/store/reader.ts";
import type { Store } from "../../origin/store/store.ts";
import { batchOf, IDS, NOW_MS, USD } from "./data.ts";
import { moodyStore } from "./origin.ts";

/** A writer, and a replica that gets what it is given by `replicate` alone. */
let writer: Store;
let replica: Store;
let replicaMood: { now: "well" | "fails" | "hangs" };
let store: Store;

const FIRST = batchOf([["2023-01-02", "19.5"]], "first");
const SECOND = batchOf([["2023-01-03", "19.6"]], "second");
const replicate = async () => {
  for (const batch of [FIRST, SECOND]) await commitBatch(replica, batch, NOW_MS);
};
const versionOf = async () => ((await store.pages(USD, 2023, 2023))[0] as Page).version;

beforeEach(async () => {
  writer = await openStore("file::memory:");
  replica = await openStore("file::memory:");
  await Promise.all([writer.migrate(), replica.migrate()]);
  const moody = moodyStore(replica);
  replicaMood = moody.mood;
  store = withReader(writer, moody.store);
});

test("what others committed is read from the replica, as far as it has come", async () => {
  await commitBatch(writer, FIRST, NOW_MS);
  expect(await versionOf()).toBe(0);
  expect(await store.versions(IDS)).toEqual({});
  await replicate();
  expect(await versionOf()).toBe(2);
});

test("what this instance committed is read back at once", async () => {
  await commitBatch(store, FIRST, NOW_MS);
  await commitBatch(store, SECOND, NOW_MS);
  expect(await versionOf()).toBe(2);
  expect(await store.versions(IDS)).toEqual({ [USD]: { 2023: 2 } });
  await commitBatch(replica, FIRST, NOW_MS);
  expect(await versionOf()).toBe(2);
  await replicate();
  // Only the replica has this: so it is read again.
  await commitBatch(replica, batchOf([["2023-01-04", "19.7"]]), NOW_MS);
  expect(await versionOf()).toBe(3);
});

test.each(["fails", "hangs"] as const)("the writer is asked where the replica %s", async (mood) => {
  await commitBatch(store, FIRST, NOW_MS);
  replicaMood.now = mood;
  expect(await versionOf()).toBe(1);
});

test("a mark is the replica's alone, and none where it has not caught up or does not answer", async () => {
  await commitBatch(store, FIRST, NOW_MS);
  expect(await store.pagesMark(USD)).toBeUndefined();
  await replicate();
  expect(await store.pagesMark(USD)).toEqual(await replica.pagesMark(USD));
  replicaMood.now = "hangs";
  expect(await store.pagesMark(USD)).toBeUndefined();
});
