import { z } from "zod";
import { isPlainDate } from "#core/time/dates.ts";
import { fault, transportFaults } from "../faults.ts";
import type { FormatFault, SimulatedProvider } from "./simulated-provider.ts";

const date = z.string().refine(isPlainDate, "a date as YYYY-MM-DD");
const value = z.string().regex(/^\d+(\.\d+)?$/, "a decimal string");
const code = z.string().regex(/^[A-Z]{3}$/, "a currency's code");
const series = z.string();

const anyFault = z.discriminatedUnion("type", [
  ...transportFaults({}),
  fault("html", {}),
  fault("forbidden", {}),
  fault("rate_limit", { seconds: z.int().positive().default(1_200), told: z.boolean().default(true) }),
  fault("truncated", {}),
  fault("oversized", { bytes: z.int().positive().max(500_000_000).default(50_000_000) }),
  fault("zeros", {}),
  fault("decimal_mark", { series: series.optional() }),
  fault("absent", { series, date: date.optional() }),
  fault("wrong_value", { series, value, date: date.optional() }),
  fault("future_date", { date: date.optional() }),
  fault("unit", { series, unit: z.literal([1, 10, 100, 1_000, 10_000, 1_000_000]) }),
  fault("dead_code", { code, value: value.default("1.0000") }),
  fault("error_body", { error_type: z.string().max(60), status: z.literal([200, 400, 401, 403, 404]).default(403) }),
  fault("end_of_life", { at: z.iso.datetime() }),
]);

/** What can be wrong with a simulated provider other than Banxico. */
export type ProviderFault = z.infer<typeof anyFault>;

const FORMAT_FAULTS: readonly string[] = ["unit", "dead_code", "error_body", "end_of_life"] satisfies FormatFault[];

/** The faults that one provider's format can have, for its own series. */
export function faultSchemaOf({ provider, formatFaults }: SimulatedProvider): z.ZodType<ProviderFault> {
  const ids = new Set(provider.series.map(({ id }) => id));
  return anyFault
    .refine((one) => !FORMAT_FAULTS.includes(one.type) || formatFaults.some((type) => type === one.type), {
      path: ["type"],
      error: `not a fault that ${provider.id}'s format can have`,
    })
    .refine((one) => !("series" in one) || one.series === undefined || ids.has(one.series), {
      path: ["series"],
      error: `not a series of ${provider.id}`,
    });
}
