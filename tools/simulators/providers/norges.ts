import { norges } from "#core/providers/norges.ts";
import { rangeOf, type SimulatedProvider } from "./simulated-provider.ts";

const HEADER = "FREQ,BASE_CUR,QUOTE_CUR,TENOR,DECIMALS,CALCULATED,UNIT_MULT,COLLECTION,TIME_PERIOD,OBS_VALUE\n";
const DECIMALS: Readonly<Record<string, number>> = {
  ...{ BDT: 2, CHF: 2, CNY: 2, DKK: 2, ISK: 2, MXN: 2, RON: 2, SEK: 2, TRY: 2 },
  ...{ CZK: 3, INR: 3, PHP: 3, PKR: 3, THB: 3, TWD: 3, XDR: 5, IDR: 6 },
};

/** As the service says it, also for a key that matches nothing. */
const NO_DATA =
  '{"errors":[{"code":404,"message":"No data for data query against the dataflow: urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=NB:EXR(1.0)"}]}';

/** Norges Bank's CSV: by currency, many per 100, zeros stripped although the decimals are declared. */
export const simulatedNorges: SimulatedProvider = {
  provider: norges,
  decimals: ({ base }) => DECIMALS[base] ?? 4,
  formatFaults: ["unit", "dead_code"],

  respond({ path, query }, edition) {
    const range = rangeOf(query.get("startPeriod"), query.get("endPeriod"));
    if (path !== "/EXR/B..NOK.SP" || query.get("format") !== "csvdata" || range === undefined) return undefined;
    const byCode = new Map<string, { text: string; unit: number; date: string }[]>();
    for (const date of edition.moments(range)) {
      for (const { id, text, unit } of edition.cells(date, norges.series, "stripped")) {
        const rows = byCode.get(id) ?? [];
        byCode.set(id, rows);
        if (text !== undefined) rows.push({ text, unit, date: edition.printed(date) });
      }
    }
    if (byCode.size === 0) return { status: 404, type: "application/json", body: NO_DATA };
    const lines = [...byCode].flatMap(([id, rows]) => {
      const decimals = Math.max(DECIMALS[id] ?? 4, ...rows.map(({ text }) => text.split(".")[1]?.length ?? 0));
      return rows.map(
        ({ text, unit, date }) => `B,${id},NOK,SP,${decimals},false,${Math.log10(unit)},C,${date},${text}\n`,
      );
    });
    return { type: "text/csv", body: HEADER + lines.join("") };
  },
};
