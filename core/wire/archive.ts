import { z } from "zod";
import { isRateValue } from "../rates/page.ts";
import { plainDate, seriesId, timestamp } from "./internal.ts";

/** What the internal API says of past instants, besides pages and boards. */

const value = z.lazy(() => z.string().refine(isRateValue, "must be a positive decimal"));

/** What GET /internal/revisions/{series}/{date} responds with. */
export const revisionsSchema = z.lazy(() =>
  z.strictObject({
    revisions: z.array(
      z.strictObject({
        value: value,
        withdrawn: z.boolean(),
        knownFrom: timestamp,
      }),
    ),
  }),
);

/** What GET /internal/as-of/{instant}/windows/{provider}/{date} responds with. */
export const windowSchema = z.lazy(() =>
  z.strictObject({
    values: z.record(seriesId, z.array(z.tuple([plainDate, value]))),
  }),
);
