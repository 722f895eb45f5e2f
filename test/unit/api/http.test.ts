import { describe, expect, it } from "vitest";
import { madeUpFigures, world } from "./world.ts";

const figures = madeUpFigures("2023-12-29", "2022-01-01");
const { get, faults } = world({ now: "2023-12-29T20:00:00Z", figures });
const broken = world({ now: "2023-12-29T20:00:00Z", figures, lost: () => true });

/** These are served without pages. */
const LISTS = ["/api/v1/currencies", "/api/v1/series"];
const ANSWERS = [
  "/api/v1/rates/current",
  "/api/v1/rates/current?base=EUR&quote=USD",
  "/api/v1/rates/historical?days=10",
  "/api/v1/rates/historical?from=2022-01-01&to=2022-12-31",
  "/api/v1/rates/average/30d",
  "/api/v1/rates/average/2022-11?basis=calendar",
  "/api/v1/rates/on/2022-11-05",
  "/api/v1/convert?from=USD&to=JPY&amount=5",
  "/api/v1/currencies",
  "/api/v1/series",
];
const DOCUMENTS = ["/openapi.json", "/api/v1/openapi.json", "/docs", "/api/v1/docs"];
const ERRORS: [path: string, status: number][] = [
  ["/api/v1/rates/current?base=XXX", 400],
  ["/api/v1/rates/on/1991-11-11", 404],
  ["/nothing", 404],
  ["/api/v1", 404],
  ["/api/v2/rates/current", 404],
];
const EVERYTHING: [path: string, status: number][] = [
  ...[...ANSWERS, ...DOCUMENTS].map((path): [string, number] => [path, 200]),
  ["/", 302],
  ...ERRORS,
];

const headersOf = (response: Response) => Object.fromEntries(response.headers);

describe.each(EVERYTHING)("%s (%i)", (path, status) => {
  it("is open to every site and to none for framing or sniffing", async () => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(headersOf(response)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-expose-headers": expect.stringContaining("Paridad-Stale"),
      "x-content-type-options": "nosniff",
      "strict-transport-security": expect.stringContaining("max-age="),
    });
    const isPage = response.headers.get("Content-Type")?.startsWith("text/html") ?? false;
    expect(response.headers.get("Referrer-Policy")).toBe(isPage ? "no-referrer" : null);
    const caching = `${response.headers.get("Cache-Control")} ${response.headers.get("Cloudflare-CDN-Cache-Control")}`;
    expect(caching).not.toMatch(/s-maxage|must-revalidate|immutable|private/);
  });

  it("answers HEAD with the headers of GET and no body", async () => {
    const [got, asked] = [await get(path), await get(path, { method: "HEAD" })];
    expect([asked.status, await asked.text()]).toEqual([status, ""]);
    expect(headersOf(asked)).toEqual(headersOf(got));
  });

  it("answers OPTIONS for a preflight", async () => {
    const response = await get(path, { method: "OPTIONS", headers: { Origin: "https://example.org" } });
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(headersOf(response)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, OPTIONS",
      "access-control-allow-headers": expect.stringContaining("If-None-Match"),
      allow: "GET, HEAD, OPTIONS",
    });
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"])("refuses %s", async (method) => {
    const response = await get(path, { method });
    expect(response.status).toBe(405);
    expect(headersOf(response)).toMatchObject({ allow: "GET, HEAD, OPTIONS", "access-control-allow-origin": "*" });
  });
});

describe.each(ERRORS)("the problem of %s", (path, status) => {
  it("is kept by nobody and has no tag", async () => {
    const response = await get(path, { headers: { "If-None-Match": "*" } });
    expect(response.status).toBe(status);
    expect(response.headers.get("Content-Type")).toBe("application/problem+json");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(response.headers.get("ETag")).toBeNull();
    const body = (await response.json()) as { instance: string };
    expect(body).toMatchObject({ status, instance: path.replace(/\?.*/, "") });
  });
});

describe.each([...ANSWERS, ...DOCUMENTS])("the tag of %s", (path) => {
  it("is strong, and spares the body with the same caching headers", async () => {
    const first = await get(path);
    const etag = first.headers.get("ETag") ?? "";
    expect(etag).toMatch(/^"\d+-\d+"$/);
    for (const ifNoneMatch of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await get(path, { headers: { "If-None-Match": ifNoneMatch } });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      const { "content-type": _, ...kept } = headersOf(first);
      expect(headersOf(again)).toEqual(kept);
    }
    const other = await get(path, { headers: { "If-None-Match": '"other"' } });
    expect([other.status, await other.text()]).toEqual([200, await first.text()]);
  });
});

describe("the tag", () => {
  it("is of the content, not of the moment: a minute later it still holds", async () => {
    const later = world({ now: "2023-12-29T20:01:00Z", figures, copies: { tier: "redis" } });
    for (const path of ANSWERS)
      expect((await later.get(path)).headers.get("ETag")).toBe((await get(path)).headers.get("ETag"));
  });

  it("changes when a rate is revised", async () => {
    const revised = { ...figures, USD: figures.USD?.map(([date]) => [date, "17.0000"] as const) ?? [] };
    const other = world({ now: "2023-12-29T20:00:00Z", figures: revised });
    for (const path of ANSWERS.slice(0, -2))
      expect((await other.get(path)).headers.get("ETag")).not.toBe((await get(path)).headers.get("ETag"));
  });
});

describe("where nothing can be reached", () => {
  it.each(ANSWERS.filter((path) => !LISTS.includes(path)))("%s is a 503 that says when to come back", async (path) => {
    const response = await broken.get(path);
    expect(response.status).toBe(503);
    expect(headersOf(response)).toMatchObject({
      "retry-after": "17",
      "cache-control": "no-store",
      "content-type": "application/problem+json",
      "access-control-allow-origin": "*",
    });
    expect(await response.json()).toMatchObject({ code: "unavailable", status: 503 });
  });

  it("documents are still served, and parameters still checked", async () => {
    for (const path of DOCUMENTS) expect((await broken.get(path)).status).toBe(200);
    expect((await broken.get("/api/v1/rates/current?base=XXX")).status).toBe(400);
  });

  it("is no fault of the API's", () => expect([...faults, ...broken.faults]).toEqual([]));
});

describe("what an answer says of itself", () => {
  it("is what it holds", async () => {
    const far = world({ now: "2023-12-29T20:00:00Z", figures, copies: { tier: "redis" } });
    const response = await far.get("/api/v1/rates/current?base=EUR&quote=USD");
    expect(headersOf(response)).toMatchObject({
      "cache-tag": "banxico.SF43718,banxico.SF46410",
    });
    expect(response.headers.get("Paridad-Stale")).toBeNull();
  });

  it("leads from the root to the documentation", async () => {
    expect((await get("/")).headers.get("Location")).toBe("/docs");
  });
});
