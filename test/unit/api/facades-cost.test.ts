import { Hono } from "hono";
import { expect, it } from "vitest";
import { costOf, PERIOD_ROUTES } from "#core/api/cost.ts";
import { canonicalTarget } from "#core/api/target.ts";
import { BANXICO, catalogue } from "../catalogues.ts";
import { world } from "./world.ts";

/** What a request for a facade's route costs, in units, as the hosts count it before anything is read. */
async function costOfTarget(target: string, served = BANXICO): Promise<number> {
  let units = 0;
  const app = new Hono();
  for (const path of PERIOD_ROUTES)
    app.get(path, async (c, next) => {
      units += costOf(path, c, served, "2025-11-25");
      return next();
    });
  await app.request(`https://paridad.example${canonicalTarget(target)}`);
  return units;
}

const V1 = "/frankfurter/v1";
const V2 = "/frankfurter/v2";
const SIE = "/SieAPIRest/service/v1/series";

it.each([
  [`${V1}/latest`, 0],
  [`${V1}/2023-12-29`, 0],
  [`${V1}/currencies`, 0],
  [`${V1}/2023-12-01..2023-12-29`, 0],
  [`${V1}/2023-01-01..2023-12-29?symbols=USD`, 1],
  [`${V1}/1991-01-01..?base=USD&symbols=MXN`, 5],
  [`${V1}/1991-01-01..9999-12-31?base=USD`, 24],
  [`${V1}/1991-01-01..?base=QQQ`, 0],
  [`${V1}/1991-01-01..?amount=0`, 0],
  [`${V1}/1991-02-30..`, 0],
  [`${V1}/2025-01-01..1991-01-01`, 0],
  [`${V2}/rates`, 0],
  [`${V2}/rates?to=1991-01-01&group=month`, 0],
  [`${V2}/rates?from=2025-11-01&quotes=USD`, 0],
  [`${V2}/rates?from=1991-01-01&base=USD`, 29],
  [`${V2}/rates.csv?from=1991-01-01&base=USD&quotes=MXN&group=week`, 5],
  [`${V2}/rate/USD/MXN?from=1991-01-01`, 5],
  [`${V2}/rates?from=1991-01-01&foo=1`, 0],
  [`${SIE}/SF43718`, 0],
  [`${SIE}/SF43718/datos/oportuno`, 0],
  [`${SIE}/SF43718/datos`, 5],
  [`${SIE}/SF43718,SF46410/datos/1900-01-01/9999-12-31`, 9],
  [`${SIE}/SF43718/datos/2023-12-01/2023-12-29`, 0],
  [`${SIE}/SF1/datos`, 0],
  [`${SIE}/SF43718/datos/1991-01-01/x`, 0],
])("%s costs %i", async (target, units) => expect(await costOfTarget(target)).toBe(units));

it.each([
  ["/api/v1/rates/latest?base=EUR", 0],
  ["/api/v1/rates/latest?base=EUR&date=2015-06-01", 1],
  ["/api/v1/rates/latest?base=EUR&provider=ecb&date=2015-06-01", 1],
  ["/api/v1/rates/latest?base=EUR&date=2015-06-01&quotes=USD,JPY", 0],
  ["/api/v1/rates/latest?base=XXX&date=2015-06-01", 0],
  ["/api/v1/rates/latest?base=EUR&date=2015-02-30", 0],
  [`${V1}/2015-06-01`, 1],
  [`${V1}/2015-06-01?symbols=USD,JPY`, 0],
  [`${V2}/rates?date=2015-06-01`, 1],
  ["/api/historical/2015-06-01.json?app_id=x", 1],
  ["/api/latest.json", 0],
])("%s, of all the currencies of the ECB or some, costs %i", async (target, units) =>
  expect(await costOfTarget(target, catalogue(["ecb"]))).toBe(units),
);

it("a table of all providers' currencies costs more than one of some", async () => {
  const table = "/api/v1/rates/latest?base=EUR&date=2015-06-01";
  expect(await costOfTarget(table, catalogue(["ecb", "bdi", "nbp", "parities"]))).toBe(4);
});

it("what lists all currencies over all years costs no more than a client has", async () => {
  expect(await costOfTarget(`${V1}/1999-01-01..`, catalogue(["ecb"]))).toBe(100);
});

it.each([`${V1}/1999-01-01..`, `${V2}/rates?from=1999-01-01`])(
  "%s of more currencies than a response can hold is refused, and costs nothing",
  async (path) => {
    const PROVIDERS = ["bdi"];
    expect(await costOfTarget(path, catalogue(PROVIDERS))).toBe(0);
    const { get, reads } = world({ now: "2025-11-25T20:00:00Z", figures: {}, policy: { PROVIDERS } });
    const response = await get(path);
    expect([response.status, ((await response.json()) as { message: string }).message]).toEqual([
      422,
      expect.stringMatching(/^range too large/),
    ]);
    expect(reads).toEqual([]);
  },
);
