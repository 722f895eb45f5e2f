import type { Parity } from "../rates/route.ts";
import type { ProviderInfo } from "./provider.ts";

/** What readers are told of parities where a provider is named. Nothing is fetched. */
export const parities: ProviderInfo = {
  id: "parities",
  name: { en: "Statutory parities", es: "Paridades legales" },
  authority: "statutory",
  attribution: {
    en: "Fixed by law: see authority and source of each parity",
    es: "Fijadas por ley: véanse la autoridad y la fuente de cada paridad",
  },
  licence: { name: "Facts of law", url: "https://eur-lex.europa.eu/", redistribution: "yes" },
};

const COUNCIL = "Council of the European Union";

export const PARITIES: readonly Parity[] = [
  {
    code: "FOK",
    anchor: "DKK",
    perAnchor: "1",
    authority: "Danmarks Nationalbank",
    source: "Lov nr. 248 af 12. april 1949 om pengesedler m.v. på Færøerne",
    since: "1949-04-12",
  },
  {
    code: "GGP",
    anchor: "GBP",
    perAnchor: "1",
    authority: "States of Guernsey",
    source: "Guernsey notes and coins are local issues of the pound sterling, at par with it since 1921",
    since: "1921-01-01",
  },
  {
    code: "IMP",
    anchor: "GBP",
    perAnchor: "1",
    authority: "Isle of Man Government",
    source:
      "Currency Act 1992 (AT 14 of 1992), section 1(2): the Manx pound shall continue to have parity with sterling",
    since: "1993-01-27",
  },
  {
    code: "JEP",
    anchor: "GBP",
    perAnchor: "1",
    authority: "States of Jersey",
    source: "Jersey notes and coins are issues of the pound sterling (Currency Notes (Jersey) Law 1959)",
    since: "1959-01-01",
  },
  {
    code: "KID",
    anchor: "AUD",
    perAnchor: "1",
    authority: "Government of Kiribati",
    source: "Kiribati coins circulate at par with the Australian dollar, which is legal tender (coinage of 1979)",
    since: "1979-07-12",
  },
  {
    code: "TVD",
    anchor: "AUD",
    perAnchor: "1",
    authority: "Government of Tuvalu",
    source: "Currency Ordinance (Laws of Tuvalu, revised edition 1990, chapter 50), section 3",
    since: "1976-01-01",
  },
  {
    code: "BGN",
    anchor: "EUR",
    perAnchor: "1.95583",
    authority: COUNCIL,
    source: "Council Regulation (EC) No 2866/98, as amended on 8 July 2025 for Bulgaria",
    since: "2026-01-01",
    retiredOn: "2026-01-31",
    successor: "EUR",
  },
  {
    code: "HRK",
    anchor: "EUR",
    perAnchor: "7.53450",
    authority: COUNCIL,
    source: "Council Regulation (EC) No 2866/98, as amended by Regulation (EU) 2022/1208",
    since: "2023-01-01",
    retiredOn: "2023-01-14",
    successor: "EUR",
  },
  {
    code: "ANG",
    anchor: "XCG",
    perAnchor: "1",
    authority: "Centrale Bank van Curaçao en Sint Maarten",
    source: "Introduction of the Caribbean guilder on 31 March 2025, one for one",
    since: "2025-03-31",
    retiredOn: "2025-06-30",
    successor: "XCG",
  },
  {
    code: "SLL",
    anchor: "SLE",
    perAnchor: "1000",
    authority: "Bank of Sierra Leone",
    source: "Redenomination of the Leone (Consequential Provisions) Regulations, 2022",
    since: "2022-07-01",
    retiredOn: "2023-12-31",
    successor: "SLE",
  },
  {
    code: "ZWL",
    anchor: "ZWG",
    perAnchor: "2498.7242",
    authority: "Reserve Bank of Zimbabwe",
    source: "Statutory Instrument 60 of 2024; conversion factor announced by the bank on 6 April 2024",
    since: "2024-04-08",
    retiredOn: "2024-04-30",
    successor: "ZWG",
  },
];

const byCode = new Map(PARITIES.map((parity) => [parity.code, parity]));

/** The parity of a currency, if it has one. */
export function parityOf(code: string): Parity | undefined {
  return byCode.get(code);
}
