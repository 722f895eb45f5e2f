import { describe, expect, it } from "vitest";
import { addDays } from "#core/time/dates.ts";
import { madeUpFigures, type WorldOptions, world } from "./world.ts";

const figures = madeUpFigures("2023-12-29", "2021-01-01");
const at = (now: string, options: Partial<WorldOptions> = {}) => world({ now, figures, ...options });
const CURRENT = "/api/v1/rates/current";
const CONVERT = "/api/v1/convert?from=USD&to=MXN&amount=1";

/** The made-up figures without some currency's last days. */
function without(base: string, ...dates: string[]) {
  return { ...figures, [base]: (figures[base] ?? []).filter(([date]) => !dates.includes(date)) };
}

describe("the current rate over time", () => {
  it.each([
    ["2023-12-29T20:00:00Z", false, 0, "Friday evening"],
    ["2023-12-30T05:59:59Z", false, 0, "Friday night, Saturday in UTC"],
    ["2023-12-31T18:30:00Z", false, 0, "Sunday"],
    ["2024-01-01T19:00:00Z", false, 0, "New Year, when this year's page is empty"],
    ["2024-01-02T17:59:59Z", false, 1, "the next bank day before 12:00"],
    ["2024-01-02T18:14:59.999Z", false, 1, "within the grace"],
    ["2024-01-02T18:15:00Z", true, 1, "after it"],
    ["2024-01-03T17:00:00Z", true, 2, "the day after"],
    ["2024-01-08T18:30:00Z", true, 5, "with five publications missed"],
  ])("at %s: stale %s, %i bank days old (%s)", async (now, stale, ageBusinessDays) => {
    const response = await at(now).get(CURRENT);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      date: "2023-12-29",
      stale,
      age_business_days: ageBusinessDays,
      next_update: "2024-01-02T18:00:00Z",
    });
    expect(response.headers.get("Paridad-Stale")).toBe(stale ? "publication_missed" : null);
  });

  it("is refused from the sixth missed publication on, with the address that still answers", async () => {
    const late = at("2024-01-09T18:15:00Z");
    for (const path of [CURRENT, CONVERT]) {
      const response = await late.get(path);
      expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "300"]);
      expect(response.headers.get("Content-Type")).toBe("application/problem+json");
      const { code, detail } = (await response.json()) as { code: string; detail: string };
      expect(code).toBe("rate_too_old");
      const address = /\/api\/\S+\d/.exec(detail)?.[0] ?? "";
      expect(await late.json(address)).toMatchObject({ date: "2023-12-29", base: "USD", quote: "MXN" });
    }
    const { detail } = await late.json(`${CURRENT}?base=EUR&quote=JPY`);
    const address = /\/api\/\S+[^.]/.exec(String(detail))?.[0] ?? "";
    expect(await late.json(address)).toMatchObject({ date: "2023-12-29", base: "EUR", quote: "JPY" });
    expect((await at("2024-01-09T18:14:59Z").get(CURRENT)).status).toBe(200);
  });

  it("leaves history, averages and dates as they are, however old", async () => {
    const late = at("2024-03-01T20:00:00Z");
    const paths = [
      "/api/v1/rates/historical",
      "/api/v1/rates/historical?limit=5",
      "/api/v1/rates/average/30d",
      "/api/v1/rates/average/2024-01?basis=calendar",
      "/api/v1/rates/historical?from=2023-12-01&to=2024-01-02",
      "/api/v1/rates/on/2024-01-12",
    ];
    for (const path of paths) {
      const response = await late.get(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect([path, await response.json()]).toMatchObject([path, { stale: true }]);
      expect(response.headers.get("Paridad-Stale")).toBe("publication_missed");
    }
    expect((await late.get("/api/v1/rates/on/2024-01-13")).status).toBe(404); // carried 15 days
  });

  it("does not make old what no missed publication can change", async () => {
    const late = at("2024-01-02T18:15:00Z");
    const paths = [
      "/api/v1/rates/on/2023-12-27",
      "/api/v1/rates/on/2023-12-29",
      "/api/v1/rates/on/2024-01-01", // a holiday: the next publication is of the day after
      "/api/v1/rates/average/2023-12",
      "/api/v1/rates/historical?from=2023-12-01&to=2023-12-31",
      "/api/v1/rates/historical?limit=5&to=2023-12-31",
      "/api/v1/convert?from=USD&to=MXN&amount=1&date=2023-12-29",
    ];
    for (const path of paths) {
      const response = await late.get(path);
      expect([path, await response.json()]).toMatchObject([path, { stale: false, next_update: null }]);
      expect(response.headers.get("Paridad-Stale")).toBe(null);
      expect(response.headers.get("Cache-Control")).toBe("public, max-age=60");
    }
    expect(await late.json("/api/v1/rates/on/2024-01-02")).toMatchObject({ stale: true });
  });

  it("takes the tolerance from the policy", async () => {
    const patient = at("2024-03-01T20:00:00Z", { policy: { MAX_PUBLICATIONS_MISSED: 100 } });
    expect((await patient.get(CURRENT)).status).toBe(200);
  });
});

describe("a pair of two series", () => {
  const CROSS = `${CURRENT}?base=EUR&quote=USD`;

  it("uses the latest date that both have, never two dates", async () => {
    const late = world({ now: "2023-12-29T20:00:00Z", figures: without("EUR", "2023-12-29") });
    const [cross, dollar] = [await late.json(CROSS), await late.json(CURRENT)];
    expect(cross).toMatchObject({ date: "2023-12-28", stale: true, age_business_days: 1 });
    expect(dollar).toMatchObject({ date: "2023-12-29", stale: false });
    const legs = (await late.json("/api/v1/convert?from=EUR&to=USD&amount=1")).legs as { rate: string }[];
    const published = ["EUR", "USD"].map((base) => figures[base]?.find(([date]) => date === "2023-12-28")?.[1]);
    expect(legs.map(({ rate }) => rate)).toEqual(published);
  });

  it("goes back past days that only one has, and into the last year", async () => {
    const december = Array.from({ length: 29 }, (_, index) => addDays("2023-12-01", index));
    const uneven = {
      ...figures,
      EUR: (figures.EUR ?? []).filter(([date]) => date < "2022-12-30" || december.includes(date)),
      USD: (figures.USD ?? []).filter(([date]) => date < "2023-12-01"),
    };
    const { date } = await world({
      now: "2023-12-29T20:00:00Z",
      figures: uneven,
      policy: { MAX_PUBLICATIONS_MISSED: 100 },
    })
      .json("/api/v1/rates/historical?base=EUR&quote=USD")
      .then(({ to }) => ({ date: to }));
    expect(date).toBe("2022-12-29");
  });

  it("turned round is the same rate turned round", async () => {
    const there = await at("2023-12-29T20:00:00Z").json(CROSS);
    const back = await at("2023-12-29T20:00:00Z").json(`${CURRENT}?base=USD&quote=EUR`);
    expect((Number(there.rate) * Number(back.rate)).toFixed(4)).toBe("1.0000");
    expect(back.date).toBe(there.date);
  });
});

describe("copies past their freshness", () => {
  const marked = at("2023-12-29T20:00:00Z", { copies: { stale: "redis_and_origin_unavailable", tier: "colo" } });

  it.each([
    CURRENT,
    CONVERT,
    "/api/v1/rates/historical",
    "/api/v1/rates/average/2022-11",
    "/api/v1/rates/on/2022-11-05",
  ])("%s is marked and hardly kept", async (path) => {
    const response = await marked.get(path);
    expect(await response.json()).toMatchObject({ stale: true });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "paridad-stale": "redis_and_origin_unavailable",
      "cache-control": "public, max-age=5",
      "cloudflare-cdn-cache-control": "public, max-age=5, stale-if-error=0",
    });
  });
});

describe("the pages read", () => {
  it("are this year's, and in the first days of January the last one's", async () => {
    for (const [now, years] of [
      ["2023-12-29T20:00:00Z", [[2023]]],
      ["2024-01-01T19:00:00Z", [[2024], [2023]]],
    ] as const) {
      const asked = at(now);
      await asked.get(CURRENT);
      expect(asked.reads.map((read) => read.years)).toEqual(years);
    }
  });

  it("are three lots at most where there is nothing yet, which is a 503", async () => {
    const empty = world({ now: "2023-12-29T20:00:00Z", figures: {} });
    const response = await empty.get(CURRENT);
    expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "5"]);
    expect(empty.reads.length).toBeLessThanOrEqual(3);
    for (const path of ["/api/v1/rates/on/2023-12-29", "/api/v1/rates/historical", "/api/v1/rates/average/2023-11"])
      expect((await empty.get(path)).status).toBe(503);
    const { currencies } = (await empty.json("/api/v1/currencies")) as { currencies: { latest: unknown }[] };
    expect(currencies.every(({ latest }) => latest === null)).toBe(true);
  });

  it("decide until when a host may give the answer again", async () => {
    const edge = at("2023-12-29T20:00:00Z");
    expect((await edge.get(CURRENT)).headers.get("Cache-Control")).toBe("public, max-age=60");
    const closing = at("2023-12-29T17:59:50.500Z"); // nine whole seconds before 12:00
    expect((await closing.get(`${CURRENT}?base=USD`)).headers.get("Cache-Control")).toBe("public, max-age=9");
  });
});

describe("the catalogue", () => {
  it("lists every currency with its first and latest date, the peso as far as any", async () => {
    const { currencies } = (await world({
      now: "2023-12-29T20:00:00Z",
      figures: { ...without("JPY", "2023-12-29"), CAD: [] },
    }).json("/api/v1/currencies")) as { currencies: Record<string, unknown>[] };
    expect(currencies.map(({ code, minor_units, since, latest }) => [code, minor_units, since, latest])).toEqual([
      ["CAD", 2, "1992-11-16", null],
      ["EUR", 2, "1999-01-04", "2023-12-29"],
      ["GBP", 2, "1992-11-16", "2023-12-29"],
      ["JPY", 0, "1992-11-16", "2023-12-28"],
      ["MXN", 2, "1991-11-12", "2023-12-29"],
      ["USD", 2, "1991-11-12", "2023-12-29"],
    ]);
  });

  it("lists the series as the provider names them", async () => {
    const { series } = (await at("2023-12-29T20:00:00Z").json("/api/v1/series")) as {
      series: Record<string, unknown>[];
    };
    expect(series.map(({ id, base, latest }) => [id, base, latest])).toEqual([
      ["banxico.SF43718", "USD", "2023-12-29"],
      ["banxico.SF46410", "EUR", "2023-12-29"],
      ["banxico.SF46406", "JPY", "2023-12-29"],
      ["banxico.SF46407", "GBP", "2023-12-29"],
      ["banxico.SF60632", "CAD", "2023-12-29"],
    ]);
  });
});
