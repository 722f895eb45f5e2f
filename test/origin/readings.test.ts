import { beforeEach, describe, expect, test } from "vitest";
import { decodeBoard } from "#core/pages/board.ts";
import { seriesDigests } from "#core/pages/series-digests.ts";
import { type Page, pageDigest } from "#core/rates/page.ts";
import {
  commitSchema,
  digestSummarySchema,
  digestsSchema,
  readingCommitSchema,
  type SeriesReading,
  versionsSchema,
} from "#core/wire/internal.ts";
import { batchOf, USD } from "./data.ts";
import { createOrigin } from "./origin.ts";
import { readingFor } from "./store-providers.conformance.ts";
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

describe("several providers", () => {
  const ECB = DAYS.map(([date]): [string, string] => [date, "1.1"]);
  const group = ["ecb.USD", "ecb.JPY"].map((series) =>
    readingFor(
      series,
      ECB.map(([date], index) => [date, `1${index}`]),
    ),
  );
  const json = async (path: string) => (await origin.internal(path)).json();

  test("readings of several series are committed by one request", async () => {
    const [first, second] = group as [SeriesReading, SeriesReading];
    const readings = [first, { ...second, observations: [["2023-12-29", "156.33"]] }];
    expect(await post({ readings })).toMatchObject({
      accepted: 11,
      pages: [{ series: "ecb.USD" }, { series: "ecb.JPY" }],
    });
    for (const wrong of [[], [first, first], [first, { ...second, year: 1 }]])
      expect((await origin.internal("readings", { readings: wrong })).status).toBe(400);
    expect(await origin.pages(origin.internal("pages/ecb.JPY/2023-2023"))).toMatchObject([
      { observations: [["2023-12-29", "156.33"]] },
    ]);
  });

  test("an edge that names no provider is told of the first one only", async () => {
    await post(readingOf(DAYS));
    await post(group[0]);
    expect(Object.keys(digestsSchema.parse(await json("digests")).pages)).toEqual([USD]);
    expect(Object.keys(versionsSchema.parse(await json("versions")).versions)).toEqual([USD]);
    expect(await json("versions?providers=ecb")).toMatchObject({ versions: { "ecb.USD": { 2023: 20 } } });
  });

  test("digests of providers are summaries, and say which series to compare page by page", async () => {
    await post(readingOf(DAYS));
    await post({ readings: group });
    await post(readingFor("ecb.USD", [["2019-01-02", "1.1"]], { year: 2019 }));
    const summary = digestSummarySchema.parse(await json("digests?providers=banxico,ecb"));
    const full = digestsSchema.parse(await json("digests?series=ecb.USD,ecb.JPY"));
    expect([summary.lineage, summary.max_seq, summary.recent_from]).toEqual([full.lineage, full.max_seq, 2022]);
    expect(Object.keys(summary.series).sort()).toEqual([USD, "ecb.JPY", "ecb.USD"]);
    expect(Object.keys(full.pages["ecb.USD"] ?? {})).toEqual(["2019", "2023"]);
    expect(summary.series["ecb.USD"]).toEqual(seriesDigests(full.pages["ecb.USD"] ?? {}, 2022));
    expect(summary.series["ecb.JPY"]?.[0]).toBeNull();

    await post(readingFor("ecb.USD", [["2019-01-03", "1.11"]], { year: 2019 }));
    const { series } = digestSummarySchema.parse(await json("digests?providers=ecb"));
    expect(series["ecb.USD"]?.[1]).toBe(summary.series["ecb.USD"]?.[1]);
    expect(series["ecb.USD"]?.[0]).not.toBe(summary.series["ecb.USD"]?.[0]);
    expect(series["ecb.JPY"]).toEqual(summary.series["ecb.JPY"]);
    for (const path of ["digests?providers=none", "versions?providers=", "digests?series=ecb.NONE"])
      expect((await origin.internal(path)).status, path).toBe(400);
  });

  test("a board has the newest value of each series", async () => {
    await post({ readings: group });
    const response = await origin.internal("boards/ecb");
    expect(decodeBoard(await response.text(), "ecb")).toEqual({
      provider: "ecb",
      version: 20,
      values: { "ecb.USD": [DAYS[9]?.[0], "19"], "ecb.JPY": [DAYS[9]?.[0], "19"] },
    });
    const tag = response.headers.get("ETag") as string;
    expect((await origin.internal("boards/ecb", undefined, { "If-None-Match": tag })).status).toBe(304);
    expect((await origin.internal("boards/none")).status).toBe(404);
  });
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
