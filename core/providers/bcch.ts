import type { Series } from "../rates/series.ts";
import { WEEKDAYS } from "../time/calendars.ts";
import { SANTIAGO } from "../time/zones.ts";
import { rangeOf, SeriesCollector } from "./collector.ts";
import { fromDayFirst } from "./dates-as-published.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { type Fields, isObject, parseExactJson, textOf } from "./format/json.ts";
import { withoutThousands } from "./format/values.ts";
import type { ParseResult, Provider } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const DEFAULTS = { provider: "bcch", pivot: "CLP", direction: "pivot_quote", since: "1990-01-02" } as const;

const SERIES: readonly Series[] = [
  ...seriesList("USD", DEFAULTS, { providerId: "F073.TCO.PRE.Z.D", note: "Dólar observado" }),
  // Announced on the ninth of a month until the ninth of the next.
  ...seriesList("CLF", DEFAULTS, {
    providerId: "F073.UFF.PRE.Z.D",
    horizonDays: 31,
    note: "Unidad de fomento: a unit of account that follows consumer prices",
  }),
];

/** What a series' description must hold, so that an id given to another one is noticed. */
const DESCRIPTIONS: Readonly<Record<string, RegExp>> = {
  "F073.TCO.PRE.Z.D": /d[oó]lar observado/i,
  "F073.UFF.PRE.Z.D": /unidad de fomento|\bUF\b/i,
};

/** Banco Central de Chile: pesos per US dollar and per unidad de fomento. */
export const bcch: Provider = {
  id: "bcch",
  name: { en: "Central Bank of Chile", es: "Banco Central de Chile" },
  authority: "central_bank",
  country: "CL",
  rateType: "dólar observado",
  attribution: { en: "Banco Central de Chile", es: "Banco Central de Chile" },
  licence: {
    name: "Terms of the statistical database",
    url: "https://si3.bcentral.cl/estadisticas/Principal1/Web_Services/index.htm",
    redistribution: "unverified",
  },
  pivot: "CLP",
  url: "https://si3.bcentral.cl/SieteRestWS",
  // In force from the bank day after the one on which it was traded.
  publication: {
    zone: SANTIAGO,
    calendar: WEEKDAYS,
    at: "18:00",
    graceMinutes: 120,
    dated: "next_business_day",
    toleranceDays: 5,
  },
  horizonDays: 5,
  hasWeekendDates: true,
  firstDate: "1990-01-02",
  budget: { perDay: 100, perFiveMinutes: 10 },
  maxBodyBytes: 8_000_000,
  secret: {
    name: "BCCH_CREDENTIALS",
    isRequired: true,
    /** "user:password": the API takes them in the query only, so URLs of this provider must not be logged. */
    place(secret) {
      const colon = secret.indexOf(":");
      return { query: { user: secret.slice(0, colon), pass: secret.slice(colon + 1) } };
    },
  },
  series: SERIES,

  requests(want, { nowMs }) {
    return want.series.map((series) => {
      const one = { series: [series], span: want.span };
      const { from, to } = rangeOf(bcch, one, nowMs);
      return {
        path: "/SieteRestWS.ashx",
        query: { function: "GetSeries", timeseries: series.providerId, firstdate: from, lastdate: to },
        headers: { Accept: "application/json" },
        encoding: "utf-8",
        want: one,
      };
    });
  },

  parse(response, want, nowMs) {
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const body = parseExactJson(response.body);
    if (body === undefined) return failed({ kind: "transient", reason: "broken JSON" });
    if (!isObject(body)) return invalid("no object");
    if (body.Codigo !== "0") return refusal(body);
    if (!isObject(body.Series)) return invalid("no series");
    const { seriesId, descripEsp, Obs } = body.Series;
    const id = textOf(seriesId) ?? "";
    const collector = new SeriesCollector(bcch, want, nowMs);
    if (!collector.wants(id)) return invalid("another series");
    if (!DESCRIPTIONS[id]?.test(textOf(descripEsp) ?? "")) collector.refuse(id, "another description");
    for (const row of Array.isArray(Obs) ? Obs : []) {
      if (!isObject(row)) return invalid("an observation that is no object");
      const text = row.statusCode === "ND" ? "ND" : textOf(row.value);
      collector.add(id, fromDayFirst(textOf(row.indexDateString), "-"), text && withoutThousands(text));
    }
    return collector.finish("asked", { isList: false });
  },
};

/** Errors come with status 200 and a code other than 0; what is known of them stands in words. */
function refusal({ Descripcion }: Fields): ParseResult {
  const words = (textOf(Descripcion) ?? "").toLowerCase();
  if (/user|usuario|pass|clave|credential|credencial/.test(words)) {
    return failed({ kind: "unauthorized", reason: "credentials not accepted" });
  }
  return failed({ kind: "bad_request", reason: words.slice(0, 100) });
}
