import { describe, expect, it } from "vitest";
import type { Observation } from "#core/rates/page.ts";
import { world } from "./world.ts";

/** Friday, after the time of publication of both. */
const NOW = "2023-12-29T20:00:00Z";
const PROVIDERS = ["banxico", "ecb"];
const USD: Observation[] = [
  ["2023-12-22", "16.9738"],
  ["2023-12-26", "16.9727"],
  ["2023-12-27", "16.9220"],
];
const EURO: Record<string, Observation[]> = {
  "ecb.USD": [
    ["2023-12-27", "1.1065"],
    ["2023-12-28", "1.1114"],
    ["2023-12-29", "1.1050"],
  ],
  "ecb.MXN": [
    ["2023-12-27", "18.7697"],
    ["2023-12-28", "18.7664"],
    ["2023-12-29", "18.7231"],
  ],
};
const { get, json } = world({ now: NOW, figures: { USD, ...EURO }, policy: { PROVIDERS } });

/** What a table says of each rate, by provider. */
async function comparedOn(date: string, from = json) {
  const { rates, stale } = await from(`/api/v1/rates/compare?date=${date}`);
  const rows = (rates as { provider: string; date: string; stale: boolean }[]).map((row) => [
    row.provider,
    row.date,
    row.stale,
  ]);
  return { rows, stale };
}

describe("a table of a date", () => {
  it("says of each rate what the rate of that date says by itself", async () => {
    const today = [
      ["banxico", "2023-12-27", true],
      ["ecb", "2023-12-29", false],
    ];
    expect(await comparedOn("2023-12-29")).toEqual({ rows: today, stale: true });
    expect(await json("/api/v1/rates/latest?base=USD&quotes=MXN&date=2023-12-28")).toMatchObject({
      rates: { MXN: { date: "2023-12-27", stale: true } },
      stale: true,
    });
    const holiday = await json("/api/v1/rates/latest?base=USD&quotes=MXN&date=2023-12-25");
    expect(holiday).toMatchObject({ rates: { MXN: { date: "2023-12-22", stale: false } }, stale: false });
    for (const date of ["2023-12-29", "2023-12-28", "2023-12-25"]) {
      const own = await json(`/api/v1/rates/on/${date}`);
      expect([date, (await json(`/api/v1/rates/latest?quotes=MXN&date=${date}`)).stale]).toEqual([date, own.stale]);
    }
  });

  it("is kept for longer once it is over, and for the longest time once no reading looks at it again", async () => {
    const lifetimeAt = async (now: string) => {
      const { get } = world({ now, figures: EURO, policy: { PROVIDERS: ["ecb"] } });
      const { headers } = await get("/api/v1/rates/latest?base=EUR&quotes=USD&date=2023-12-28");
      return headers.get("Cloudflare-CDN-Cache-Control")?.split(",")[1];
    };
    expect(await lifetimeAt("2023-12-28T20:00:00Z")).toBe(" max-age=60");
    expect(await lifetimeAt("2023-12-29T20:00:00Z")).toBe(" max-age=300");
    expect(await lifetimeAt("2024-02-01T20:00:00Z")).toBe(" max-age=21600");
  });

  it("is stale where its copies could not be confirmed", async () => {
    const options = { now: NOW, figures: { USD, ...EURO }, policy: { PROVIDERS } };
    const unconfirmed = world({ ...options, copies: { stale: "origin_unavailable" } });
    expect((await comparedOn("2023-12-27", unconfirmed.json)).rows.map(([, , stale]) => stale)).toEqual([true, true]);
  });

  it("leaves out a series whose history is loading, and is not kept", async () => {
    const options = { now: NOW, figures: EURO, policy: { PROVIDERS } };
    const loading = world(options);
    expect((await comparedOn("2023-12-27", loading.json)).rows).toEqual([["ecb", "2023-12-27", false]]);
    const response = await loading.get("/api/v1/rates/compare?date=2023-12-27");
    expect(response.headers.get("Cache-Control")).toBe("public, max-age=5");
    const snapshot = await loading.get("/frankfurter/v1/2023-12-27?symbols=USD,JPY");
    expect([snapshot.status, await snapshot.text()]).toMatchObject([200, expect.stringContaining('{"USD":1.1065}')]);
    const nothing = world({ now: NOW, figures: {}, policy: { PROVIDERS } });
    expect((await nothing.get("/api/v1/rates/compare?date=2023-12-27")).status).toBe(503);
  });
});

it("another service's form says in a header that a newer rate is due", async () => {
  const reasonOf = async (path: string) => (await get(path)).headers.get("Paridad-Stale");
  const paths = ["/frankfurter/v2/rates?base=USD&quotes=MXN", "/SieAPIRest/service/v1/series/SF43718/datos/oportuno"];
  for (const path of paths) expect([path, await reasonOf(path)]).toEqual([path, "publication_missed"]);
  expect(await reasonOf("/frankfurter/v2/rates?quotes=USD")).toBeNull();
  expect(await reasonOf("/frankfurter/v2/rates?base=USD&quotes=MXN&date=2023-12-26")).toBeNull();
});

it("a currency that has a parity by now has its published rates of the years before", async () => {
  const lev: Observation[] = [
    ["2025-12-30", "1.9558"],
    ["2025-12-31", "1.9558"],
  ];
  const dollar: Observation[] = [
    ["2025-12-30", "1.1757"],
    ["2025-12-31", "1.1750"],
    ["2026-01-02", "1.1721"],
  ];
  const figures = { "ecb.BGN": lev, "ecb.USD": dollar };
  const policy = { PROVIDERS: ["ecb", "parities"] };
  const { json, get } = world({ now: "2026-01-02T20:00:00Z", figures, policy });
  const before = { rate: "1.9558", date: "2025-12-31", derived: false };
  expect(await json("/api/v1/rates/on/2025-12-31?base=EUR&quote=BGN")).toMatchObject(before);
  expect(await json("/api/v1/rates/latest?base=EUR&quotes=BGN&date=2025-12-31")).toMatchObject({
    rates: { BGN: { ...before, provider: "ecb" } },
  });
  expect(await json("/api/v1/rates/average/2025-12?base=EUR&quote=BGN")).toMatchObject({ observations: 2 });
  expect(await json("/api/v1/convert?from=EUR&to=BGN&amount=100&date=2025-12-31")).toMatchObject({ result: "195.58" });
  const rows = await get("/frankfurter/v2/rates?from=2025-12-30&to=2025-12-31&quotes=BGN");
  expect(await rows.json()).toEqual(
    lev.map(([date, rate]) => ({ date, base: "EUR", quote: "BGN", rate: Number(rate) })),
  );
  expect(await json("/api/v1/rates/on/2026-01-02?base=EUR&quote=BGN")).toMatchObject({
    rate: "1.95583",
    parity: [{ currency: "BGN", since: "2026-01-01" }],
  });
});

it("a list of the newest days is empty while a pair's parity is still to come, and a named period has no list", async () => {
  const figures = { "ecb.USD": [["2025-12-31", "1.1750"]] as Observation[] };
  const { json, get } = world({ now: "2025-12-31T20:00:00Z", figures, policy: { PROVIDERS: ["ecb", "parities"] } });
  const history = "/api/v1/rates/historical?base=USD&quote=BGN";
  expect(await json(`${history}&days=30`)).toMatchObject({ count: 0, observations: [], stale: false });
  expect((await get(`${history}&from=2025-12-31`)).status).toBe(404);
});
