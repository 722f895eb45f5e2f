import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFilled } from "../../tools/dev/filled.ts";
import { PATIENT, type System } from "../../tools/dev/system.ts";

/** One API, two hosts: the same request gives the same bytes from the edge and from the origin. */
const PATHS = [
  "/api/v1/rates/current",
  "/api/v1/rates/current?base=EUR&quote=USD",
  "/api/v1/rates/current?quote=USD&base=MXN",
  "/api/v1/rates/historical",
  "/api/v1/rates/historical?limit=100",
  "/api/v1/rates/historical?from=1991-11-12&to=2023-12-29",
  "/api/v1/rates/historical?from=2023-04-01&to=2023-04-12&fill=previous&base=JPY&quote=CAD",
  "/api/v1/rates/historical?from=2030-01-01&to=2030-02-01",
  "/api/v1/rates/average/15d",
  "/api/v1/rates/average/2008-10?basis=calendar",
  "/api/v1/rates/average/999d",
  "/api/v1/rates/on/2023-04-09",
  "/api/v1/rates/on/1991-11-11",
  "/api/v1/rates/on/2023-02-30",
  "/api/v1/rates/historical?from=2023-04-01&to=2023-04-12&fill=previous&format=csv&locale=es",
  "/api/v1/rates/historical?limit=30&format=ndjson",
  "/api/v1/rates/current?bases=usd,eur&quotes=MXN,jpy",
  "/api/v1/rates/on?dates=2023-12-25,1995-03-06,2030-01-01&bases=USD,EUR",
  "/api/v1/rates/volatility",
  "/api/v1/rates/volatility?base=EUR&quote=JPY&from=2001-01-01&to=2023-12-29&rolling=true&format=csv",
  "/api/v1/rates/bars?interval=week&base=MXN&quote=GBP&from=1993-01-01",
  "/api/v1/rates/change?base=EUR&quote=USD&from=2008-01-01&to=2008-12-31",
  "/api/v1/rates/statistics?base=MXN&quote=JPY&from=1995-01-01&to=2023-12-29",
  "/api/v1/convert?from=USD&to=JPY&amount=100.10",
  "/api/v1/convert?from=USD&to=MXN",
  "/api/v1/currencies",
  "/api/v1/series",
  "/api/v1/series?x=%00",
  "/openapi.json",
  "/docs",
  "/",
  "/api/v1/rates/current/?base=gbp&quote=jpy&_=1",
  "/api/v1/rates/current?=1",
  "/api/v1/rates/latest",
  "/api/v1/rates/current?view=dof",
  "/api/v1/rates/current?view=settlement&base=MXN&quote=USD",
  "/api/v1/rates/historical?from=1991-11-12&to=2023-12-29&view=settlement&format=csv",
  "/api/v1/rates/average/2008-10?view=dof&basis=calendar",
  "/api/v1/rates/on?dates=2023-12-25,1995-03-06,2030-01-01&view=dof",
  "/api/v1/rates/on/2023-04-09?view=fix&base=EUR",
  "/api/v1/rates/current?known_at=2001-01-01T00:00:00Z",
  "/api/v1/rates/current?known_at=9999-01-01T00:00:00Z",
  "/api/v1/rates/2023-04-05/revisions",
  "/api/v1/rates/2023-04-05/revisions?base=EUR&quote=JPY&format=csv",
  "/api/v1/rates/2023-04-09/revisions",
  "/nothing",
  "/frankfurter/v1",
  "/frankfurter/v1/latest?symbols=MXN,usd&amount=10",
  "/frankfurter/v1/2023-04-09?base=JPY",
  "/frankfurter/v1/1999-01-01..2023-12-29?base=USD&symbols=MXN,EUR",
  "/frankfurter/v1/2023-02-30",
  "/frankfurter/v1/currencies",
  "/frankfurter/v2/rates",
  "/frankfurter/v2/rates?date=2008-10-12&expand=providers",
  "/frankfurter/v2/rates?from=1991-01-01&base=USD&group=month",
  "/frankfurter/v2/rates.csv?from=2023-12-01&quotes=EUR,MXN",
  "/frankfurter/v2/rates?foo=1&bar=2",
  "/frankfurter/v2/rate/eur/usd",
  "/frankfurter/v2/currencies?scope=all",
  "/frankfurter/v2/providers",
  "/SieAPIRest/service/v1/series/SF43718,SF60653?locale=en",
  "/SieAPIRest/service/v1/series/SF46406-SF46410,SF60653/datos/2023-12-20/2024-01-10/?token=x",
  "/SieAPIRest/service/v1/series/SF43718/datos?decimales=sinCeros&incremento=PorcAnual",
  "/SieAPIRest/service/v1/series/SF43718/datos/oportuno?mediaType=xml",
  "/SieAPIRest/service/v1/series/SF1/datos",
  "/SieAPIRest/service/v1/series/x/datos",
  "/api/latest.json?app_id=x&base=MXN",
  "/api/historical/2023-12-24.json",
  "/api/currencies.json",
  "/v6/latest/EUR",
  "/v6/latest/QQQ",
];

/** Headers that say where an answer came from and how long it took, or that belong to the connection. */
const OF_THE_HOST = new Set([
  "paridad-tier",
  "server-timing",
  "traceparent",
  "date",
  "connection",
  "keep-alive",
  "content-length",
  "transfer-encoding",
  "vary",
]);

let system: System;
beforeAll(async () => {
  system = await startFilled({ vars: PATIENT });
});
afterAll(() => system.stop());

describe("the edge and the origin", () => {
  test.each(PATHS)("answer %s alike", async (path) => {
    const startMs = performance.now();
    const [edge, origin] = await Promise.all([system.edge(path), system.origin(path)]);
    const apartSeconds = Math.ceil((performance.now() - startMs) / 1_000);
    expect(edge.status).toBe(origin.status);
    expect(edge.body).toBe(origin.body);
    expect(withoutSeconds(ownHeaders(edge.headers))).toEqual(withoutSeconds(ownHeaders(origin.headers)));
    const [ours, theirs] = [secondsIn(edge.headers), secondsIn(origin.headers)];
    for (const [index, seconds] of ours.entries())
      expect(Math.abs(seconds - (theirs[index] as number))).toBeLessThanOrEqual(apartSeconds);
  });

  test.each(["text/csv", "application/x-ndjson", "*/*"])(
    "write the list that Accept: %s prefers, hot or not",
    async (Accept) => {
      for (const _ of ["made", "reused"]) {
        const path = "/api/v1/rates/historical?limit=300";
        const [edge, origin] = await Promise.all([system.edge(path, { Accept }), system.origin(path, { Accept })]);
        expect(edge.headers.get("Content-Type")).toContain(Accept === "*/*" ? "application/json" : Accept);
        expect(edge.body).toBe(origin.body);
        for (const { headers } of [edge, origin]) expect(headers.get("Vary")).toMatch(/^Accept\b(?!-)/);
      }
    },
  );

  test("agree that an answer has not changed", async () => {
    const etag = (await system.edge("/api/v1/rates/current")).headers.get("etag") ?? "";
    expect((await system.edge("/api/v1/rates/current", { "If-None-Match": etag })).status).toBe(304);
    expect((await system.origin("/api/v1/rates/current", { "If-None-Match": etag })).status).toBe(304);
  });
});

function ownHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !OF_THE_HOST.has(name)));
}

/** How long a copy may be kept depends on the second in which each host answered. */
const LIFETIMES = ["cache-control", "cloudflare-cdn-cache-control", "retry-after"];

function withoutSeconds(headers: Record<string, string>): Record<string, string> {
  const text = ([name, value]: [string, string]) => [
    name,
    LIFETIMES.includes(name) ? value.replace(/\d+/g, "_") : value,
  ];
  return Object.fromEntries(Object.entries(headers).map(text));
}

function secondsIn(headers: Headers): number[] {
  return LIFETIMES.flatMap((name) => (headers.get(name)?.match(/\d+/g) ?? []).map(Number));
}
