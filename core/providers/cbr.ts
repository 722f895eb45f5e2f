import { compareDecimals, parseDecimal } from "../money/decimal.ts";
import { WEEKDAYS } from "../time/calendars.ts";
import { weekdayOf } from "../time/dates.ts";
import { MOSCOW } from "../time/zones.ts";
import { rangeOf, SeriesCollector } from "./collector.ts";
import { fromDayFirst, partsOf, piecesOf } from "./dates-as-published.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { expandExponent, fromDecimalComma, ratePerUnit } from "./format/values.ts";
import { childText, elementsOf, isDocumentOf } from "./format/xml.ts";
import type { Provider, ProviderRequest } from "./provider.ts";
import { seriesList } from "./series-list.ts";

/**
 * First dates: the bank took the yuan in on 11 May 2006, seventeen currencies at the beginning of 2010, nine on 18 January
 * 2023 and twelve on 10 July 2025. Rates that it sets once a month are not in these files. The Hong Kong dollar came after 2010.
 */
const SERIES = seriesList(
  `AED@2023-01-18 AMD*100@2010-01-01 AUD AZN@2010-01-01 BDT*100@2025-07-10 BHD@2025-07-10 BOB@2025-07-10 BRL@2010-01-01
   BYN@2016-07-01 CAD CHF CNY@2006-05-11 CUP*10@2025-07-10 CZK*10@2010-01-01 DKK DZD*100@2025-07-10 EGP*10@2023-01-18
   ETB*100@2025-07-10 EUR@1999-01-01 GBP GEL@2023-01-18 HKD*10@2010-01-01 HUF*100@2010-01-01 IDR*10000@2023-01-18
   INR*100@2010-01-01 IRR*1000000@2025-07-10 JPY*100 KGS*100@2010-01-01 KRW*1000@2010-01-01 KZT*100 MDL*10@2010-01-01
   MMK*1000@2025-07-10 MNT*1000@2025-07-10 NGN*1000@2025-07-10 NOK*10 NZD@2023-01-18 OMR@2025-07-10 PLN@2010-01-01
   QAR@2023-01-18 RON@2010-01-01 RSD*100@2023-01-18 SAR@2025-07-10 SEK*10 SGD THB*10@2023-01-18 TJS*10@2010-01-01
   TMT@2010-01-01 TRY*10@2005-01-03 UAH*10 USD UZS*10000@2010-01-01 VND*10000@2023-01-18 XDR ZAR*10@2010-01-01`,
  { provider: "cbr", pivot: "RUB", direction: "pivot_quote", since: "1998-01-01" },
);

/** The only day without rates of its own: before holidays the bank works on Saturdays, and then sets those of Sunday. */
const MONDAY = 1;

const NOMINAL = /^10{0,9}$/;

/** The Bank of Russia's official rates: roubles per foreign unit, set on one day and in force from the next. */
export const cbr: Provider = {
  id: "cbr",
  name: { en: "Bank of Russia", es: "Banco de Rusia" },
  authority: "central_bank",
  country: "RU",
  rateType: "official rate",
  attribution: { en: "Bank of Russia, official exchange rates", es: "Banco de Rusia, tipos de cambio oficiales" },
  licence: { name: "Bank of Russia terms of use", url: "https://www.cbr.ru/eng/", redistribution: "unverified" },
  pivot: "RUB",
  url: "https://www.cbr.ru/scripts",
  publication: {
    zone: MOSCOW,
    calendar: WEEKDAYS,
    at: "16:00",
    graceMinutes: 180,
    dated: "next_day",
    // At New Year 2026 a rate held for thirteen days.
    toleranceDays: 12,
  },
  horizonDays: 11,
  hasWeekendDates: true,
  hasUnitsByRow: true,
  firstDate: "1998-01-01",
  budget: { perDay: 200, perFiveMinutes: 20 },
  maxBodyBytes: 200_000,
  series: SERIES,

  requests(want, { nowMs }) {
    const request = { path: "/XML_daily.asp", headers: {}, encoding: "windows-1251" } as const;
    // Without a date the latest rates, those of tomorrow if they are set.
    if (want.span === "newest") return [{ ...request, query: {}, want }];
    return piecesOf(rangeOf(cbr, want, nowMs), 1)
      .filter(({ from }) => weekdayOf(from) !== MONDAY)
      .map(({ from }): ProviderRequest => {
        const [year, month, day] = partsOf(from);
        const one = { series: want.series, span: { from, to: from } };
        return { ...request, query: { date_req: `${day}/${month}/${year}` }, want: one };
      });
  },

  parse(response, want, nowMs) {
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const { body } = response;
    if (!isDocumentOf(body, "ValCurs")) return failed({ kind: "transient", reason: "broken XML" });
    const [root] = elementsOf(body);
    // For a day without rates of its own the file is that of the day before: its date is outside the range.
    const date = fromDayFirst(root?.attributes.Date, ".");
    if (date === undefined) return invalid("a date that does not exist");
    const collector = new SeriesCollector(cbr, want, nowMs);
    for (const currency of body.split("<Valute ").slice(1)) {
      const code = childText(currency, "CharCode");
      const nominal = childText(currency, "Nominal");
      const value = fromDecimalComma(childText(currency, "Value") ?? "");
      if (code === undefined) return invalid("a currency without a code");
      const unit = NOMINAL.test(nominal ?? "") ? Number(nominal) : undefined;
      if (unit === undefined) collector.refuse(code, "no nominal");
      else if (value !== undefined && !agree(value, unit, childText(currency, "VunitRate")))
        collector.refuse(code, "rates do not agree");
      else collector.add(code, date, value, unit);
    }
    return collector.finish("rows");
  },
};

/** Whether the rate per unit, which files have had since 2023, is that of the nominal. */
function agree(value: string, unit: number, perUnit: string | undefined): boolean {
  if (perUnit === undefined) return true;
  const [own, stated] = [ratePerUnit(value, unit), expandExponent(fromDecimalComma(perUnit) ?? "")];
  if (own === undefined || stated === undefined) return false;
  return compareDecimals(parseDecimal(own), parseDecimal(stated)) === 0;
}
