import { describeCurrency } from "../../money/currency.ts";

/** What Frankfurter calls currencies where CLDR, whose names ours are, has another name. */
const NAMES: Readonly<Record<string, string>> = {
  BMD: "Bermudian Dollar",
  CNY: "Chinese Renminbi Yuan",
  ILS: "Israeli New Sheqel",
  PLN: "Polish Złoty",
  USD: "United States Dollar",
};

/** A currency's English name. */
export function frankfurterName(code: string): string {
  return NAMES[code] ?? describeCurrency(code).name.en;
}
