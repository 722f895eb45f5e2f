import { type RouteConfig, z } from "@hono/zod-openapi";
import { EXAMPLE } from "../../providers/examples.ts";
import type { Health } from "../health.ts";
import { day, providerId } from "../response-fields.ts";

/** `/health` in the document. The hosts serve it by themselves, each with what it knows. */

const dependency = () => z.enum(["healthy", "unhealthy", "unknown"]).openapi({ "x-component": "DependencyState" });

const breaker = () =>
  z.enum(["closed", "open", "half_open", "unknown"]).openapi({ "x-component": "CircuitBreakerState" });

const freshness = () =>
  z.enum(["current", "behind", "missing", "unknown"]).openapi({ "x-component": "FreshnessState" });

const share = (what: string) =>
  z
    .number()
    .nullable()
    .optional()
    .openapi({ description: `${what} 0 to 1, over five minutes, at the edge.` });

const health = (): z.ZodType<Health> =>
  z
    .object({
      status: z.enum(["healthy", "degraded", "unhealthy"]).openapi({ "x-component": "HealthStatus" }),
      level: z.enum(["healthy", "degraded", "limited", "critical"]).openapi({ "x-component": "HealthLevel" }),
      dependencies: z.object({
        database: dependency(),
        redis: dependency(),
        banxico_api: dependency(),
        circuit_breaker: breaker(),
      }),
      performance: z.object({
        response_time_p95: z.number().nullable().openapi({ description: "Milliseconds, over five minutes." }),
        cache_hit_ratio: z.number().nullable().openapi({ description: "Of pages read without the origin, 0 to 1." }),
        error_ratio: share("Of responses that are server errors."),
        slow_ratio: share("Of responses that take longer than 200 ms."),
        tiers: z
          .record(z.string(), z.number().nullable())
          .optional()
          .openapi({
            description: "Of page reads, by the tier that had the page. At the edge.",
            example: { isolate: 0.91, colo: 0.06, redis: 0.02, origin: 0.01 },
          }),
      }),
      freshness: z
        .object({
          latest: day().nullable(),
          expected: day(),
          publishes_missed: z.int().nullable(),
        })
        .openapi({ description: "Of the default provider's series that is furthest behind." }),
      dead_letters: z.int().nullable(),
      settlement_check: z.enum(["agrees", "differs", "missing", "unknown"]).openapi({
        "x-component": "SettlementCheck",
        description:
          "Whether the settlement rates that Banxico publishes (SF60653) are those that are derived from its FIX. They are derived wherever they are served.",
      }),
      series: z.array(
        z
          .object({
            id: z.string().openapi({ example: EXAMPLE.series }),
            state: freshness(),
            latest: day().nullable(),
            publishes_missed: z.int().nullable(),
            waiting: z.int().openapi({ description: "How many values wait for confirmation." }),
          })
          .openapi({ "x-component": "SeriesHealth" }),
      ),
      providers: z.array(
        z
          .object({
            id: providerId(),
            state: freshness(),
            latest: day().nullable(),
            expected: day(),
            publishes_missed: z.int().nullable(),
            series_behind: z.int(),
            series_missing: z.int(),
            circuit_breaker: breaker(),
          })
          .openapi({ "x-component": "ProviderHealth" }),
      ),
      release: z.string().optional().openapi({
        description:
          "What the host that responded runs, if it has a name: the commit at the edge, the image's digest at the origin.",
      }),
    })
    .openapi("Health");

const content = () => ({ "application/json": { schema: health() } });

export const healthRoute: RouteConfig = {
  method: "get",
  path: "/health",
  operationId: "health",
  tags: ["Platform"],
  summary: "The state of the platform",
  description: "For monitors and people. It is never cached, and limited to 300 requests in 10 s per address.",
  responses: {
    200: { description: "Rates are served; `level` says how well.", content: content() },
    429: { $ref: "#/components/responses/TooManyRequests" },
    503: { description: "There is no rate to serve.", content: content() },
  },
};
