import type { PlainDate } from "../time/dates.ts";
import type { Publication } from "../time/publication.ts";

/** One published series: `quote` per one `base`, in the direction in which the provider publishes it. */
export interface Series {
  /** "{provider}.{name}", e.g. "ecb.USD" or "bcb.USD.sell". */
  id: string;
  provider: string;
  /** The provider's own id, as requests and responses spell it. */
  providerId: string;
  base: string;
  quote: string;
  /** The published value is, at present, for so many units of `base`. Observations are for one: the point has been moved. */
  unit: number;
  /** The first date with an observation, and so the earliest that can be requested. */
  since: PlainDate;
  /** The last date, if the series has ended. */
  until?: PlainDate;
  /** Years in between without any value, both included: a page of them is known to be empty. */
  gap?: { fromYear: number; toYear: number };
  /** For providers that publish what they buy and sell at, and no middle. */
  side?: "buy" | "sell";
  /** A daily move beyond this, as |ln(new / old)|, waits for confirmation. Absent: the common guard. */
  maxMove?: number;
  /** Instead of the provider's. */
  horizonDays?: number;
  /** Instead of the provider's. */
  publication?: Publication;
  /** Printed in Mexico's Diario Oficial, and so with three dates (core/rates/views.ts). */
  isPrintedInDof?: true;
  /** What users of the rates must know. */
  note?: string;
}

/** Whether a year is one in which a series that began and went on later had no value. */
export function isInGap({ gap }: Pick<Series, "gap">, year: number): boolean {
  return gap !== undefined && gap.fromYear <= year && year <= gap.toYear;
}
