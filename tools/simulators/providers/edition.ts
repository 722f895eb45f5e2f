import { movePointLeft } from "#core/providers/format/values.ts";
import type { DateRange, Moment } from "#core/providers/provider.ts";
import type { Series } from "#core/rates/series.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import { dateIn } from "#core/time/zones.ts";
import type { Book } from "./book.ts";
import type { ProviderFault } from "./faults.ts";

/** One value as it is printed. */
export interface Cell {
  /** The provider's own id of the series. */
  id: string;
  series: Series | undefined;
  /** Undefined if the provider has none at that moment. */
  text: string | undefined;
  unit: number;
}

/** Whether a provider prints its values with zeros at the end, or strips them. A file's values are printed as they are. */
export type Zeros = "padded" | "stripped";

/** No provider is silent for longer. */
const MAX_GAP_DAYS = 30;

/** What a provider publishes at one instant, after what faults do to it. */
export class Edition {
  readonly nowMs: number;
  /** In the provider's zone. */
  readonly today: PlainDate;
  readonly faults: readonly ProviderFault[];
  readonly #book: Book;
  readonly #zeros: Zeros | undefined;
  readonly #newest = new Map<Series | undefined, Moment | undefined>();

  /** `turn`: how many requests a fault of zeros has struck; it pads and strips by turns. */
  constructor(book: Book, faults: readonly ProviderFault[], nowMs: number, turn: number) {
    this.nowMs = nowMs;
    this.today = dateIn(book.provider.publication.zone, nowMs);
    this.faults = faults;
    this.#book = book;
    const isAlternating = faults.some(({ type }) => type === "zeros");
    this.#zeros = isAlternating ? (turn % 2 === 0 ? "padded" : "stripped") : undefined;
  }

  /** Whether the values are a file's. */
  get isFed(): boolean {
    return this.#book.feed !== undefined;
  }

  /** When there are values in a range, ascending; of one series' schedule if the provider has several. */
  moments(range: DateRange, series: Series = this.#book.provider.series[0] as Series): Moment[] {
    return this.#book.moments(series, range, this.nowMs);
  }

  /** The last moment with values. */
  newest(series?: Series): Moment | undefined {
    if (!this.#newest.has(series)) {
      const range = { from: this.#book.feed ? "" : addDays(this.today, -MAX_GAP_DAYS), to: "9999-12-31" };
      this.#newest.set(series, this.moments(range, series).at(-1));
    }
    return this.#newest.get(series);
  }

  /** The values of a moment, in the provider's order; those that are absent among them. */
  cells(moment: Moment, series: readonly Series[], zeros: Zeros): Cell[] {
    const cells: Cell[] = series.map((one) => this.#cell(one, moment, zeros));
    for (const fault of this.faults)
      if (fault.type === "dead_code") cells.push({ id: fault.code, series: undefined, text: fault.value, unit: 1 });
    return cells;
  }

  /** The date that is printed for a moment: a fault moves the newest beyond what the provider may publish. */
  printed(moment: Moment, series?: Series): Moment {
    const fault = this.faults.find((one) => one.type === "future_date");
    if (fault === undefined || moment !== this.newest(series)) return moment;
    const horizonDays = series?.horizonDays ?? this.#book.provider.horizonDays;
    return (fault.date ?? addDays(this.today, horizonDays + 1)) + moment.slice(10);
  }

  #cell(series: Series, moment: Moment, zeros: Zeros): Cell {
    let { text, unit } = { text: this.#book.text(series, moment), unit: series.unit };
    if (text !== undefined) text = this.#withZeros(series, text, zeros);
    for (const fault of this.faults) {
      if (!("series" in fault) || (fault.series ?? series.id) !== series.id) continue;
      if (fault.type === "absent" && (fault.date ?? moment) === moment) text = undefined;
      else if (fault.type === "wrong_value" && (fault.date ?? this.newest(series)) === moment) text = fault.value;
      else if (fault.type === "unit") {
        text &&= movePointLeft(text, Math.round(Math.log10(unit / fault.unit)));
        unit = fault.unit;
      }
    }
    const hasOtherMark = this.faults.some(
      (fault) => fault.type === "decimal_mark" && (fault.series ?? series.id) === series.id,
    );
    return { id: series.providerId, series, text: hasOtherMark ? text?.replace(".", ",") : text, unit };
  }

  #withZeros(series: Series, text: string, zeros: Zeros): string {
    const style = this.#zeros ?? (this.#book.feed ? undefined : zeros);
    if (style === "stripped") return withoutZeros(text);
    return style === "padded" && this.#book.feed ? padded(text, this.#book.maxScale(series)) : text;
  }
}

/** "1.1050" → "1.105" */
export function withoutZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function padded(text: string, scale: number): string {
  const [whole, fraction = ""] = text.split(".");
  return scale === 0 ? text : `${whole}.${fraction.padEnd(scale, "0")}`;
}
