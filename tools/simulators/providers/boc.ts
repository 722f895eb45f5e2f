import { boc } from "#core/providers/boc.ts";
import { json, rangeOf, type SimulatedProvider } from "./simulated-provider.ts";

const TERMS = { url: "https://www.bankofcanada.ca/terms/" };
const GROUP = {
  label: "Daily exchange rates",
  description:
    "Daily average exchange rates - published once each business day by 16:30 ET. All Bank of Canada exchange rates are indicative rates only.",
  link: null,
};
const names = new Intl.DisplayNames("en", { type: "currency" });

/** The Bank of Canada's Valet: values are texts. */
export const simulatedBoc: SimulatedProvider = {
  provider: boc,
  decimals: (_, value) => (value >= 0.1 ? 4 : value >= 0.01 ? 5 : 6),
  formatFaults: ["dead_code"],

  respond({ path, query }, edition) {
    const range = rangeOf(query.get("start_date"), query.get("end_date"));
    if (path !== "/observations/group/FX_RATES_DAILY/json" || range === undefined) return undefined;
    const seriesDetail: Record<string, unknown> = {};
    const observations = edition.moments(range).map((date) => {
      const row: Record<string, unknown> = { d: edition.printed(date) };
      for (const { id, text } of edition.cells(date, boc.series, "padded")) {
        seriesDetail[`FX${id}CAD`] = {
          label: `${id}/CAD`,
          description: `${names.of(id)} to Canadian dollar daily exchange rate`,
          dimension: { key: "d", name: "Date" },
        };
        if (text !== undefined) row[`FX${id}CAD`] = { v: text };
      }
      return row;
    });
    return json(JSON.stringify({ terms: TERMS, groupDetail: GROUP, seriesDetail, observations }, undefined, 4));
  },
};
