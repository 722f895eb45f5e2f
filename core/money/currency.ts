/** Currencies as ISO 4217 knows them, read from the runtime's own Unicode data rather than a table of ours. */
export interface Currency {
  code: string;
  name: { en: string; es: string };
  /** Digits after the point in amounts: 2 for USD, 0 for JPY. */
  minorUnits: number;
}

/** Read from Intl once per currency, since that takes as long as the rest of a conversion. Holds served codes only. */
const minorUnits = new Map<string, number>();

/** `code` must be three capital letters. */
export function describeCurrency(code: string): Currency {
  return { code, name: { en: nameIn("en", code), es: nameIn("es-MX", code) }, minorUnits: minorUnitsOf(code) };
}

export function minorUnitsOf(code: string): number {
  const known = minorUnits.get(code);
  if (known !== undefined) return known;
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", {
    style: "currency",
    currency: code,
  }).resolvedOptions();
  minorUnits.set(code, maximumFractionDigits);
  return maximumFractionDigits;
}

/** Built on first use: Unicode's tables would slow an isolate's start. */
const displayNames = new Map<string, Intl.DisplayNames>();

function nameIn(language: string, code: string): string {
  const names = displayNames.get(language) ?? new Intl.DisplayNames(language, { type: "currency" });
  displayNames.set(language, names);
  return names.of(code) ?? code;
}
