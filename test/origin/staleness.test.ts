import { expect, test } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { bcch } from "#core/providers/bcch.ts";
import type { Provider } from "#core/providers/provider.ts";
import { stalenessOf } from "../../origin/alerts/points.ts";
import { SqliteStore } from "../../origin/store/sqlite.ts";
import { readingOf } from "./store-readings.conformance.ts";

/** What alerts on a stale feed go by. */

async function world() {
  const store = new SqliteStore(":memory:");
  await store.migrate();
  let readings = 0;
  const read = (at: string, rest: Parameters<typeof readingOf>[1], ...values: [string, string][]) =>
    store.commit(readingOf(values, { batch_id: `${++readings}`, fetched_at: at, ...rest }), Date.parse(at));
  const missed = async (provider: Provider, at: string) =>
    (await store.transaction("test", (session) => stalenessOf(session, provider, Date.parse(at))))?.value;
  return { read, missed };
}

test("a series that is announced a month ahead hides no missed publication of the others", async () => {
  const { read, missed } = await world();
  const at = "2026-03-10T23:00:00Z";
  await read(
    at,
    { provider: "bcch", series: "bcch.CLF", year: 2026 },
    ["2026-04-08", "39800.11"],
    ["2026-04-09", "39801.5"],
  );
  expect(await missed(bcch, at)).toBeUndefined();
  await read(at, { provider: "bcch", series: "bcch.USD", year: 2026 }, ["2026-03-11", "950.43"]);
  expect(await missed(bcch, at)).toBe("0");
  expect(Number(await missed(bcch, "2026-03-24T12:00:00Z"))).toBeGreaterThan(5);
});

test("a value that was taken back is missing", async () => {
  const { read, missed } = await world();
  const values: [string, string][] = [
    ["2023-12-27", "17.05"],
    ["2023-12-28", "17.10"],
    ["2023-12-29", "17.20"],
  ];
  await read("2023-12-29T18:05:00Z", {}, ...values);
  expect(await missed(banxico, "2023-12-30T18:00:00Z")).toBe("0");
  const complete = { from: "2023-12-20", to: "2023-12-29" };
  for (const at of ["2023-12-29T18:20:00Z", "2023-12-29T18:40:00Z"])
    await read(at, { complete }, ...values.slice(0, 2));
  expect(await missed(banxico, "2023-12-30T18:00:00Z")).toBe("1");
});
