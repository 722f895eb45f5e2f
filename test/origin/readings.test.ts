import { beforeEach, describe, expect, test } from "vitest";
import { type Page, pageDigest } from "#core/rates/page.ts";
import { commitSchema, digestsSchema, readingCommitSchema } from "#core/wire/internal.ts";
import { batchOf, USD } from "./data.ts";
import { createOrigin } from "./origin.ts";
import { DAYS, readingOf } from "./store-readings.conformance.ts";

/** Readings and digests over HTTP, and batches of workers that know neither. */

let origin: Awaited<ReturnType<typeof createOrigin>>;

beforeEach(async () => {
  origin = await createOrigin();
});

const post = async (reading: unknown) =>
  readingCommitSchema.parse(await (await origin.internal("readings", reading)).json());

test("a reading is committed, logged, and served to the next reader", async () => {
  await origin.get("/api/v1/rates/current");
  expect(await post(readingOf([...DAYS, ["2023-12-29", "19.6"], ["2023-12-28", "190"]]))).toMatchObject({
    accepted: 11,
    quarantined: 1,
    pages: [{ waiting: ["2023-12-28"] }],
  });
  expect(origin.lines).toContainEqual({ event: "quarantine", batch_id: "batch-1", count: 1 });
  expect(origin.lines).toContainEqual(expect.objectContaining({ event: "commit", withdrawn: 0, overtaken: 0 }));
  expect(await (await origin.get("/api/v1/rates/current")).json()).toMatchObject({ rate: "19.6" });
});

test("a reading that is not as the contract says is refused, with what is wrong", async () => {
  const valid = readingOf(DAYS);
  for (const [parameter, body] of [
    ["body", "no json"],
    ["year", { ...valid, year: 1 }],
    ["complete", { ...valid, complete: true }],
    ["based_on", { ...valid, based_on: -1 }],
    ["observations", { ...valid, year: 2022 }],
    ["observations.0.1", { ...valid, observations: [["2023-01-02", 1.5]] }],
  ] as const) {
    const response = await origin.internal("readings", body);
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { parameter: string }[] };
    expect(errors.map((error) => error.parameter)).toContain(parameter);
  }
});

test("digests are those of the pages that are served", async () => {
  await post(readingOf(DAYS));
  const digests = digestsSchema.parse(await (await origin.internal("digests")).json());
  const [page] = (await origin.pages(origin.internal(`pages/${USD}/2023-2023`))) as [Page];
  expect(digests.pages).toEqual({ [USD]: { 2023: { version: page.version, digest: pageDigest(page) } } });
  expect(digests.max_seq).toBe(page.version);
});

test("a page's tag changes with what waits, although its version does not", async () => {
  const { pages } = await post(readingOf(DAYS));
  const tag = (await origin.internal(`pages/${USD}/2023`)).headers.get("ETag") as string;
  await post(readingOf([["2023-12-28", "190"]]));
  const after = await origin.internal(`pages/${USD}/2023`, undefined, { "If-None-Match": tag });
  expect(after.status).toBe(200);
  expect(await after.json()).toEqual({ ...pages[0], waiting: ["2023-12-28"] });
});

describe("a worker of before", () => {
  const HASH = "0123456789abcdef01234567";
  const batch = (version: number, value: string) =>
    origin.internal("observations", batchOf([["2023-01-02", value]], `${USD}:2023:${version}:${HASH}`));

  test("is answered in its own shape", async () => {
    await post(readingOf(DAYS));
    const response = await batch(10, "19.61");
    expect(commitSchema.parse(await response.json())).toMatchObject({ accepted: 0, revised: 1, quarantined: 0 });
  });

  test("does not bring back what its batch did not know of", async () => {
    const { pages } = await post(readingOf(DAYS));
    const version = pages[0]?.version as number;
    expect(await (await batch(version, "19.61")).json()).toMatchObject({ revised: 1 });
    expect(await (await batch(version, "19.62")).json()).toMatchObject({ revised: 0, unchanged: 0 });
    expect(await (await batch(version + 1, "19.62")).json()).toMatchObject({ revised: 1 });
  });
});
