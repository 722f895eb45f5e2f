import { bdi } from "#core/providers/bdi.ts";
import { ecb } from "#core/providers/ecb.ts";
import { decimalsPerEuro } from "./ecb.ts";
import { SHORT_HISTORY_DAYS, type SimulatedProvider } from "./simulated-provider.ts";

const ECB_CODES = new Set(ecb.series.map(({ quote }) => quote));
const FOOTER = `

# DISCLAIMER
# The exchange rates posted on the foreign exchange rates portal are not provided in real time and there is a lag between the time they are recorded and the time they are published on the portal.
# Except for the cases provided for by law, the exchange rates are only indicative.
`;
/** Some currencies stand in a row for each country. */
const COUNTRIES: Readonly<Record<string, readonly string[]>> = {
  XCD: ["ANTIGUA AND BARBUDA", "DOMINICA", "GRENADA"],
  XOF: ["BENIN", "BURKINA FASO", "COTE D IVOIRE", "SENEGAL"],
  XAF: ["CAMEROON", "CHAD", "GABON"],
  AFN: ["AFGHANISTAN (Islamic State of)"],
};
const names = new Intl.DisplayNames("en", { type: "currency" });

/** Banca d'Italia's table of one day. Without one there is only the heading and the disclaimer. */
export const simulatedBdi: SimulatedProvider = {
  provider: bdi,
  decimals: ({ quote }, value) => (ECB_CODES.has(quote) ? decimalsPerEuro(quote) : value >= 1_000 ? 2 : 4),
  historyDays: SHORT_HISTORY_DAYS,
  formatFaults: ["dead_code"],

  respond({ path, query }, edition) {
    if (path !== "/dailyRates") return undefined;
    const date = query.get("referenceDate") ?? "";
    const rows: string[] = [];
    for (const published of edition.moments({ from: date, to: date })) {
      edition.cells(published, bdi.series, "padded").forEach(({ id, text = "N.A." }, index) => {
        for (const country of COUNTRIES[id] ?? [`COUNTRY OF ${id}`])
          rows.push(
            `${country},${names.of(id)?.replaceAll(",", "")},${id},${String(index + 1).padStart(3, "0")},${text},Foreign currency amount for 1 Euro.,${edition.printed(published)}\n`,
          );
      });
    }
    const header = "Country,Currency,ISO Code,UIC Code,Rate,Rate convention,Reference date (CET)\n";
    return { type: "text/csv;charset=UTF-8", body: header + rows.join("") + FOOTER };
  },
};
