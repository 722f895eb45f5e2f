import { z } from "@hono/zod-openapi";
import { EXAMPLE } from "../providers/examples.ts";
import { PROBLEMS } from "./html/problems.ts";
import type { Problem } from "./problem.ts";

/** The fields that the responses of several endpoints share. Functions, because hosts never build response schemas. */

export const decimal = () =>
  z.string().openapi({
    "x-component": "Decimal",
    pattern: "^-?\\d+(\\.\\d+)?$",
    "x-description":
      "A decimal: as published or, if the rate is derived, rounded once, half-even, to 8 decimals or, where that is more, 8 significant digits.",
    example: "16.9190",
  });

export const day = () => z.string().openapi({ format: "date", example: "2023-12-29" });

/** Names the objects of a list in the OpenAPI document. */
export const named = (component: string) => ({ "x-component": component });

/** The dates of a FIX that a response has with `view`. */
export const viewDates = () => ({
  determination_date: day().optional().openapi({ description: "Only with `view`: when the FIX was determined." }),
  publication_date: day().optional().openapi({ description: "Only with `view`: when the DOF published it." }),
  applicable_date: day().optional().openapi({ description: "Only with `view`: from when it applies." }),
});

export const instant = () => z.string().openapi({ format: "date-time", example: "2024-01-02T18:00:00Z" });

/** The code of a currency, as responses write it. */
export const code = (example: string) =>
  z.string().openapi({ "x-component": "CurrencyCode", pattern: "^[A-Z]{3}$", example });

export const providerId = (example: string = EXAMPLE.provider) =>
  z.string().openapi({ "x-component": "ProviderId", pattern: "^[a-z][a-z-]{0,39}$", example });

export const authority = () =>
  z.enum(["central_bank", "statutory", "aggregator"]).openapi({ "x-component": "Authority" });

/** A name in both languages. */
export const bilingual = () => z.object({ en: z.string(), es: z.string() }).openapi({ "x-component": "Bilingual" });

/** What the law fixes, for a currency that has its value in another one. */
const parity = () =>
  z
    .object({
      currency: code("GGP"),
      anchor: code("GBP"),
      per_anchor: z
        .string()
        .openapi({ description: "Units of `currency` that are one unit of `anchor`.", example: "1" }),
      authority: z.string(),
      source: z.string().openapi({ description: "The law." }),
      since: day(),
      retired_on: day().optional().openapi({ description: "Its last day as legal tender." }),
      successor: code("EUR").optional(),
    })
    .openapi("Parity");

export const parities = () =>
  z.array(parity()).optional().openapi({ description: "The parities that the rate is computed with, if any." });

/** Where the rates come from, and whether they are derived or stale. */
export const provenance = () => ({
  source: z
    .object({
      provider: providerId(),
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
  base: code("USD"),
  quote: code(EXAMPLE.quote),
  ...provenance(),
});

export const nextUpdate = () =>
  instant().openapi({ description: "When the next rate is due; in the past while it is overdue." });

export const nextUpdateOrNull = () =>
  nextUpdate().nullable().openapi({ description: "When the response next changes; null if the period is closed." });

const PROBLEM_CODES = Object.keys(PROBLEMS) as [Problem["code"], ...Problem["code"][]];

export const problem = () =>
  z
    .object({
      type: z.string().openapi({ format: "uri-reference", description: "Where the problem is explained." }),
      title: z.string(),
      status: z.int(),
      detail: z.string().openapi({ description: "For humans; it may change." }),
      instance: z.string().openapi({ description: "The path that was requested." }),
      code: z
        .enum(PROBLEM_CODES)
        .openapi({ "x-component": "ProblemCode", description: "Stable: what programs decide by." }),
      errors: z
        .array(z.object({ parameter: z.string(), detail: z.string() }).openapi({ "x-component": "ParameterError" }))
        .optional()
        .openapi({ description: "Each invalid parameter, of an `invalid_parameter`." }),
    })
    .openapi("Problem");
