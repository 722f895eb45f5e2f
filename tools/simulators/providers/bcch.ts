import { bcch } from "#core/providers/bcch.ts";
import type { Series } from "#core/rates/series.ts";
import { addDays, earlier, type PlainDate } from "#core/time/dates.ts";
import { dateIn, SANTIAGO } from "#core/time/zones.ts";
import type { Edition } from "./edition.ts";
import { json, type Reply, rangeOf, type SimulatedProvider } from "./simulated-provider.ts";
import { lastUfDate } from "./world.ts";

const NAMES: Readonly<Record<string, string>> = {
  USD: "Tipo de cambio nominal (dólar observado $CLP/USD); tipo de cambio; ; precio; diario; ; Banco Central de Chile; ; ",
  CLF: "Unidad de fomento (UF); índice; ; precio; diario; ; Banco Central de Chile; ; ",
};

/** Banco Central de Chile's statistics: user and password in the query, errors with status 200, "NaN" on weekends. */
export function simulatedBcch(credentials: string): SimulatedProvider {
  return {
    provider: bcch,
    decimals: () => 2,
    formatFaults: [],

    moments: ({ base }, { from, to }, nowMs) => {
      if (base !== "CLF") return undefined;
      const last = lastUfDate(dateIn(SANTIAGO, nowMs));
      return daysOf(from, earlier(to, last));
    },

    respond({ path, query }, edition) {
      if (path !== "/SieteRestWS.ashx") return undefined;
      if (`${query.get("user")}:${query.get("pass")}` !== credentials)
        return refusal(-5, "Invalid username or password");
      const series = bcch.series.find(({ providerId }) => providerId === query.get("timeseries"));
      if (series === undefined || query.get("function") !== "GetSeries")
        return refusal(-50, "Invalid series or function");
      const range = rangeOf(query.get("firstdate"), query.get("lastdate"));
      if (range === undefined) return refusal(-1, "Invalid date");
      const dates = edition.moments(range, series);
      const Obs = daysOf(dates[0] ?? "", dates.at(-1) ?? "").map((date) => observation(edition, series, date));
      const Series = { descripEsp: NAMES[series.base], descripIng: "", seriesId: series.providerId, Obs };
      return json(JSON.stringify({ Codigo: 0, Descripcion: "Success", Series, SeriesInfos: [] }, undefined, 2));
    },
  };
}

function observation(edition: Edition, series: Series, date: PlainDate) {
  const hasValue = edition.moments({ from: date, to: date }, series).length > 0;
  const text = hasValue ? edition.cells(date, [series], "padded")[0]?.text : undefined;
  const indexDateString = edition.printed(date, series).split("-").reverse().join("-");
  return { indexDateString, value: text ?? "NaN", statusCode: text === undefined ? "ND" : "OK" };
}

function daysOf(from: PlainDate, to: PlainDate): PlainDate[] {
  const days: PlainDate[] = [];
  for (let date = from; date !== "" && date <= to; date = addDays(date, 1)) days.push(date);
  return days;
}

function refusal(Codigo: number, Descripcion: string): Reply {
  return json(JSON.stringify({ Codigo, Descripcion, Series: { Obs: null }, SeriesInfos: [] }, undefined, 2));
}
