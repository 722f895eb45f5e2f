import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aged, cacheHeaders, isClosed, lifetimesOf, type ResponseKind } from "#core/api/caching.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { banxico } from "#core/providers/banxico.ts";
import { freshnessOf, type Outlook, outlookAt } from "#core/rates/freshness.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import { mexicoCityDate } from "../../tools/simulators/banxico/mexico.ts";
import { instants } from "./arbitraries.ts";

const policy = DEFAULT_POLICY;
const lifetimesFor = (kind: ResponseKind, date: PlainDate, isUnconfirmed: boolean, outlook: Outlook) =>
  lifetimesOf(kind, [{ date, outlook }], isUnconfirmed, Number.POSITIVE_INFINITY, outlook.nextChangeMs - outlook.nowMs);
const kinds = fc.constantFrom<ResponseKind>("now", "average", "settled", "closed");
const seconds = fc.nat(100_000);

describe("lifetimes", () => {
  it("of what depends on now end before it can change by itself", () => {
    fc.assert(
      fc.property(instants, fc.nat(20), fc.constantFrom<ResponseKind>("now", "average"), (nowMs, daysAgo, kind) => {
        const latest = addDays(mexicoCityDate(nowMs), -daysAgo);
        const lifetimes = lifetimesFor(kind, latest, false, outlookAt(banxico.publication, nowMs));
        const leftMs = outlookAt(banxico.publication, nowMs).nextChangeMs - nowMs;
        const { clientSeconds, edgeSeconds, edgeStaleSeconds, edgeErrorSeconds } = lifetimes;
        expect(clientSeconds * 1000).toBeLessThanOrEqual(leftMs);
        expect((edgeSeconds + edgeStaleSeconds) * 1000).toBeLessThanOrEqual(leftMs);
        // Not even on errors may an answer that says "not stale" outlive the instant at which it is.
        if (!freshnessOf(latest, outlookAt(banxico.publication, nowMs)).stale)
          expect((edgeSeconds + edgeErrorSeconds) * 1000).toBeLessThanOrEqual(leftMs);
        for (const value of Object.values(lifetimes)) expect(Number.isInteger(value) && value >= 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("let a publication reach every reader within five minutes", () => {
    fc.assert(
      fc.property(instants, fc.nat(20), fc.constantFrom<ResponseKind>("now", "average"), (nowMs, daysAgo, kind) => {
        const latest = addDays(mexicoCityDate(nowMs), -daysAgo);
        fc.pre(nowMs >= freshnessOf(latest, outlookAt(banxico.publication, nowMs)).nextUpdateMs);
        const { clientSeconds, edgeSeconds, edgeStaleSeconds } = lifetimesFor(
          kind,
          latest,
          false,
          outlookAt(banxico.publication, nowMs),
        );
        expect(clientSeconds + edgeSeconds + edgeStaleSeconds).toBeLessThan(300);
      }),
    );
  });

  it("are short for what could not be confirmed, whatever it is", () => {
    fc.assert(
      fc.property(kinds, instants, (kind, nowMs) => {
        const lifetimes = lifetimesFor(kind, "2023-12-29", true, outlookAt(banxico.publication, nowMs));
        expect(lifetimes).toEqual({ clientSeconds: 5, edgeSeconds: 5, edgeStaleSeconds: 0, edgeErrorSeconds: 0 });
      }),
    );
  });

  it("of what has no rate end before it can have one without a new observation", () => {
    const lifetimesAt = (leftMs: number) => lifetimesOf("now", [], false, Number.POSITIVE_INFINITY, leftMs);
    expect(lifetimesAt(90_500)).toEqual({
      clientSeconds: 60,
      edgeSeconds: 60,
      edgeStaleSeconds: 30,
      edgeErrorSeconds: 30,
    });
    expect(lifetimesAt(999)).toEqual({ clientSeconds: 0, edgeSeconds: 0, edgeStaleSeconds: 0, edgeErrorSeconds: 0 });
    expect(lifetimesAt(Number.POSITIVE_INFINITY).edgeErrorSeconds).toBe(86_400);
  });

  it("are long for closed history, and end: revisions exist", () => {
    expect(lifetimesFor("closed", "2023-01-31", false, outlookAt(banxico.publication, 0))).toMatchObject({
      clientSeconds: 3600,
      edgeSeconds: 21_600,
    });
  });

  it("of an evening's answer are the design's", () => {
    const evening = Date.parse("2023-12-29T20:00:00Z");
    const headers = (kind: ResponseKind) =>
      cacheHeaders(lifetimesFor(kind, "2023-12-29", false, outlookAt(banxico.publication, evening)));
    expect(headers("now")).toEqual({
      "Cache-Control": "public, max-age=60",
      "Cloudflare-CDN-Cache-Control": "public, max-age=60, stale-while-revalidate=300, stale-if-error=35940",
    });
    expect(headers("average")).toMatchObject({
      "Cloudflare-CDN-Cache-Control": "public, max-age=300, stale-while-revalidate=300, stale-if-error=35700",
    });
    expect(headers("settled")).toEqual({
      "Cache-Control": "public, max-age=60",
      "Cloudflare-CDN-Cache-Control": "public, max-age=300, stale-while-revalidate=300, stale-if-error=86400",
    });
  });
});

describe("cacheHeaders", () => {
  it("never hold s-maxage, must-revalidate, immutable or an unbounded stale-if-error", () => {
    fc.assert(
      fc.property(
        seconds,
        seconds,
        seconds,
        seconds,
        (clientSeconds, edgeSeconds, edgeStaleSeconds, edgeErrorSeconds) => {
          const headers = cacheHeaders({ clientSeconds, edgeSeconds, edgeStaleSeconds, edgeErrorSeconds });
          expect(Object.keys(headers).sort()).toEqual(["Cache-Control", "Cloudflare-CDN-Cache-Control"]);
          expect(Object.values(headers).join()).not.toMatch(/s-maxage|must-revalidate|proxy-revalidate|immutable/);
          expect(headers["Cache-Control"]).toBe(`public, max-age=${clientSeconds}`);
          const edge = headers["Cloudflare-CDN-Cache-Control"];
          expect(edge).toContain(`stale-if-error=${edgeErrorSeconds}`);
          expect(edge?.includes("stale-while-revalidate")).toBe(edgeStaleSeconds > 0);
        },
      ),
    );
  });
});

describe("a copy's lifetimes", () => {
  it("end when those of the first end, whatever its age", () => {
    fc.assert(
      fc.property(seconds, seconds, seconds, seconds, seconds, (client, edge, stale, error, age) => {
        const first = { clientSeconds: client, edgeSeconds: edge, edgeStaleSeconds: stale, edgeErrorSeconds: error };
        const copy = aged(first, age);
        expect(age + copy.clientSeconds).toBe(Math.max(age, client));
        expect(age + copy.edgeSeconds).toBe(Math.max(age, edge));
        expect(age + copy.edgeSeconds + copy.edgeStaleSeconds).toBe(Math.max(age, edge + stale));
        expect(age + copy.edgeSeconds + copy.edgeErrorSeconds).toBe(Math.max(age, edge + error));
      }),
    );
  });
});

describe("isClosed", () => {
  it("begins where reconciles no longer read", () => {
    expect(isClosed("2023-12-19", "2023-12-29", policy)).toBe(false);
    expect(isClosed("2023-12-18", "2023-12-29", policy)).toBe(true);
  });
});
