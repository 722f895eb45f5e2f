import { z } from "zod";
import { isRateValue } from "../rates/page.ts";
import { isInstant, MIN_EVERY_SECONDS } from "../rates/ticks.ts";
import { count, plainDate, providerId, seriesId } from "./internal.ts";

/** What edge and origin say to each other of intraday providers. */

const instant = z.lazy(() => z.string().refine(isInstant, "must be an instant as 2026-03-13T18:00:30Z"));
const MAX_SERIES_OF_POLL = 400;

/** What an intraday provider said at an instant: a message of the queue, and the body of POST /internal/ticks. */
export const pollSchema = z.lazy(() =>
  z.strictObject({
    poll: z.strictObject({
      provider: providerId,
      instant,
      everySeconds: z.int().min(MIN_EVERY_SECONDS).max(86_400),
      nextUpdate: instant.nullable(),
      tracked: z.array(seriesId).max(MAX_SERIES_OF_POLL),
      values: z
        .record(seriesId, z.string().refine(isRateValue, "must be a positive decimal"))
        .refine((values) => Object.keys(values).length <= MAX_SERIES_OF_POLL, "must be of fewer series"),
    }),
  }),
);
export type PollMessage = z.infer<typeof pollSchema>;

/** What came of a poll. */
export const pollCommitSchema = z.lazy(() =>
  z.strictObject({
    outcome: z.enum(["newest", "earlier", "duplicate", "late"]),
    /** Ticks that were stored. */
    ticks: count,
    /** Values that moved too far to be stored. */
    held: count,
    /** Days whose last values became observations. */
    closed: z.array(plainDate),
  }),
);
export type PollCommit = z.infer<typeof pollCommitSchema>;
