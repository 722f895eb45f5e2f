import { describe, expect, it } from "vitest";
import { madeUpFigures, world } from "./world.ts";

/** What clients' tools make of a URL. */

const { get } = world({ now: "2023-12-29T20:00:00Z", figures: madeUpFigures("2023-12-29", "2022-01-01") });

const same: [variant: string, canonical: string][] = [
  ["/api/v1/rates/current?base=usd", "/api/v1/rates/current?base=USD"],
  ["/api/v1/rates/current?base=Eur&quote=uSD", "/api/v1/rates/current?base=EUR&quote=USD"],
  ["/api/v1/rates/current/", "/api/v1/rates/current"],
  ["/api/v1/rates/current?_=123", "/api/v1/rates/current"],
  ["/api/v1/rates/current?utm_source=x&base=jpy", "/api/v1/rates/current?base=JPY"],
  ["/api/v1/rates/current?quote=USD&base=EUR", "/api/v1/rates/current?base=EUR&quote=USD"],
  ["/api/v1/rates/historical/?base=cad&_=1", "/api/v1/rates/historical?base=CAD"],
  ["/api/v1/rates/average/30d/?base=gbp", "/api/v1/rates/average/30d?base=GBP"],
  ["/api/v1/rates/on/2023-12-28/?base=gbp", "/api/v1/rates/on/2023-12-28?base=GBP"],
  ["/api/v1/convert?from=usd&to=mxn&amount=1", "/api/v1/convert?from=USD&to=MXN&amount=1"],
  ["/api/v1/currencies?_=1", "/api/v1/currencies"],
  ["/api/v1/series/", "/api/v1/series"],
  ["/docs/", "/docs"],
  ["/openapi.json/?_=1", "/openapi.json"],
];

it.each(same)("%s is %s, to the byte and the tag", async (variant, canonical) => {
  const [one, other] = [await get(variant), await get(canonical)];
  expect([one.status, one.headers.get("ETag")]).toEqual([200, other.headers.get("ETag")]);
  expect(await one.text()).toBe(await other.text());
});

describe("refused", () => {
  it.each(["/api/v1/rates/current?=1", "/api/v1/rates/current?base=EUR&=2", "/api/v1/series?="])(
    "%s has a parameter without a name",
    async (path) => {
      const response = await get(path);
      expect([response.status, await response.json()]).toEqual([
        400,
        expect.objectContaining({ errors: [{ parameter: "", detail: "a parameter has no name; write name=value" }] }),
      ]);
    },
  );

  it("is an unknown currency, and the problem lists those served", async () => {
    expect(await (await get("/api/v1/rates/current?base=xyz&=1")).json()).toMatchObject({
      errors: [
        { parameter: "base", detail: "must be one of CAD, EUR, GBP, JPY, MXN, USD" },
        { parameter: "", detail: "a parameter has no name; write name=value" },
      ],
    });
  });

  it.each(["utm", "__", "cachebuster", "callback"])("is the unknown parameter %s", async (name) =>
    expect((await get(`/api/v1/rates/current?${name}=1`)).status).toBe(400),
  );
});

describe("a path that is no endpoint", () => {
  it.each([
    ["/api/v1/rates/live", "/api/v1/rates/current"],
    ["/latest", "/api/v1/rates/latest"],
    ["/rates/current", "/api/v1/rates/current"],
    ["/v1/rates/current", "/api/v1/rates/current"],
    ["/API/V1/RATES/CURRENT", "/api/v1/rates/current"],
    ["/api/v1//rates/current", "/api/v1/rates/current"],
    ["/api/v1/rates/curent", "/api/v1/rates/current"],
    ["/api/v1/rate/current", "/api/v1/rates/current"],
    ["/api/v1/rates/history", "/api/v1/rates/historical"],
    ["/api/v1/rates/average", "/api/v1/rates/average/{window}"],
    ["/rates/on", "/api/v1/rates/on"],
    ["/api/v1/rates/2023-12-29", "/api/v1/rates/on/{date}"],
    ["/api/v1/2023-12-29", "/api/v1/rates/on/{date}"],
    ["/api/v1/currency", "/api/v1/currencies"],
    ["/convert", "/api/v1/convert"],
    ["/doc", "/docs"],
    ["/api/v1/health", "/health"],
  ])("%s: did you mean %s", async (path, meant) => {
    const response = await get(path);
    expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([
      404,
      `No such endpoint. Did you mean ${meant}? /docs lists all endpoints.`,
    ]);
  });

  it.each(["/nothing", "/api/v1", "/.env", "/wp-login.php", "/__proto__", "/constructor", `/${"a/".repeat(20_000)}`])(
    "%s is near to none",
    async (path) => {
      const { detail } = (await (await get(path)).json()) as { detail: string };
      expect(detail).toBe("No such endpoint. /docs lists all endpoints.");
    },
  );
});

describe("a preflight", () => {
  const allowed = async (requested?: string, path = "/api/v1/rates/current") => {
    const headers = { Origin: "https://example.org", "Access-Control-Request-Method": "GET" };
    const response = await get(path, {
      method: "OPTIONS",
      headers: { ...headers, ...(requested !== undefined && { "Access-Control-Request-Headers": requested }) },
    });
    expect([response.status, response.headers.get("Access-Control-Max-Age"), response.headers.get("Vary")]).toEqual([
      204,
      "86400",
      "Access-Control-Request-Headers",
    ]);
    return response.headers.get("Access-Control-Allow-Headers");
  };

  it.each([
    "cache-control",
    "authorization,cache-control,pragma",
    "x-requested-with, baggage, sentry-trace, traceparent",
    "if-modified-since",
    "x-anything-at-all",
  ])("allows %s", async (requested) => expect(await allowed(requested)).toBe(requested));

  it("is answered on every path, so that a page can read the problem", async () => {
    expect(await allowed("cache-control", "/nothing")).toBe("cache-control");
  });

  it.each([undefined, "", ",", "a b", "a,,b", "a: b", `x${"-".repeat(1_024)}`, "é"])(
    "lists the usual headers for what is no list of names: %s",
    async (requested) => {
      const list = await allowed(requested);
      for (const name of ["Cache-Control", "Authorization", "If-None-Match", "X-Requested-With", "Baggage"])
        expect(list).toContain(name);
    },
  );
});

describe("diagnostics", () => {
  const far = world({
    now: "2023-12-29T20:00:00Z",
    figures: madeUpFigures("2023-12-29", "2022-01-01"),
    copies: { tier: "redis" },
  });
  const headersOf = async (cacheControl?: string, path = "/api/v1/rates/current") =>
    Object.fromEntries(
      (await far.get(path, { headers: cacheControl ? { "Cache-Control": cacheControl } : {} })).headers,
    );

  it.each(["no-cache", "max-age=0, No-Cache", "no-cache,no-store", 'no-cache="x"'])(
    "go to a request with %s, whose response nobody keeps",
    async (cacheControl) => {
      const headers = await headersOf(cacheControl);
      expect(headers).toMatchObject({
        "paridad-tier": "redis",
        "server-timing": "redis;dur=3",
        "cache-control": "no-store",
        etag: expect.any(String),
      });
      expect(headers).not.toHaveProperty("cloudflare-cdn-cache-control");
    },
  );

  it.each([undefined, "max-age=0", "only-if-cached", "x-no-cache"])(
    "do not go to a request with %s",
    async (control) => {
      const headers = await headersOf(control);
      expect(headers["cache-control"]).toMatch(/^public/);
      for (const name of ["paridad-tier", "server-timing", "traceparent"]) expect(headers).not.toHaveProperty(name);
    },
  );

  it("are none of a document's", async () => {
    expect((await headersOf("no-cache", "/docs"))["cache-control"]).toMatch(/^public/);
  });
});
