import { bcra } from "#core/providers/bcra.ts";
import { json, SHORT_HISTORY_DAYS, type SimulatedProvider } from "./simulated-provider.ts";

const names = new Intl.DisplayNames("es", { type: "currency" });

/** BCRA's quotations of one day: numbers bare with eight decimals, zero for what is not quoted. */
export const simulatedBcra: SimulatedProvider = {
  provider: bcra,
  decimals: () => 8,
  historyDays: SHORT_HISTORY_DAYS,
  formatFaults: ["unit", "dead_code"],

  respond({ path, query }, edition) {
    if (path !== "/Cotizaciones") return undefined;
    const date = query.get("fecha") ?? "";
    const [published] = edition.moments({ from: date, to: date });
    if (published === undefined) return json(`{"status":200,"results":{"fecha":null,"detalle":[]}}`);
    const rows = edition.cells(published, bcra.series, "padded").map(({ id, series, text = "0.00000000", unit }) => {
      const name = names.of(series?.base ?? id)?.toUpperCase();
      return row(id, unit === 1 ? `${name}` : `${name} (C/${unit.toLocaleString("de-DE")} UNIDADES)`, text);
    });
    const unquoted = [row("ARS", "PESO", "0.00000000"), row("XAG", "PLATA - ONZA TROY", "0.00000000")];
    const detail = [...unquoted, ...rows].join(",");
    return json(`{"status":200,"results":{"fecha":"${edition.printed(published)}","detalle":[${detail}]}}`);
  },
};

function row(code: string, name: string, text: string): string {
  return `{"codigoMoneda":"${code}","descripcion":${JSON.stringify(name)},"tipoPase":1.00000000,"tipoCotizacion":${text}}`;
}
