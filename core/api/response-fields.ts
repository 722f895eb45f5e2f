import { z } from "@hono/zod-openapi";

/** The fields that the responses of several endpoints share. Functions, because hosts never build response schemas. */

export const decimal = () =>
  z.string().openapi({
    description:
      "A decimal: as published or, if the rate is derived, rounded once, half-even, to 8 decimals or, where that is more, 8 significant digits.",
    example: "16.9190",
  });

export const day = () => z.string().openapi({ format: "date", example: "2023-12-29" });

/** The dates of a FIX that a response has with `view`. */
export const viewDates = () => ({
  determination_date: day().optional().openapi({ description: "Only with `view`: when the FIX was determined." }),
  publication_date: day().optional().openapi({ description: "Only with `view`: when the DOF published it." }),
  applicable_date: day().optional().openapi({ description: "Only with `view`: from when it applies." }),
});

export const instant = () => z.string().openapi({ format: "date-time", example: "2024-01-02T18:00:00Z" });

/** Where the rates come from, and whether they are derived or stale. */
export const authority = () => z.enum(["central_bank", "statutory", "aggregator"]);

/** What the law fixes, for a currency that has its value in another one. */
const parity = () =>
  z
    .object({
      currency: z.string().openapi({ example: "GGP" }),
      anchor: z.string().openapi({ example: "GBP" }),
      per_anchor: z
        .string()
        .openapi({ description: "Units of `currency` that are one unit of `anchor`.", example: "1" }),
      authority: z.string(),
      source: z.string().openapi({ description: "The law." }),
      since: day(),
      retired_on: day().optional().openapi({ description: "Its last day as legal tender." }),
      successor: z.string().optional(),
    })
    .openapi("Parity");

export const parities = () =>
  z.array(parity()).optional().openapi({ description: "The parities that the rate is computed with, if any." });

export const provenance = () => ({
  source: z
    .object({
      provider: z.string().openapi({ example: "banxico" }),
      series: z.array(z.string().openapi({ example: "SF43718" })),
      attribution: z.string().openapi({ example: "Banco de México" }),
      authority: authority(),
      licence_url: z.string().openapi({ format: "uri", description: "Under which terms the provider publishes." }),
    })
    .openapi("Source"),
  derived: z
    .boolean()
    .openapi({ description: "Whether the rate is computed from published ones (an inverse or a cross)." }),
  parity: parities(),
  unit: z
    .record(z.string(), z.int())
    .optional()
    .openapi({ description: "For each series whose values are published for several units: for how many." }),
  stale: z.boolean().openapi({
    description: "Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not.",
  }),
});

/** A pair, and the provenance of its rates. */
export const pair = () => ({
  base: z.string().openapi({ example: "USD" }),
  quote: z.string().openapi({ example: "MXN" }),
  ...provenance(),
});

export const nextUpdate = () =>
  instant().openapi({ description: "When the next rate is due; in the past while it is overdue." });

export const nextUpdateOrNull = () =>
  nextUpdate().nullable().openapi({ description: "When the response next changes; null if the period is closed." });

export const problem = () =>
  z
    .object({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      instance: z.string(),
      code: z.string().openapi({ example: "invalid_parameter" }),
      errors: z.array(z.object({ parameter: z.string(), detail: z.string() })).optional(),
    })
    .openapi("Problem");
