import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { createOrigin } from "./origin.ts";
import { readingOf } from "./store-readings.conformance.ts";

/** APIs of other services, whose days are UTC's. */

test("a range that begins tomorrow is empty until the day ends, and no longer", async () => {
  const origin = await createOrigin({ catalogue: catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: ["ecb"] }) });
  const dates = async () => {
    const response = await origin.get("/frankfurter/v2/rates?base=EUR&quotes=USD&from=2023-12-29");
    return ((await response.json()) as { date: string }[]).map(({ date }) => date);
  };
  origin.clock.ms = Date.parse("2023-12-28T23:59:59Z");
  const reading = { series: "ecb.USD", provider: "ecb", fetched_at: "2023-12-28T15:00:00.000Z" };
  await origin.services.store.commit(readingOf([["2023-12-28", "1.1114"]], reading), origin.clock.ms);
  expect(await dates()).toEqual([]);
  origin.clock.ms = Date.parse("2023-12-29T00:00:00Z");
  expect(await dates()).toEqual(["2023-12-28"]);
});
