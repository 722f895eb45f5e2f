import { expect, test } from "vitest";
import { NOW_MS, USD } from "./data.ts";
import { createOrigin } from "./origin.ts";
import { readingOf } from "./store-readings.conformance.ts";

const ON = "/api/v1/rates/on/2023-12-28";
const HOUR_MS = 3_600_000;

/** An origin that stored a value, and an hour later another one in its place. */
async function revisedOrigin() {
  const origin = await createOrigin();
  const { internal, clock } = origin;
  for (const [hour, value] of ["16.8935", "16.8936"].entries()) {
    clock.ms = NOW_MS + hour * HOUR_MS;
    const reading = readingOf([["2023-12-28", value]], { fetched_at: new Date(clock.ms).toISOString() });
    expect((await internal("readings", reading)).status).toBe(200);
  }
  clock.ms += HOUR_MS;
  const json = async (path: string) => (await origin.get(path)).json();
  return { ...origin, json, atHour: (hours: number) => new Date(NOW_MS + hours * HOUR_MS).toISOString() };
}

test("the public API says what was known, and the list of revisions when", async () => {
  const { json, get, atHour } = await revisedOrigin();
  for (const [hours, rate] of [
    [0, "16.8935"],
    [0.9999, "16.8935"],
    [1, "16.8936"],
    [2, "16.8936"],
  ] as const)
    expect(await json(`${ON}?known_at=${atHour(hours)}`)).toMatchObject({ rate });
  expect(await json("/api/v1/rates/2023-12-28/revisions")).toMatchObject({
    revisions: [
      { rate: "16.8935", withdrawn: false, known_from: atHour(0), known_until: atHour(1) },
      { rate: "16.8936", withdrawn: false, known_from: atHour(1), known_until: null },
    ],
  });
  expect((await get(`${ON}?known_at=${atHour(-0.001)}`)).status).toBe(404);
  expect((await get(`${ON}?known_at=${atHour(3)}`)).status).toBe(400);
});

test("a table of rates on a date is what was known of it", async () => {
  const { json, get, atHour } = await revisedOrigin();
  const table = (hours: number) => `/api/v1/rates/latest?quotes=MXN&date=2023-12-29&known_at=${atHour(hours)}`;
  for (const [hours, rate] of [
    [0.9999, "16.8935"],
    [1, "16.8936"],
  ] as const)
    expect(await json(table(hours))).toMatchObject({ rates: { MXN: { rate, date: "2023-12-28" } } });
  expect((await get(table(-0.001))).status).toBe(404);
});

test("a commit is in the list of revisions at once", async () => {
  const { json, internal, clock } = await revisedOrigin();
  const count = async () => ((await json("/api/v1/rates/2023-12-28/revisions")) as { count: number }).count;
  expect(await count()).toBe(2);
  clock.ms += 1;
  await internal("readings", readingOf([["2023-12-28", "16.8937"]], { fetched_at: new Date(clock.ms).toISOString() }));
  expect(await count()).toBe(3);
});

test("the edge reads pages, boards and revisions of an instant", async () => {
  const { internal, pages } = await revisedOrigin();
  const at = NOW_MS + HOUR_MS - 1;
  expect(await pages(internal(`as-of/${at}/pages/${USD}/2022-2023`))).toMatchObject([
    { year: 2022, version: 0 },
    { year: 2023, observations: [["2023-12-28", "16.8935"]] },
  ]);
  expect(await (await internal(`as-of/${at}/boards/banxico`)).json()).toMatchObject({
    values: { [USD]: ["2023-12-28", "16.8935"] },
  });
  expect(await (await internal(`as-of/${at}/windows/banxico/2023-12-29`)).json()).toEqual({
    values: { [USD]: [["2023-12-28", "16.8935"]] },
  });
  expect(await (await internal(`revisions/${USD}/2023-12-28`)).json()).toMatchObject({ revisions: [{}, {}] });
});

test.each([
  [`as-of/1/pages/${USD}/12`, 400],
  [`as-of/1/pages/banxico.NONE/2023-2023`, 404],
  [`as-of/now/pages/${USD}/2023-2023`, 404],
  ["as-of/1/boards/nobody", 404],
  ["as-of/1/windows/nobody/2023-12-29", 404],
  ["as-of/1/windows/banxico/2023-12-32", 400],
  [`revisions/${USD}/2023-02-30`, 400],
  ["revisions/banxico.NONE/2023-02-20", 404],
])("%s: %i", async (path, status) => expect((await (await createOrigin()).internal(path)).status).toBe(status));

test("while the store fails what was known is unavailable, though pages are held", async () => {
  const { get, mood, atHour, clock } = await revisedOrigin();
  expect((await get(ON)).status).toBe(200);
  mood.now = "fails";
  clock.ms += 1;
  for (const path of [`${ON}?known_at=${atHour(1.5)}`, "/api/v1/rates/2023-12-28/revisions"])
    expect((await get(path)).status).toBe(503);
  expect((await get(ON)).status).toBe(200);
});
