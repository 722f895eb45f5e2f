import { beforeEach, describe, expect, test } from "vitest";
import type { Poll } from "#core/ingest/ticks.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { exchangeRateApi } from "#core/providers/exchangerate-api.ts";
import { trackedSeries } from "#core/providers/provider.ts";
import { instantAt } from "#core/rates/ticks.ts";
import { faultsOf } from "../unit/api/schema.ts";
import { createPrivateOrigin } from "./private.ts";

const ID = "exchangerate-api";
const EUR = `${ID}.EUR`;
const JPY = `${ID}.JPY`;
const DAY_MS = 86_400_000;

/** What is looked at in a response. */
interface Content {
  count: number;
  currencies: string[];
  rates: { base: string; quote: string; rate: string }[];
  ticks: { at: string; rate: string }[];
  observations: object[];
  events: object[];
}

/** Polls that reach the origin, and what readers get of them. */
describe("an intraday provider", () => {
  let origin: Awaited<ReturnType<typeof createPrivateOrigin>>;
  let token: string;
  beforeEach(async () => {
    const catalogue = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: ["banxico", ID] });
    origin = await createPrivateOrigin({ catalogue });
    origin.clock.ms = Date.parse("2026-11-26T18:00:00Z");
    token = await origin.tokenOf(await origin.account(), "rates:private");
  });

  const send = async (values: Record<string, string>, more: Partial<Poll> = {}) => {
    const poll: Poll = {
      provider: ID,
      instant: instantAt(origin.clock.ms),
      everySeconds: 30,
      nextUpdate: instantAt(origin.clock.ms + 30_000),
      tracked: trackedSeries(exchangeRateApi),
      values,
      ...more,
    };
    return await origin.internal("ticks", { poll });
  };
  const read = async (path: string) => {
    const response = await origin.get(`/api/v1/${path}`, { Authorization: `Bearer ${token}` });
    const content = (await response.clone().json()) as Content;
    const named = `/api/v1/${path.split("?", 1)[0]}`;
    expect(faultsOf(named, response.status, response.headers.get("Content-Type") ?? "", content)).toEqual([]);
    return content;
  };
  const pair = (base: string, quote: string) => `provider=${ID}&base=${base}&quote=${quote}`;

  test("has a current rate with its instant, published or a cross, stale once polls stay away", async () => {
    await send({ [EUR]: "0.8600", [JPY]: "155" });
    origin.clock.ms += 30_000;
    await send({ [EUR]: "0.86", [JPY]: "155.1" });
    expect(await read(`rates/current?${pair("USD", "EUR")}`)).toMatchObject({
      rate: "0.8600",
      date: "2026-11-26",
      derived: false,
      stale: false,
      age_business_days: 0,
      at: "2026-11-26T18:00:00Z",
      checked_at: "2026-11-26T18:00:30Z",
      next_update: "2026-11-26T18:01:00Z",
    });
    const cross = { rate: "180.34883721", at: "2026-11-26T18:00:30Z", derived: true, stale: false };
    expect(await read(`rates/current?${pair("EUR", "JPY")}`)).toMatchObject(cross);
    origin.clock.ms += 120_000;
    expect(await read(`rates/current?${pair("EUR", "JPY")}`)).toMatchObject({ ...cross, stale: false });
    origin.clock.ms += 1_000;
    expect(await read(`rates/current?${pair("EUR", "JPY")}`)).toMatchObject({ ...cross, stale: true });
  });

  test("is not stale before the update that it announces", async () => {
    await send({ [EUR]: "0.86" }, { nextUpdate: instantAt(origin.clock.ms + 3_600_000) });
    origin.clock.ms += 3_600_000;
    token = await origin.tokenOf(await origin.account(), "rates:private");
    expect(await read(`rates/current?${pair("USD", "EUR")}`)).toMatchObject({ stale: false });
  });

  test("has the ticks of some hours, begun by the rate in force, as a list in any form", async () => {
    for (const [eur, jpy] of [
      ["0.860", "155"],
      ["0.860", "156"],
      ["0.861", "156"],
      ["0.861", "156"],
    ] as const) {
      await send({ [EUR]: eur, [JPY]: jpy });
      origin.clock.ms += 30_000;
    }
    const path = `rates/intraday?${pair("USD", "JPY")}`;
    expect(await read(path)).toMatchObject({
      count: 2,
      every_seconds: 30,
      ticks: [
        { at: "2026-11-26T18:00:00Z", rate: "155" },
        { at: "2026-11-26T18:00:30Z", rate: "156" },
      ],
      checked_at: "2026-11-26T18:01:30Z",
    });
    const later = await read(`rates/intraday?${pair("EUR", "JPY")}&from=2026-11-26T18:00:45Z`);
    expect(later.ticks.map(({ at }) => at)).toEqual(["2026-11-26T18:00:30Z", "2026-11-26T18:01:00Z"]);
    const csv = await origin.get(`/api/v1/${path}&format=csv`, { Authorization: `Bearer ${token}` });
    expect(await csv.text()).toBe("at,rate\r\n2026-11-26T18:00:00Z,155\r\n2026-11-26T18:00:30Z,156\r\n");
  });

  test.each([
    ["rates/intraday", 404],
    [`rates/intraday?${pair("USD", "BRL")}`, 404],
    [`rates/intraday?${pair("USD", "EUR")}&from=2026-11-25T00:00:00Z`, 400],
    [`rates/intraday?${pair("USD", "EUR")}&from=2026-11-27T00:00:00Z`, 400],
    [`rates/intraday?${pair("USD", "EUR")}&from=yesterday`, 400],
    [`rates/intraday?${pair("USD", "EUR")}&known_at=2026-11-26T17:00:00Z`, 404],
    ["rates/crosses", 404],
    ["rates/crosses?provider=nobody", 400],
  ])("refuses %s with %i", async (path, status) => {
    await send({ [EUR]: "0.86" });
    expect(await read(path)).toMatchObject({ status });
  });

  test("has every pair of the tracked currencies once", async () => {
    const series = trackedSeries(exchangeRateApi);
    await send(Object.fromEntries(series.map((id, index) => [id, String(index + 1)])));
    const { count, rates, currencies } = await read(`rates/crosses?provider=${ID}`);
    expect([count, currencies.length]).toEqual([28, 8]);
    const names = rates.map(({ base, quote }) => [base, quote].sort().join());
    expect(new Set(names).size).toBe(28);
    for (const { base, quote, rate } of rates.slice(0, 5))
      expect(await read(`rates/current?${pair(base, quote)}`)).toMatchObject({ rate });
  });

  test("has the last value of a day as that day's, also if the day's last poll comes late, and whole if cut short", async () => {
    origin.clock.ms = Date.parse("2026-11-26T23:59:00Z");
    await send({ [EUR]: "0.860", [JPY]: "155" });
    origin.clock.ms += 60_000;
    expect(await (await send({ [EUR]: "0.865", [JPY]: "157" })).json()).toMatchObject({ closed: ["2026-11-26"] });
    const historical = async (code: string) => {
      // A token lives for minutes, and the clock goes on for days.
      token = await origin.tokenOf(await origin.account(), "rates:private");
      const { observations } = await read(`rates/historical?${pair("USD", code)}&from=2026-11-26&to=2026-11-26`);
      return observations;
    };
    expect(await historical("JPY")).toEqual([{ date: "2026-11-26", rate: "155" }]);
    await send({ [EUR]: "0.860", [JPY]: "156" }, { instant: "2026-11-26T23:59:30Z" });
    expect(await historical("JPY")).toEqual([{ date: "2026-11-26", rate: "156" }]);
    expect(await historical("EUR")).toEqual([{ date: "2026-11-26", rate: "0.860" }]);

    origin.clock.ms += DAY_MS;
    origin.mood.now = "fails";
    expect((await send({ [EUR]: "0.870" })).status).toBe(503);
    origin.mood.now = "well";
    expect(await (await send({ [EUR]: "0.870" })).json()).toMatchObject({ closed: ["2026-11-27"] });
  });

  test("tells operators once, and metrics as long as it lasts, that a value is held back", async () => {
    const held = () => origin.lines.filter(({ event }) => event === "quarantine");
    await send({ [EUR]: "0.86", [JPY]: "155" });
    for (let minute = 1; minute <= 20; minute++) {
      origin.clock.ms += 60_000;
      await send({ [EUR]: "8.6", [JPY]: "155" }, { everySeconds: 60 });
      expect(held()).toHaveLength(minute <= 11 ? 0 : 1);
    }
    expect(held()[0]).toMatchObject({ provider: ID, count: 1 });
    expect(await (await origin.get("/metrics")).text()).toContain(`paridad_origin_ticks_stalled{provider="${ID}"} 1`);
  });

  test("tells operators that a day's last value was not believed", async () => {
    const lines = () => origin.lines.filter(({ event }) => event === "quarantine");
    await send({ [EUR]: "0.86", [JPY]: "155" });
    origin.clock.ms += DAY_MS;
    for (const eur of ["0.86", "1.30", "1.31"]) {
      await send({ [EUR]: eur, [JPY]: "155" });
      origin.clock.ms += 30_000;
    }
    expect(lines()).toEqual([]);
    origin.clock.ms += DAY_MS;
    expect(await (await send({ [EUR]: "1.31", [JPY]: "155" })).json()).toMatchObject({ closed: ["2026-11-27"] });
    expect(lines()).toMatchObject([{ provider: ID, date: "2026-11-27", count: 1 }]);
  });

  test.each<[string, Partial<Poll>]>([
    ["of the future", { instant: "2026-11-26T18:10:01Z" }],
    ["of another provider's series", { values: { "ecb.USD": "1.1" } }],
    ["of no provider", { provider: "nobody" }],
    ["without a rate", { values: { [EUR]: "0" } }],
    ["too often", { everySeconds: 29 }],
  ])("is refused a poll %s", async (_, more) => {
    expect((await send({ [EUR]: "0.86" }, more)).status).toBe(400);
    expect(
      (await origin.get(`/api/v1/rates/current?${pair("USD", "EUR")}`, { Authorization: `Bearer ${token}` })).status,
    ).toBe(503);
  });

  test("is for readers with the scope alone, and no part of the log of events", async () => {
    await send({ [EUR]: "0.86" });
    for (const path of [`rates/crosses?provider=${ID}`, `rates/intraday?${pair("USD", "EUR")}`])
      expect((await origin.get(`/api/v1/${path}`)).status).toBe(401);
    expect((await read("events")).events).toEqual([]);
  });
});
