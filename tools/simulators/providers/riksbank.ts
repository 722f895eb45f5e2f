import { riksbank } from "#core/providers/riksbank.ts";
import { json, rangeOf, type SimulatedProvider } from "./simulated-provider.ts";

/** The Riksbank's SWEA: by series, numbers bare without zeros at the end; 204 for days without any. */
export const simulatedRiksbank: SimulatedProvider = {
  provider: riksbank,
  decimals: () => 5,
  formatFaults: ["dead_code"],

  respond({ path }, edition) {
    const [, from, to] = /^\/Observations\/ByGroup\/130\/([\d-]+)\/([\d-]+)$/.exec(path) ?? [];
    const range = rangeOf(from, to);
    if (range === undefined) return undefined;
    const bySeries = new Map<string, string[]>();
    for (const date of edition.moments(range)) {
      for (const { id, text } of edition.cells(date, riksbank.series, "stripped")) {
        const rows = bySeries.get(id) ?? [];
        bySeries.set(id, rows);
        if (text !== undefined) rows.push(`{"seriesId":"${id}","date":"${edition.printed(date)}","value":${text}}`);
      }
    }
    if (bySeries.size === 0) return { status: 204, type: "application/json", body: "" };
    return json(`[${[...bySeries.values()].flat().join(",")}]`);
  },
};
