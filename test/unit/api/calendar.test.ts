import { expect, it } from "vitest";
import { policySchema } from "#core/ops/policy.ts";
import { world } from "./world.ts";

const now = "2010-10-01T20:00:00Z";
const policy = policySchema.parse({ EXTRA_CLOSURES: "banxico:2010-10-08,banxico:2010-10-09" });

it("lists a year's closed weekdays, the one that no rule foresaw among them", async () => {
  const { get, reads } = world({ now, figures: {} });
  const response = await get("/api/v1/calendar/banxico/2010");
  expect(await response.json()).toEqual({
    provider: "banxico",
    year: 2010,
    time_zone: "America/Mexico_City",
    published_at: "12:00",
    dated: "same_day",
    closed: [
      ...["2010-01-01", "2010-02-01", "2010-03-15", "2010-04-01", "2010-04-02"],
      ...["2010-09-16", "2010-09-17", "2010-11-02", "2010-11-15"],
    ],
    is_complete: true,
  });
  expect(response.headers.get("Cache-Control")).toBe("public, max-age=60");
  expect(response.headers.get("Cache-Tag")).toBeNull();
  expect(reads).toEqual([]);
});

it("takes a provider's id in upper case", async () => {
  const { json } = world({ now, figures: {} });
  expect(await json("/api/v1/calendar/BANXICO/2010")).toEqual(await json("/api/v1/calendar/banxico/2010"));
});

it("lists what operators declared, which no answer counts as missed", async () => {
  const declared = world({ now: "2010-10-08T20:00:00Z", figures: { USD: [["2010-10-07", "12.5000"]] }, policy });
  const { closed } = (await declared.json("/api/v1/calendar/banxico/2010")) as { closed: string[] };
  expect(closed).toContain("2010-10-08");
  expect(closed).not.toContain("2010-10-09");
  expect(await declared.json("/api/v1/rates/current")).toMatchObject({
    stale: false,
    age_business_days: 0,
    next_update: "2010-10-11T17:00:00Z",
  });
  // Over the closure nothing can join: the period is complete.
  expect(await declared.json("/api/v1/rates/on/2010-10-07")).toMatchObject({ stale: false, next_update: null });
});

it.each([
  ["/api/v1/calendar/ecb/2023", "provider"],
  ["/api/v1/calendar/banxico/2006", "year"],
  ["/api/v1/calendar/banxico/2101", "year"],
  ["/api/v1/calendar/banxico/20x3", "year"],
  ["/api/v1/calendar/banxico/2023?year=2024", "year"],
])("refuses %s by the name of what is wrong", async (path, parameter) => {
  const response = await world({ now, figures: {} }).get(path);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: "invalid_parameter", errors: [{ parameter }] });
});
