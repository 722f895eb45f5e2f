import fc from "fast-check";
import { type Fixed, formatDecimal } from "#core/money/decimal.ts";
import type { Fixing } from "#core/rates/fixing.ts";
import type { Observation, Page } from "#core/rates/page.ts";
import { addDays, dayNumber, type PlainDate } from "#core/time/dates.ts";
import { isBankDay, publicationMs } from "../../tools/simulators/banxico/mexico.ts";

/** What fast-check draws for the laws of the core. */

const FIRST_DAY: PlainDate = "1991-11-12";
const LAST_DAY: PlainDate = "2035-12-31";

/** A date within the years that are served, or soon will be. */
export const dates = (from: PlainDate = FIRST_DAY, to: PlainDate = LAST_DAY) =>
  fc.integer({ min: 0, max: dayNumber(to) - dayNumber(from) }).map((days) => addDays(from, days));

/** An instant within those years; near 12:00 and midnight more often than elsewhere. */
export const instants = fc.oneof(
  fc.integer({ min: Date.parse(FIRST_DAY), max: Date.parse(LAST_DAY) }),
  fc
    .tuple(dates(), fc.constantFrom(0, 900_000, -43_200_000, 43_200_000), fc.integer({ min: -2, max: 2 }))
    .map(([date, offsetMs, ms]) => publicationMs(date) + offsetMs + ms),
);

export const fixed: fc.Arbitrary<Fixed> = fc.record({
  units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  scale: fc.nat(12),
});

/** A rate as Banxico publishes them: four decimals, above zero. */
export const rates = fc
  .integer({ min: 1, max: 999_999_999 })
  .map((units) => formatDecimal({ units: BigInt(units), scale: 4 }));

/** A decimal as published, of any size that a page may hold. */
export const publishedValues = fc
  .record({ units: fc.bigInt({ min: 1n, max: 10n ** 20n }), scale: fc.nat(8) })
  .map((value) => formatDecimal(value));

export function pages(year = 2023): fc.Arbitrary<Page> {
  return fc
    .record({
      values: fc.dictionary(dates(`${year}-01-01`, `${year}-12-31`), publishedValues, {
        maxKeys: 40,
        noNullPrototype: true,
      }),
      version: fc.integer({ min: 1, max: 2 ** 40 }),
      at: fc.integer({ min: 0, max: 4e12 }),
    })
    .map(({ values, version, at }) => {
      const observations = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
      const isEmpty = observations.length === 0;
      return {
        series: "banxico.SF43718",
        year,
        version: isEmpty ? 0 : version,
        updated_at: isEmpty ? null : new Date(at).toISOString(),
        observations,
      };
    });
}

/** Ascending observations with gaps of one to `mostGapDays` days. */
export function observationLists(mostGapDays = 20, maxLength = 40): fc.Arbitrary<Observation[]> {
  return fc
    .tuple(
      dates("2000-01-01", "2020-01-01"),
      fc.array(fc.tuple(fc.integer({ min: 1, max: mostGapDays }), rates), { maxLength }),
    )
    .map(([start, steps]) => {
      let date = start;
      return steps.map(([gap, value]) => {
        date = addDays(date, gap);
        return [date, value] as const;
      });
    });
}

export function fixingLists(mostGapDays?: number, maxLength?: number): fc.Arbitrary<Fixing[]> {
  return observationLists(mostGapDays, maxLength).map((list) =>
    list.map(([date, value]) => ({ date, values: [value] })),
  );
}

/** The slowest and plainest count of bank days in (after, upTo]. */
export function countBankDays(after: PlainDate, upTo: PlainDate): number {
  let count = 0;
  for (let day = addDays(after, 1); day <= upTo; day = addDays(day, 1)) if (isBankDay(day)) count++;
  return count;
}
