import { currentTick } from "#core/api/ticks.ts";
import { applyPoll } from "#core/ingest/ticks.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { exchangeRateApi } from "#core/providers/exchangerate-api.ts";
import { trackedSeries } from "#core/providers/provider.ts";
import { instantAt } from "#core/rates/ticks.ts";

/** How long the crosses of an intraday provider take, computed as they are read: of the tracked currencies, and of 150. */

const ROUNDS = 20;
const CURRENCIES = 150;

const ID = exchangeRateApi.id;
const catalogue = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: [ID] }).opened;
const nowMs = Date.parse("2026-11-26T18:00:00Z");
const values = Object.fromEntries(exchangeRateApi.series.map(({ id }, index) => [id, (0.5 + index * 1.37).toFixed(4)]));
const tracked = trackedSeries(exchangeRateApi);
const poll = { provider: ID, instant: instantAt(nowMs), everySeconds: 30, nextUpdate: null, tracked, values };
const { state } = applyPoll(undefined, poll, (instant) => instant.slice(0, 10));

/** The best of some rounds, in milliseconds. */
function bestMs(codes: readonly string[]): { pairs: number; ms: number } {
  const pairs = codes.flatMap((base, index) => codes.slice(index + 1).map((quote) => [base, quote] as const));
  const round = () => {
    const startMs = performance.now();
    for (const [base, quote] of pairs) {
      const route = catalogue.route(base, quote, ID);
      if (route === undefined || currentTick(state, route) === undefined) throw new Error(`no ${base}/${quote}`);
    }
    return performance.now() - startMs;
  };
  return { pairs: pairs.length, ms: Math.min(...Array.from({ length: ROUNDS }, round)) };
}

for (const codes of [
  tracked.map((id) => id.split(".")[1] as string),
  exchangeRateApi.series.slice(0, CURRENCIES).map(({ quote }) => quote),
]) {
  const { pairs, ms } = bestMs(codes);
  console.log(`${pairs} crosses of ${codes.length} currencies: ${ms.toFixed(3)} ms`);
}
