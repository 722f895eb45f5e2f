import { nbp } from "#core/providers/nbp.ts";
import { businessDaysIn, WEEKDAYS } from "#core/time/calendars.ts";
import { daysBetween, type PlainDate } from "#core/time/dates.ts";
import type { Edition } from "./edition.ts";
import { json, type Reply, rangeOf, type SimulatedProvider } from "./simulated-provider.ts";

const MAX_DAYS = 93;
const names = new Intl.DisplayNames("pl", { type: "currency" });
const TABLES = {
  A: nbp.series.filter(({ publication }) => publication === undefined),
  B: nbp.series.filter(({ publication }) => publication !== undefined),
};

/** NBP's tables A and B as JSON. */
export const simulatedNbp: SimulatedProvider = {
  provider: nbp,
  decimals: (_, value) => (value < 0.001 ? 8 : value < 0.05 ? 6 : 4),
  formatFaults: ["dead_code"],

  respond({ path }, edition) {
    const [, letter, from, to] = /^\/exchangerates\/tables\/([AB])\/([\d-]+)\/([\d-]+)\/?$/.exec(path) ?? [];
    const range = rangeOf(from, to);
    if (range === undefined) return undefined;
    if (daysBetween(range.from, range.to) >= MAX_DAYS) {
      return text(
        400,
        `400 BadRequest - Przekroczony limit ${MAX_DAYS} dni / Limit of ${MAX_DAYS} days has been exceeded`,
      );
    }
    const table = letter as keyof typeof TABLES;
    const dates = edition.moments(range, TABLES[table][0]);
    if (dates.length === 0) return text(404, "404 NotFound - Not Found - Brak danych");
    return json(`[${dates.map((date) => tableOf(edition, table, date)).join(",")}]`);
  },
};

/** Numbers are bare, with zeros that JSON.parse would lose. */
function tableOf(edition: Edition, table: keyof typeof TABLES, date: PlainDate): string {
  const series = TABLES[table];
  const rates = edition
    .cells(date, series, "padded")
    .flatMap(({ id, text }) =>
      text === undefined ? [] : [`{"currency":${JSON.stringify(names.of(id))},"code":"${id}","mid":${text}}`],
    );
  const year = date.slice(0, 4);
  const days = businessDaysIn(WEEKDAYS, `${year}-01-01`, date).length;
  const number = String(table === "A" ? days : Math.ceil(days / 5)).padStart(3, "0");
  return `{"table":"${table}","no":"${number}/${table}/NBP/${year}","effectiveDate":"${edition.printed(date, series[0])}","rates":[${rates.join(",")}]}`;
}

function text(status: 400 | 404, body: string): Reply {
  return { status, type: "text/plain; charset=utf-8", body };
}
