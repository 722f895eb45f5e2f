import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { publicApi } from "#core/api/app.ts";
import { PREFIX } from "#core/api/endpoint.ts";
import { PRIVATE_ENDPOINTS } from "#core/api/private/endpoint-list.ts";
import { isPrivatePath, TOKEN_PATH } from "#core/api/private/paths.ts";
import { SCOPES } from "#core/auth/scopes.ts";
import { openApiText } from "../../../tools/generate/openapi.ts";
import { archiveOf } from "../archive.ts";
import { BANXICO } from "../catalogues.ts";
import { rateEvent } from "../events.ts";
import { faultsOf, type Operation, openapi, resolved } from "./schema.ts";
import { madeUpFigures, world } from "./world.ts";

/** What stays open is tested with its hosts. */
const isLive = (path: string) => ["/api/v1/stream", "/api/v1/ws"].includes(path);
/** What needs a provider that is polled is tested with the origin, which has its ticks. */
const isPolled = (path: string) => ["/api/v1/rates/intraday", "/api/v1/rates/crosses"].includes(path);

/** The routes of the API that end; the hosts serve /health by themselves. */
const ADDRESSES = Object.keys(openapi.paths).filter(
  (path) => path.startsWith(PREFIX) && !isPrivatePath(path) && !isLive(path),
);

const events = [rateEvent(1), rateEvent(4, { revised: true }), rateEvent(9, { rate: null, revised: true })];
const figures = madeUpFigures("2023-12-29");
const log = BANXICO.providers[0]?.series.flatMap(({ id, base }) =>
  (figures[base] ?? []).map(([date, value]) => ({ series: id, date, value, at: "2023-12-29T18:01:00Z" })),
);
const { get, json } = world({ now: "2023-12-29T20:00:00Z", figures, archive: archiveOf(log ?? []), events });

describe("the committed document", () => {
  it("is what the routes generate, with the examples that they return; else run npm run openapi", async () => {
    const committed = readFileSync(new URL("../../../core/api/openapi.json", import.meta.url), "utf8");
    expect(committed).toBe(await openApiText());
  });

  it("is served as it is, with and without the prefix", async () => {
    for (const path of ["/openapi.json", "/api/v1/openapi.json"]) expect(await json(path)).toEqual(openapi);
  });

  it("is OpenAPI 3.1 and gives every operation a name, parameters that are described and all its problems", () => {
    expect(openapi.openapi).toBe("3.1.0");
    const operations = ADDRESSES.map((path) => ({ path, ...(openapi.paths[path]?.get as Operation) }));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, parameters = [], responses } of operations) {
      expect(Object.keys(responses)).toEqual(["200", "304", "400", "404", "429", "500", "503", "default"]);
      expect(
        parameters
          .map(resolved)
          .filter(({ in: where }) => where === "path")
          .map(({ name }) => `{${name}}`),
      ).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  });

  it("describes every route, and nothing else", () => {
    const mounted = publicApi(() => expect.unreachable())
      .routes.map(({ path }) => path.replaceAll(/:(\w+)/g, "{$1}"))
      .filter((path) => path.startsWith("/api/v1/") && !["/api/v1/openapi.json", "/api/v1/docs"].includes(path));
    expect(ADDRESSES).toEqual(mounted.filter((path) => !isLive(path)));
    const documented = Object.entries(openapi.paths).flatMap(([path, item]) =>
      isPrivatePath(path) && path !== TOKEN_PATH ? Object.keys(item).map((method) => `${method} ${path}`) : [],
    );
    expect(documented.sort()).toEqual(PRIVATE_ENDPOINTS.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it("names the scope of every private endpoint, and where tokens are", () => {
    for (const { method, path, scope } of PRIVATE_ENDPOINTS)
      expect(openapi.paths[path]?.[method as "get"].security).toEqual([{ oauth2: scope === undefined ? [] : [scope] }]);
    expect(openapi.components.securitySchemes.oauth2).toMatchObject({
      flows: { clientCredentials: { tokenUrl: `http://127.0.0.1:8787${TOKEN_PATH}`, scopes: SCOPES } },
    });
  });

  it("says nothing of the internal address", () => {
    expect(JSON.stringify(openapi)).not.toContain("/internal");
  });
});

describe("every answer conforms to it", () => {
  const pairs = fc.record({
    base: fc.constantFrom(...BANXICO.currencies),
    quote: fc.constantFrom(...BANXICO.currencies),
  });
  const viewed = fc.record({ view: fc.constantFrom("fix", "dof", "settlement") });
  const day = fc
    .integer({ min: 1990, max: 2024 })
    .chain((year) => fc.nat(27).map((day) => `${year}-06-${String(day + 1).padStart(2, "0")}`));
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const query = (values: object) => {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    return new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)]))).toString();
  };

  const historical = fc.record({
    days: optional(fc.integer({ min: 1, max: 60 })),
    from: optional(day),
    to: optional(day),
    limit: optional(fc.integer({ min: 1, max: 50 })),
    fill: optional(fc.constantFrom("none", "previous")),
  });
  const windows = fc.oneof(
    fc.integer({ min: 1, max: 366 }).map((days) => `${days}d`),
    day.map((date) => date.slice(0, 7)),
  );
  const convert = fc.record({
    from: fc.constantFrom(...BANXICO.currencies),
    to: fc.constantFrom(...BANXICO.currencies),
    amount: fc.integer().map((units) => (units / 100).toFixed(2)),
    date: optional(day),
  });

  const period = fc.record({ from: optional(day), to: optional(day) });
  const of = (path: string, ...values: fc.Arbitrary<object>[]) =>
    fc.tuple(...values).map((all) => `/api/v1/rates/${path}?${query(Object.assign({}, ...all))}`);
  const codes = optional(fc.subarray(["USD", "MXN", "EUR", "JPY", "CAD"], { minLength: 1, maxLength: 3 }));
  const lists = fc.record({ bases: codes, quotes: codes });
  const days = fc.record({ dates: fc.array(day, { minLength: 1, maxLength: 9 }) });

  const requests: [path: string, requests: fc.Arbitrary<string>][] = [
    ["/api/v1/rates/current", fc.oneof(of("current", pairs), of("current", lists), of("current", viewed))],
    ["/api/v1/rates/on", fc.oneof(of("on", pairs, days), of("on", lists, days), of("on", days, viewed))],
    [
      "/api/v1/rates/volatility",
      of(
        "volatility",
        pairs,
        period,
        fc.record({ window: optional(fc.integer({ min: 2, max: 40 })), rolling: optional(fc.boolean()) }),
      ),
    ],
    [
      "/api/v1/rates/bars",
      of("bars", pairs, period, fc.record({ interval: optional(fc.constantFrom("week", "month", "quarter", "year")) })),
    ],
    ["/api/v1/rates/change", of("change", pairs, period)],
    ["/api/v1/rates/statistics", of("statistics", pairs, period)],
    [
      "/api/v1/rates/historical",
      fc
        .tuple(fc.oneof(pairs, viewed), historical)
        .map(([pair, rest]) => `/api/v1/rates/historical?${query({ ...pair, ...rest })}`),
    ],
    [
      "/api/v1/rates/average/{window}",
      fc
        .tuple(fc.oneof(pairs, viewed), windows, optional(fc.constantFrom("business", "calendar")))
        .map(([pair, window, basis]) => `/api/v1/rates/average/${window}?${query({ ...pair, basis })}`),
    ],
    ["/api/v1/rates/on/{date}", fc.tuple(pairs, day).map(([pair, date]) => `/api/v1/rates/on/${date}?${query(pair)}`)],
    ["/api/v1/convert", convert.map((values) => `/api/v1/convert?${query(values)}`)],
    [
      "/api/v1/rates/latest",
      fc
        .tuple(fc.constantFrom(...BANXICO.currencies), optional(day))
        .map(([base, date]) => `/api/v1/rates/latest?${query({ base, date })}`),
    ],
    [
      "/api/v1/rates/compare",
      fc.tuple(pairs, optional(day)).map(([pair, date]) => `/api/v1/rates/compare?${query({ ...pair, date })}`),
    ],
    [
      "/api/v1/events",
      fc
        .record({
          after: optional(fc.nat(20)),
          limit: optional(fc.integer({ min: 1, max: 9 })),
          types: optional(fc.constantFrom("rate.revised", "rate.published,rate.withdrawn", "rate.none")),
          pairs: optional(fc.constantFrom("usd/mxn", "EUR/USD", "USD/XXX")),
        })
        .map((values) => `/api/v1/events?${query(values)}`),
    ],
    [
      "/api/v1/rates/{date}/revisions",
      fc.tuple(pairs, day).map(([pair, date]) => `/api/v1/rates/${date}/revisions?${query(pair)}`),
    ],
    ["/api/v1/rates/cfdi", fc.oneof(of("cfdi", days), of("cfdi", fc.record({ date: optional(day) })))],
    ["/api/v1/providers", fc.constant("/api/v1/providers")],
    ["/api/v1/currencies", fc.constant("/api/v1/currencies")],
    ["/api/v1/series", fc.constant("/api/v1/series")],
    [
      "/api/v1/calendar/{provider}/{year}",
      fc.integer({ min: 1999, max: 2110 }).map((year) => `/api/v1/calendar/banxico/${year}`),
    ],
  ];

  it("knows of no further address", () => {
    expect(ADDRESSES.filter((path) => !isPolled(path)).sort()).toEqual(requests.map(([path]) => path).sort());
  });

  it.each(requests)("of %s", async (path, urls) => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(urls, async (url) => {
        const response = await get(url);
        seen.add(response.status);
        expect([200, 400, 404]).toContain(response.status);
        expect(
          faultsOf(path, response.status, response.headers.get("Content-Type") ?? "", await response.json()),
        ).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(seen).toContain(200);
  });
});
