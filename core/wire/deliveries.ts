import { z } from "zod";

/** The contract between the origin and the worker that delivers webhooks, and the evaluation of alerts. */

/** A delivery that is leased: what is sent, byte for byte. */
export const deliverySchema = z.lazy(() =>
  z.object({
    id: z.int().positive(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  }),
);
export type Delivery = z.infer<typeof deliverySchema>;

/** POST /internal/deliveries/claim. A deliverer of the release before names no lease. */
export const claimRequestSchema = z.lazy(() => z.object({ lease_id: z.uuid().optional() }));

/** The response to it. */
export const claimSchema = z.lazy(() => z.object({ lease_id: z.string(), deliveries: z.array(deliverySchema) }));
export type Claim = z.infer<typeof claimSchema>;

export const attemptErrors = ["http", "redirect", "timeout", "connection", "refused_target", "challenge"] as const;

/** How an attempt ended. Nothing of the receiver's response but its status. */
export const attemptReportSchema = z.lazy(() =>
  z.strictObject({
    id: z.int().positive(),
    /** Absent: a success. */
    error: z.enum(attemptErrors).optional(),
    status: z.int().min(100).max(999).optional(),
    duration_ms: z.int().min(0),
    retry_after_seconds: z.int().min(0).optional(),
  }),
);
export type AttemptReport = z.infer<typeof attemptReportSchema>;

const MAX_RESULTS = 100;

/** POST /internal/deliveries/report. What does not belong to a current lease is ignored. */
export const reportSchema = z.lazy(() =>
  z.strictObject({ lease_id: z.string().max(40), results: z.array(attemptReportSchema).max(MAX_RESULTS) }),
);
export type Report = z.infer<typeof reportSchema>;

/** What waits to be delivered. */
export const backlogSchema = z.lazy(() =>
  z.object({
    /** How many are due, as far as it matters. */
    due: z.int().min(0),
    /** In how many seconds the next attempt is due, if nothing is; null: nothing waits. */
    next_in_seconds: z.int().min(0).nullable(),
  }),
);
export type Backlog = z.infer<typeof backlogSchema>;

/** POST /internal/evaluate. */
export const evaluationSchema = z.lazy(() =>
  z.object({
    /** Whether the end of the log was reached: if not, ask again. */
    done: z.boolean(),
    fired: z.int().min(0),
    backlog: backlogSchema.unwrap(),
  }),
);
export type Evaluated = z.infer<typeof evaluationSchema>;
