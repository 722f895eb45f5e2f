import { describe, expect, test } from "vitest";
import { cacheHeaders } from "#core/api/caching.ts";
import { HotResponse } from "../../worker/hot-response.ts";
import { START_MS } from "./support.ts";

const BODY = '{"rate":"16.9190"}';
const LIFETIMES = { clientSeconds: 60, edgeSeconds: 60, edgeStaleSeconds: 300, edgeErrorSeconds: 600 };

const HEADERS = {
  "Content-Type": "application/json",
  ...cacheHeaders(LIFETIMES),
  ETag: '"tag"',
};

const ANSWER = {
  body: BODY,
  headers: HEADERS,
  lifetimes: LIFETIMES,
  hotUntilMs: START_MS + 90_000,
  diagnostics: { tier: "origin", durationMs: 31 },
} as const;

const get = (headers: Record<string, string> = {}) => new Headers(headers);
const made = () => new HotResponse(ANSWER, START_MS);

describe("a hot answer", () => {
  test("is given again with its bytes and headers, any number of times", async () => {
    const hot = made();
    await hot.respond(get(), START_MS).text();
    const response = hot.respond(get(), START_MS);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"rate":"16.9190"}');
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "application/json",
      "cache-control": "public, max-age=60",
      "cloudflare-cdn-cache-control": "public, max-age=60, stale-while-revalidate=300, stale-if-error=600",
      etag: '"tag"',
    });
  });

  test("may be kept by others for what is left of the time from when it was made", () => {
    const hot = made();
    const headersAfter = (ms: number) => {
      const { headers } = hot.respond(get(), START_MS + ms);
      return [headers.get("Cache-Control"), headers.get("Cloudflare-CDN-Cache-Control")];
    };
    expect(headersAfter(999)[0]).toBe("public, max-age=60");
    expect(headersAfter(7_400)).toEqual([
      "public, max-age=53",
      "public, max-age=53, stale-while-revalidate=300, stale-if-error=600",
    ]);
    expect(headersAfter(8_000)[0]).toBe("public, max-age=52");
    expect(headersAfter(70_000)).toEqual([
      "public, max-age=0",
      "public, max-age=0, stale-while-revalidate=290, stale-if-error=590",
    ]);
  });

  test.each(['"tag"', 'W/"tag"', '"other", "tag"', "*"])("is a 304 to If-None-Match: %s", async (tag) => {
    const response = made().respond(get({ "If-None-Match": tag }), START_MS);
    expect(response.status).toBe(304);
    expect(response.body).toBeNull();
    expect(response.headers.get("ETag")).toBe('"tag"');
    expect(response.headers.get("Content-Type")).toBeNull();
  });

  test("has diagnostics for a request that asks for them, and for no later one", () => {
    const hot = made();
    const traceparent = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01";
    for (const tag of ["none", '"tag"']) {
      const { headers } = hot.respond(
        get({ traceparent, "Cache-Control": "no-cache", "If-None-Match": tag }),
        START_MS,
      );
      expect(Object.fromEntries(headers)).toMatchObject({
        "cache-control": "no-store",
        "paridad-tier": "isolate",
        "server-timing": "isolate;dur=0",
        traceparent: expect.stringMatching(/^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/),
      });
      expect(headers.get("Cloudflare-CDN-Cache-Control")).toBeNull();
      const later = hot.respond(get({ traceparent, "If-None-Match": tag }), START_MS).headers;
      expect(later.get("Cache-Control")).toBe("public, max-age=60");
      for (const name of ["Traceparent", "Server-Timing", "Paridad-Tier"]) expect(later.get(name)).toBeNull();
    }
  });
});
