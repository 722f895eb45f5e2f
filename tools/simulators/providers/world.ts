import { addDays, type PlainDate } from "#core/time/dates.ts";
import { catalogue } from "../banxico/catalogue.ts";
import { generatedFix, noise, onLine, priceFrom, yearsOf } from "../banxico/generate.ts";

/** Currencies as Banxico's simulator has them, by Banxico's series, so that other providers' crosses agree with it. */
const ANCHORS = new Map(
  Object.entries({ EUR: "SF46410", JPY: "SF46406", GBP: "SF46407", CAD: "SF60632" }).map(([code, id]) => [
    code,
    catalogue.find((entry) => entry.id === id) as (typeof catalogue)[number],
  ]),
);

/** Rough levels per US dollar of early 2026. */
const LEVELS = pairs(
  `AFN 63 ALL 81 AMD 378 AOA 917 AUD 1.42 AZN 1.7 BDT 122 BIF 2980 BOB 6.91 BWP 13.5 BYN 2.86 CDF 2210 CHF 0.77 CLP 860
   CNY 6.92 COP 3680 CRC 494 CZK 20.4 DOP 63 DZD 130 EGP 47 ETB 156 FJD 2.22 GEL 2.69 GHS 11 GMD 73 GNF 8750 GTQ 7.67
   GYD 209 HKD 7.81 HNL 26 HTG 131 HUF 317 IDR 16800 ILS 3.1 INR 91 IQD 1310 IRR 1290000 ISK 122 JMD 156 KES 129 KGS 87
   KHR 4030 KPW 109 KRW 1460 KWD 0.306 KZT 494 LAK 20300 LKR 309 LRD 187 LYD 6.32 MAD 9.2 MDL 17 MGA 4410 MMK 2100 MNT 3570
   MRU 40 MUR 46 MVR 15.4 MWK 1730 MYR 3.93 MZN 64 NGN 1370 NIO 36.8 NOK 9.6 NPR 145 NZD 1.66 PEN 3.36 PGK 4.3 PHP 58 PKR 280
   PLN 3.54 PYG 6590 RON 4.28 RSD 99 RUB 76 RWF 1460 SBD 8.1 SCR 14.9 SDG 600 SEK 9 SGD 1.27 SLE 24 SOS 571 SRD 38 SSP 4540
   SYP 111 THB 31 TJS 9.4 TMT 3.5 TND 2.85 TOP 2.35 TTD 6.75 TWD 31.6 TZS 2570 UAH 43 UGX 3560 UYU 38.5 UZS 12300 VES 382
   VND 25900 VUV 119 WST 2.7 XDR 0.726 YER 238 ZAR 16 ZMW 18.8 ZWG 25.6 SKK 31`,
);

/** Currencies that have lost too much for one level to do: units per dollar at the start of a year. */
const PATHS: Readonly<Record<string, readonly (readonly [year: number, units: number])[]>> = {
  TRY: [
    [1999, 0.32],
    [2001, 0.68],
    [2003, 1.65],
    [2005, 1.35],
    [2014, 2.2],
    [2018, 3.8],
    [2022, 13.5],
    [2026, 43],
  ],
  ARS: [
    [2001.9, 1],
    [2002.6, 3.6],
    [2014, 6.5],
    [2018, 19],
    [2022, 103],
    [2024, 810],
    [2026, 1430],
  ],
  BRL: [
    [1999, 1.8],
    [2003, 3.5],
    [2011, 1.66],
    [2016, 4],
    [2026, 5.2],
  ],
};

/** Units of a currency for one of another: statutory pegs, and former names of a currency. */
const PEGS = pegs(
  `AED 3.6725 USD, AWG 1.79 USD, ANG 1.79 USD, XCG 1.79 USD, BBD 2 USD, BHD 0.376 USD, BMD 1 USD, BSD 1 USD, BZD 2 USD,
   CUP 24 USD, DJF 177.721 USD, ERN 15.375 USD, JOD 0.709 USD, KYD 0.82 USD, LBP 89500 USD, OMR 0.3845 USD, PAB 1 USD,
   QAR 3.64 USD, SAR 3.75 USD, SVC 8.75 USD, XCD 2.7 USD, BAM 1.95583 EUR, BGN 1.95583 EUR, CVE 110.265 EUR, DKK 7.46 EUR,
   KMF 491.96775 EUR, MKD 61.5 EUR, STN 24.5 EUR, XAF 655.957 EUR, XOF 655.957 EUR, XPF 119.331742 EUR, CYP 0.585274 EUR,
   EEK 15.6466 EUR, HRK 7.5345 EUR, LTL 3.4528 EUR, LVL 0.702804 EUR, MTL 0.4293 EUR, SIT 239.64 EUR, FKP 1 GBP, GGP 1 GBP,
   GIP 1 GBP, IMP 1 GBP, JEP 1 GBP, SHP 1 GBP, KID 1 AUD, TVD 1 AUD, FOK 1 DKK, BTN 1 INR, LSL 1 ZAR, NAD 1 ZAR, SZL 1 ZAR,
   BND 1 SGD, MOP 1.03 HKD, CNH 1.0005 CNY, ROL 10000 RON, TRL 1000000 TRY, SLL 1000 SLE, ZWL 10 ZWG`,
);

/** Chile's unidad de fomento in pesos: it follows prices, without noise. */
const UF_PATH = [
  [1990, 5_500],
  [2000, 15_100],
  [2010, 20_900],
  [2020, 28_300],
  [2026, 39_700],
] as const;

/** What one US dollar costs on a date: always the same for the same date. All providers' made-up values come from it. */
export function unitsPerDollar(code: string, date: PlainDate): number {
  if (code === "USD") return 1;
  if (code === "MXN") return generatedFix(date);
  const anchor = ANCHORS.get(code);
  if (anchor) return 1 / priceFrom(1, anchor, date);
  const peg = PEGS.get(code);
  if (peg) return peg.units * unitsPerDollar(peg.code, date);
  if (code === "CLF") return unitsPerDollar("CLP", date) / onLine(UF_PATH, yearsOf(date));
  const level = LEVELS.get(code);
  const path = PATHS[code] ?? (level === undefined ? undefined : [[2026, level] as const]);
  if (path === undefined) throw new RangeError(`no made-up value for ${code}`);
  const years = yearsOf(date);
  const phase = Math.PI * noise(code);
  const waves = 0.02 * Math.sin(years * 6.5 + phase) + 0.01 * Math.sin(years * 17 + 2 * phase);
  return onLine(path, years) * Math.exp(waves + 0.003 * noise(`${code} ${date}`));
}

/** Whether a currency's price in dollars never moves. */
export function isPegged(code: string): boolean {
  return code === "USD" || PEGS.get(code)?.code === "USD";
}

/** `quote` per one `base` on a date. */
export function priceOn(base: string, quote: string, date: PlainDate): number {
  return unitsPerDollar(quote, date) / unitsPerDollar(base, date);
}

/** The ninth of the month until which the unidad de fomento is known: that of the next month from the ninth on. */
export function lastUfDate(today: PlainDate): PlainDate {
  const ninth = `${today.slice(0, 8)}09`;
  return today < ninth ? ninth : `${addDays(ninth, 31).slice(0, 8)}09`;
}

function pairs(text: string): Map<string, number> {
  const words = text.trim().split(/\s+/);
  return new Map(words.flatMap((code, at) => (at % 2 === 0 ? [[code, Number(words[at + 1])] as const] : [])));
}

function pegs(text: string) {
  return new Map(
    text.split(",").map((one) => {
      const [code = "", units, other = ""] = one.trim().split(" ");
      return [code, { units: Number(units), code: other }] as const;
    }),
  );
}
