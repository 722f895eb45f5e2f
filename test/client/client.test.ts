import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { periodsOf } from "../../client/src/history.ts";
import { createParidad, ProblemError } from "../../client/src/index.ts";
import { clientTypesFile, clientTypesText } from "../../tools/generate/client-types.ts";
import { LocalApp } from "./local-app.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await LocalApp.start();
});
afterEach(() => app.reset());
afterAll(() => app.stop());

/** A client whose waits are recorded and take no time. */
function client(options = {}) {
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  return { waits, ...createParidad({ baseUrl: `${app.url}/`, retries: { wait }, ...options }) };
}

test("its types are those of the document: else run npm run openapi", async () => {
  expect(readFileSync(clientTypesFile, "utf8")).toBe(await clientTypesText());
});

describe("reads", () => {
  test("the rate, a date's, many dates', a conversion and a table, as strings", async () => {
    const paridad = client();
    expect(await paridad.current()).toMatchObject({ base: "USD", quote: "MXN", rate: "16.9190", stale: false });
    expect(await paridad.on("2023-12-25")).toMatchObject({ date: "2023-12-22", rate: "16.9738" });
    expect(await paridad.onDates(["2023-12-29", "2023-12-25"])).toMatchObject([
      { rate: "16.9190" },
      { rate: "16.9738" },
    ]);
    expect(await paridad.convert("100.10", "USD", "MXN")).toMatchObject({ result: "1693.59" });
    expect(await paridad.convert("100.10", "USD", "MXN", "2023-12-25")).toMatchObject({ date: "2023-12-22" });
    expect((await paridad.latest("USD", ["EUR", "JPY"])).rates).toMatchObject({ EUR: { rate: "0.90497738" }, JPY: {} });
    expect(await paridad.current({ base: "EUR", quote: "JPY", provider: "ecb" })).toMatchObject({ base: "EUR" });
    expect(await paridad.health()).toMatchObject({ status: "healthy" });
  });

  test("every operation by its path, with its types", async () => {
    const { data, error, response } = await client().api.GET("/api/v1/rates/average/{window}", {
      params: { path: { window: "2023-12" }, query: { basis: "calendar" } },
    });
    expect([data?.basis, error, response.status]).toEqual(["calendar", undefined, 200]);
    // @ts-expect-error There is no such path.
    const wrong = await client().api.GET("/api/v1/rates/nope");
    expect(wrong.response.status).toBe(404);
  });

  test("a health that is not, for what it says", async () => {
    app.intercept = () => Response.json({ status: "unhealthy", level: "critical" }, { status: 503 });
    expect(await client({ retries: false }).health()).toMatchObject({ level: "critical" });
  });
});

describe("a problem", () => {
  test("is an error with the code, and says where it is explained", async () => {
    const error = await client()
      .on("1980-01-01")
      .catch((error) => error);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: "no_data", status: 404, helpUrl: `${app.url}/docs#no_data` });
    expect(error.message).toContain("1991-11-12");
    expect(
      await client()
        .current({ base: "PESO" })
        .catch(({ problem }) => problem.errors),
    ).toMatchObject([{ parameter: "base" }]);
  });

  test("that is a proxy's page has no code", async () => {
    app.intercept = () => new Response("<h1>Bad gateway</h1>", { status: 502 });
    const error = await client()
      .current()
      .catch((error) => error);
    expect(error).toMatchObject({ code: undefined, status: 502 });
  });
});

describe("a failure that passes", () => {
  const limited = (value: string) => new Response("{}", { status: 429, headers: { "Retry-After": value } });

  test("is waited for as long as Retry-After says, and tried again", async () => {
    const failures = [limited("7"), limited(new Date(Date.now() + 9_000).toUTCString())];
    app.intercept = () => failures.shift();
    const paridad = client();
    expect(await paridad.current()).toMatchObject({ rate: "16.9190" });
    expect(paridad.waits[0]).toBe(7_000);
    expect(paridad.waits[1]).toBeGreaterThan(4_000);
    expect(paridad.waits[1]).toBeLessThanOrEqual(9_000);
  });

  test("is final after the last try, or if the wait is too long", async () => {
    app.intercept = () => limited("1");
    await expect(client().current()).rejects.toMatchObject({ status: 429, retryAfterSeconds: 1 });
    expect(app.requests).toHaveLength(3);
    app.requests.length = 0;
    app.intercept = () => limited("3600");
    await expect(client().current()).rejects.toMatchObject({ retryAfterSeconds: 3600 });
    expect(app.requests).toHaveLength(1);
  });

  test("of the network is tried again, with growing waits", async () => {
    let tries = 0;
    const flaky: typeof fetch = (input) => (++tries < 3 ? Promise.reject(new TypeError("reset")) : fetch(input));
    const paridad = client({ fetch: flaky });
    await paridad.current();
    expect(paridad.waits).toHaveLength(2);
    expect(paridad.waits[0]).toBeLessThanOrEqual(300);
  });

  test("of a request that changes something is final, unless it can be told twice", async () => {
    app.intercept = () => limited("1");
    const { api } = client();
    const post = api as unknown as { POST(path: string, init?: object): Promise<{ response: Response }> };
    expect((await post.POST("/api/v1/alerts")).response.status).toBe(429);
    expect(app.requests).toHaveLength(1);
    await post.POST("/api/v1/alerts", { headers: { "Idempotency-Key": "one" } });
    expect(app.requests).toHaveLength(4);
  });
});

describe("what was read before", () => {
  test("is asked for by its ETag, and comes from memory if it still holds", async () => {
    const paridad = client();
    const first = await paridad.current();
    expect(await paridad.current()).toEqual(first);
    expect(app.requests.map(({ headers }) => headers.get("If-None-Match"))).toEqual([
      null,
      expect.stringMatching(/^"/),
    ]);
  });

  test("is kept apart by pair, and forgotten beyond the limit", async () => {
    const paridad = client({ etags: { maxEntries: 1 } });
    await paridad.current();
    await paridad.current({ base: "EUR", quote: "JPY" });
    await paridad.current();
    expect(app.requests.map(({ headers }) => headers.has("If-None-Match"))).toEqual([false, false, false]);
  });

  test("is not kept if it is private, or if memory is off", async () => {
    app.intercept = () =>
      Response.json({ rate: "1" }, { headers: { ETag: '"a"', "Cache-Control": "private, no-store" } });
    for (const paridad of [client(), client({ etags: false })]) {
      await paridad.current();
      await paridad.current();
    }
    expect(app.requests.some(({ headers }) => headers.has("If-None-Match"))).toBe(false);
  });
});

describe("a history", () => {
  test("of any length is read in parts, without a gap or a double", async () => {
    const read = [];
    for await (const { date, rate } of client().history({ from: "2022-12-20", to: "2023-12-29", yearsPerRequest: 1 }))
      read.push([date, rate]);
    expect(read).toHaveLength(260);
    expect([read[0]?.[0], read.at(-1)]).toEqual(["2022-12-20", ["2023-12-29", "16.9190"]]);
    expect(new Set(read.map(([date]) => date)).size).toBe(read.length);
    expect(app.targets).toEqual([
      "/api/v1/rates/historical?from=2022-12-20&to=2023-12-19",
      "/api/v1/rates/historical?from=2023-12-20&to=2023-12-29",
    ]);
  });

  test("has nothing before the first rate", async () => {
    const before = client().history({ from: "1980-01-01", to: "1990-12-31" });
    expect((await before.next()).done).toBe(true);
    expect(app.targets).toHaveLength(3);
  });

  test("without an end goes to the server's today", async () => {
    const nowMs = Date.parse("2023-12-29T20:00:00Z");
    for await (const _ of client().history({ from: "2023-12-01", nowMs }));
    expect(app.targets).toEqual(["/api/v1/rates/historical?from=2023-12-01"]);
  });

  test("that begins on a leap day has its parts end on the 27th", () => {
    expect(periodsOf({ from: "2020-02-29", to: "2022-03-01", yearsPerRequest: 1 })).toEqual([
      ["2020-02-29", "2021-02-27"],
      ["2021-02-28", "2022-02-27"],
      ["2022-02-28", "2022-03-01"],
    ]);
  });

  test("of a pair that is not served is an error", async () => {
    const all = client().history({ from: "2023-12-01", base: "USD", quote: "XXX" });
    await expect(all.next()).rejects.toMatchObject({ code: "invalid_parameter" });
  });
});
