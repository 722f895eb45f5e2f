import { z } from "@hono/zod-openapi";

/** The fields that the responses of several endpoints share. Functions, because hosts never build response schemas. */

export const decimal = () =>
  z.string().openapi({
    description: "A decimal: as published or, if the rate is derived, rounded once, half-even, to 8 decimals.",
    example: "16.9190",
  });

export const day = () => z.string().openapi({ format: "date", example: "2023-12-29" });

const instant = () => z.string().openapi({ format: "date-time", example: "2024-01-02T18:00:00Z" });

/** Where the rates come from, and whether they are derived or stale. */
export const provenance = () => ({
  source: z
    .object({
      provider: z.literal("banxico"),
      series: z.array(z.string().openapi({ example: "SF43718" })),
      attribution: z.string().openapi({ example: "Banco de México" }),
    })
    .openapi("Source"),
  derived: z
    .boolean()
    .openapi({ description: "Whether the rate is computed from published ones (an inverse or a cross)." }),
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
