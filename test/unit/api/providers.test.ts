import { expect, it } from "vitest";
import { readDocument } from "#core/api/document-files.ts";
import { RateReader } from "#core/api/rate-reader.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { PageBoards } from "#core/pages/page-boards.ts";
import type { Pages } from "#core/pages/page-source.ts";
import { ecb } from "#core/providers/ecb.ts";
import { emptyPage, type Observation } from "#core/rates/page.ts";
import { NO_ARCHIVE } from "../archive.ts";
import { catalogue, routeOf } from "../catalogues.ts";
import { eventsInMemory, noLive } from "../events.ts";
import { world } from "./world.ts";

const NOW = "2023-12-29T20:00:00Z";
const FIX: Observation[] = [["2023-12-29", "16.9190"]];

/** A reader over the ECB's series with the values given; any other page is not there. */
function readerOf(values: Record<string, Observation[]>) {
  const pages: Pages = {
    read: async (series, years) =>
      years.map((year) => {
        const observations = (values[series] ?? []).filter(([date]) => date.startsWith(`${year}-`));
        const page = { series, year, version: 1, updated_at: NOW, observations };
        return {
          page: observations.length > 0 ? page : emptyPage({ series, year }),
          tier: "isolate",
          freshUntilMs: Date.parse(NOW),
        };
      }),
  };
  const served = catalogue(["ecb"]);
  const boards = new PageBoards(pages, served, Date.parse(NOW));
  const events = eventsInMemory();
  const live = noLive;
  const host = {
    pages,
    boards,
    events,
    live,
    archive: NO_ARCHIVE,
    document: readDocument,
    nowMs: Date.parse(NOW),
    elapsedMs: () => 0,
    policy: DEFAULT_POLICY,
    catalogue: served,
  };
  return new RateReader(host);
}

it("a series that was not published for years has empty years, not missing pages", async () => {
  const krona = ecb.series.find(({ quote }) => quote === "ISK");
  expect(krona?.gap).toEqual({ fromYear: 2009, toYear: 2017 });
  const reader = readerOf({
    "ecb.ISK": [
      ["2008-12-09", "290"],
      ["2018-02-01", "125.1"],
    ],
  });
  const route = routeOf("EUR", "ISK", catalogue(["ecb"]));
  const fixings = await reader.fixings(route, "2008-12-01", "2018-12-31");
  expect(fixings.map(({ date }) => date)).toEqual(["2008-12-09", "2018-02-01"]);
  await expect(reader.fixings(route, "2008-12-01", "2019-12-31")).rejects.toThrow("no tier has the page");
});

it("a series that has ended is not waited for", async () => {
  const reader = readerOf({ "ecb.HRK": [["2022-12-30", "7.5365"]] });
  const route = routeOf("EUR", "HRK", catalogue(["ecb"]));
  expect((await reader.fixings(route, "2022-12-01", "2023-12-31")).map(({ date }) => date)).toEqual(["2022-12-30"]);
  expect((await reader.latest(route))?.date).toBe("2022-12-30");
});

it("names the providers that have a pair where the one that is asked for has not", async () => {
  const { get, json } = world({ now: NOW, figures: { USD: FIX }, policy: { PROVIDERS: ["banxico", "ecb"] } });
  const response = await get("/api/v1/rates/current?base=CHF&quote=MXN&provider=banxico");
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { code: "pair_not_served", detail: "banxico has no CHF/MXN. These have: ecb." },
  ]);
  expect(await json("/api/v1/rates/current?provider=ebc")).toMatchObject({
    code: "invalid_parameter",
    errors: [{ parameter: "provider", detail: "must be one of banxico, ecb" }],
  });
  expect(await json("/api/v1/rates/current?base=XXX&quote=MXN&provider=ecb")).toMatchObject({
    errors: [{ parameter: "base" }],
  });
});

it("names the providers that have a pair from before the first rate of the one that answers", async () => {
  const { json } = world({
    now: NOW,
    figures: { "boc.USD": [["2023-12-29", "1.3226"]] },
    policy: { PROVIDERS: ["boc", "ecb"] },
  });
  expect((await json("/api/v1/rates/on/2010-06-01?base=USD&quote=CAD")).detail).toBe(
    "USD/CAD has no rate in force on 2010-06-01; there are rates from 2017-01-03 to 2023-12-29. Earlier ones, with provider: ecb.",
  );
});

it("says of an ended pair when it ended, instead of calling it current", async () => {
  const { json } = world({ now: NOW, figures: {}, policy: { PROVIDERS: ["ecb"] } });
  expect(await json("/api/v1/rates/current?base=EUR&quote=CYP")).toMatchObject({ code: "unavailable" });
});

it("compares providers, and takes one currency against all", async () => {
  const { json } = world({ now: NOW, figures: { USD: FIX }, policy: { PROVIDERS: ["banxico"] } });
  expect(await json("/api/v1/rates/compare")).toMatchObject({
    rates: [{ provider: "banxico", rate: "16.9190", difference_percent: "0.0000" }],
  });
  expect(await json("/api/v1/rates/latest?base=MXN&quotes=usd")).toMatchObject({
    base: "MXN",
    date: "2023-12-29",
    rates: { USD: { rate: "0.05910515", derived: true, provider: "banxico", stale: false } },
  });
});
