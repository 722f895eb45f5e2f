import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation } from "#core/rates/page.ts";
import { archiveOf, type Stored } from "../archive.ts";
import { madeUpFigures, world } from "./world.ts";

const [USD, EUR] = ["banxico.SF43718", "banxico.SF46410"];
const NOW = "2024-01-05T20:00:00Z";
const FIGURES = madeUpFigures("2023-12-28", "2022-11-01");
const FIRST_LOAD = "2023-12-28T18:20:00.500Z";
const REVISED = "2023-12-27";

/** What came after the first load. */
const LATER: Stored[] = [
  { series: USD, date: "2023-12-29", value: "16.9190", at: "2023-12-29T18:01:00.250Z" },
  { series: USD, date: REVISED, value: "16.9001", at: "2023-12-29T19:00:00Z" },
  { series: EUR, date: "2023-12-29", value: "18.7000", at: "2023-12-29T22:30:00Z" },
  { series: USD, date: REVISED, value: "16.9001", at: "2024-01-02T10:00:00Z", withdrawn: true },
  { series: USD, date: "2024-01-02", value: "17.0500", at: "2024-01-02T18:02:00Z" },
  { series: USD, date: REVISED, value: "16.9300", at: "2024-01-03T01:00:00.001Z" },
];
const LOG: Stored[] = [
  ...Object.entries({ [USD]: FIGURES.USD, [EUR]: FIGURES.EUR }).flatMap(([series, list = []]) =>
    list.map(([date, value]) => ({ series, date, value, at: FIRST_LOAD })),
  ),
  ...LATER,
];
const archived = world({ now: NOW, figures: {}, archive: archiveOf(LOG) });

/** The figures of a series as they stood at an instant. */
function figuresAt(series: string, ms: number): Observation[] {
  const values = new Map<string, string>();
  for (const one of LOG) {
    if (one.series !== series || Date.parse(one.at) > ms) continue;
    if (one.withdrawn) values.delete(one.date);
    else values.set(one.date, one.value);
  }
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1));
}

const PATHS = [
  "rates/current",
  "rates/current?base=EUR&quote=USD",
  "rates/current?bases=USD,EUR&quotes=MXN&format=csv",
  "rates/current?view=dof",
  "rates/historical?days=8",
  "rates/historical?from=2023-12-20&fill=previous&view=settlement",
  "rates/historical?limit=300&base=MXN&quote=USD",
  "rates/average/10d?basis=calendar",
  "rates/average/2023-12?view=dof",
  `rates/on/${REVISED}`,
  "rates/on/2023-12-31?view=settlement",
  "rates/on?dates=2023-12-27,2023-12-25,2024-01-02&bases=USD,EUR",
  "convert?from=USD&to=MXN&amount=100",
  `convert?from=EUR&to=USD&amount=100&date=${REVISED}`,
  "rates/volatility?rolling=true&window=5&from=2023-11-01",
  "rates/bars?interval=week&from=2023-11-01",
  "rates/change?from=2023-11-01",
  "rates/statistics?from=2023-11-01",
  "rates/latest?quotes=MXN,EUR",
  `rates/latest?quotes=MXN,EUR&date=${REVISED}`,
  "rates/compare?base=USD&quote=MXN",
];

const instants = fc.oneof(
  fc.constantFrom(...LATER.flatMap(({ at }) => [Date.parse(at) - 1, Date.parse(at), Date.parse(at) + 1])),
  fc.integer({ min: Date.parse(FIRST_LOAD), max: Date.parse(NOW) }),
);

describe("known_at", () => {
  it.each(PATHS)("%s is what was served at that instant", async (path) => {
    await fc.assert(
      fc.asyncProperty(instants, async (ms) => {
        const at = new Date(ms).toISOString();
        const then = world({ now: at, figures: { USD: figuresAt(USD, ms), EUR: figuresAt(EUR, ms) } });
        const known = await archived.get(`/api/v1/${path}${path.includes("?") ? "&" : "?"}known_at=${at}`);
        const served = await then.get(`/api/v1/${path}`);
        expect(known.status).toBe(served.status);
        expect(await known.text()).toBe(await served.text());
      }),
      { numRuns: 12 },
    );
  });

  it("between any two revisions is the value of that moment, which the list of revisions says too", async () => {
    const { revisions } = (await archived.json(`/api/v1/rates/${REVISED}/revisions`)) as unknown as {
      revisions: { rate: string | null; withdrawn: boolean; known_from: string; known_until: string | null }[];
    };
    const loaded = FIGURES.USD?.find(([date]) => date === REVISED)?.[1];
    expect(revisions.map(({ rate, withdrawn }) => [rate, withdrawn])).toEqual([
      [loaded, false],
      ["16.9001", false],
      [null, true],
      ["16.9300", false],
    ]);
    for (const { rate, known_from, known_until } of revisions) {
      const [from, until] = [Date.parse(known_from), Date.parse(known_until ?? NOW)];
      for (const ms of [from, from + 1, Math.floor((from + until) / 2), until - 1]) {
        const known = `known_at=${new Date(ms).toISOString()}`;
        const { observations } = (await archived.json(
          `/api/v1/rates/historical?from=${REVISED}&to=${REVISED}&${known}`,
        )) as unknown as { observations: { rate: string }[] };
        expect(observations.map((one) => one.rate)).toEqual(rate === null ? [] : [rate]);
        const listed = (await archived.json(`/api/v1/rates/${REVISED}/revisions?${known}`)) as { count: number };
        expect(listed.count).toBe(revisions.filter((one) => Date.parse(one.known_from) <= ms).length);
      }
    }
  });

  it("may name an instant with any offset, and with a plus sign as it is", async () => {
    const utc = await archived.json(`/api/v1/rates/on/${REVISED}?known_at=2023-12-29T19:00:00Z`);
    expect(utc).toMatchObject({ rate: "16.9001" });
    for (const same of ["2023-12-29T13:00:00-06:00", "2023-12-29T20:00+01:00", "2023-12-29T19:00:00.000000Z"])
      expect(await archived.json(`/api/v1/rates/on/${REVISED}?known_at=${same}`)).toEqual(utc);
  });

  it.each(["2023-12-29", "yesterday", "2023-02-30T10:00:00Z", "2023-12-29T24:00:00Z", "2024-01-05T20:00:00.001Z", ""])(
    "%s is refused by name",
    async (text) => {
      const problem = await archived.json(`/api/v1/rates/current?known_at=${text}`);
      expect(problem).toMatchObject({ status: 400, errors: [{ parameter: "known_at" }] });
    },
  );

  it.each(["2023-12-29T19:00:00Z", "1969-12-31T23:59:59Z"])("as at %s what is wrong is refused first", async (at) => {
    const problem = await archived.json(`/api/v1/rates/change?base=MXN&quote=MXN&provider=ref&known_at=${at}`);
    expect(problem).toMatchObject({ status: 400, errors: [{ parameter: "provider" }] });
  });

  it.each([...PATHS, "rates/2023-12-27/revisions"])("%s has no data before anything was stored", async (path) => {
    for (const at of ["2023-12-28T18:20:00.499Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]) {
      const response = await archived.get(`/api/v1/${path}${path.includes("?") ? "&" : "?"}known_at=${at}`);
      expect([response.status, await response.json()]).toMatchObject([404, { code: "no_data" }]);
    }
  });

  it("can be kept for a day once nothing can join any more, and not before", async () => {
    const lifetime = async (at: string) =>
      (await archived.get(`/api/v1/rates/current?known_at=${at}`)).headers.get("Cache-Control");
    expect(await lifetime("2024-01-05T19:58:00Z")).toBe("public, max-age=86400");
    expect(await lifetime("2024-01-05T19:58:00.001Z")).toBe("public, max-age=5");
  });

  it("is a parameter of rates only", async () =>
    expect(await archived.json("/api/v1/currencies?known_at=2024-01-01T00:00:00Z")).toMatchObject({ status: 400 }));

  it("is unavailable where the record can't be read, though pages can", async () => {
    const { get } = world({ now: NOW, figures: FIGURES });
    for (const path of ["rates/current?known_at=2024-01-01T00:00:00Z", `rates/${REVISED}/revisions`]) {
      const response = await get(`/api/v1/${path}`);
      expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "5"]);
    }
  });
});

describe("/rates/{date}/revisions", () => {
  const list = async (query: string) =>
    ((await archived.json(`/api/v1/rates/${REVISED}/revisions?${query}`)) as unknown as { revisions: object[] })
      .revisions;

  it("of an inverse and of a cross follows each value behind it", async () => {
    const inverse = await list("base=MXN&quote=USD");
    expect(inverse.slice(1)).toMatchObject([
      { rate: "0.05917125" },
      { rate: null, withdrawn: true },
      { rate: "0.05906675", known_from: "2024-01-03T01:00:00.001Z", known_until: null },
    ]);
    expect(await list("base=EUR&quote=USD")).toHaveLength(4);
  });

  it("is a table", async () => {
    const csv = await (await archived.get(`/api/v1/rates/${REVISED}/revisions?format=csv`)).text();
    expect(csv.split("\r\n").slice(2, 4)).toEqual([
      "2023-12-27,16.9001,false,2023-12-29T19:00:00Z,2024-01-02T10:00:00Z",
      "2023-12-27,,true,2024-01-02T10:00:00Z,2024-01-03T01:00:00.001Z",
    ]);
  });

  it.each(["2023-12-25", "1990-01-01", "2030-01-01"])(
    "of %s, which has no value of its own, there are none",
    async (date) =>
      expect(await archived.json(`/api/v1/rates/${date}/revisions`)).toMatchObject({ status: 404, code: "no_data" }),
  );
});
