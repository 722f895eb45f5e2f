import { cbr } from "#core/providers/cbr.ts";
import { movePointLeft } from "#core/providers/format/values.ts";
import { addDays } from "#core/time/dates.ts";
import { type Cell, withoutZeros } from "./edition.ts";
import { SHORT_HISTORY_DAYS, type SimulatedProvider } from "./simulated-provider.ts";

/** Rates of the New Year hold for so long. */
const MAX_GAP_DAYS = 12;
const names = new Intl.DisplayNames("ru", { type: "currency" });

/** The Bank of Russia's file of one day: windows-1251, decimal commas, a nominal in each row. */
export const simulatedCbr: SimulatedProvider = {
  provider: cbr,
  decimals: () => 4,
  historyDays: SHORT_HISTORY_DAYS,
  formatFaults: ["unit", "dead_code"],

  respond({ path, query }, edition) {
    if (path !== "/XML_daily.asp") return undefined;
    const asked = query.get("date_req")?.split("/").reverse().join("-");
    // A day without rates of its own has those of the last day that had some.
    const published =
      asked === undefined
        ? edition.newest()
        : edition.moments({ from: addDays(asked, -MAX_GAP_DAYS), to: asked }).at(-1);
    const rows = published === undefined ? [] : edition.cells(published, cbr.series, "padded").map(rowOf);
    const shown = published === undefined ? (asked ?? edition.today) : edition.printed(published);
    const date = shown.split("-").reverse().join(".");
    const body = `<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="${date}" name="Foreign Currency Market">${rows.join("")}</ValCurs>`;
    return { type: "application/xml; charset=windows-1251", body: toWindows1251(body) };
  },
};

function rowOf({ id, text, unit }: Cell, index: number): string {
  if (text === undefined) return "";
  const perUnit = exponential(withoutZeros(movePointLeft(text.replace(",", "."), Math.log10(unit))));
  return `<Valute ID="R${String(1_000 + index).padStart(5, "0")}"><NumCode>${String(index).padStart(3, "0")}</NumCode><CharCode>${id}</CharCode><Nominal>${unit}</Nominal><Name>${names.of(id)}</Name><Value>${otherMark(text)}</Value><VunitRate>${otherMark(perUnit)}</VunitRate></Valute>`;
}

/** "0.0000539256" → "5.39256E-05", as they print what is small. */
function exponential(text: string): string {
  const [, zeros, first, rest = ""] = /^0\.(0{4,})([1-9])(\d*)$/.exec(text) ?? [];
  if (zeros === undefined) return text;
  return `${first}${rest && `.${rest}`}E-${String(zeros.length + 1).padStart(2, "0")}`;
}

/** Commas are theirs: the fault that changes the mark gives a point. */
function otherMark(text: string): string {
  return text.replace(/[.,]/, (mark) => (mark === "." ? "," : "."));
}

/** Russian letters and ASCII; other characters become "?". */
function toWindows1251(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x80) return code;
    return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : 0x3f;
  });
}
