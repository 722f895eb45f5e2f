import { z } from "zod";

/** What the origin tells the edge of accounts' own events, for their hubs: GET /internal/account-events. */

/** So many events are at most in one page. */
export const MAX_ACCOUNT_EVENTS = 1_000;

const position = z.lazy(() => z.int().min(0));

const accountEventSchema = z.lazy(() =>
  z.object({
    /** Ascends in the order of commits. */
    id: z.int().positive(),
    account: z.string(),
    type: z.string(),
    /** JSON, as webhooks deliver it. */
    body: z.string(),
  }),
);
export type AccountEvent = z.infer<typeof accountEventSchema>;

export const accountEventPageSchema = z.lazy(() =>
  z.object({
    events: z.array(accountEventSchema),
    /** Where to go on: every event up to this number is in this page or in those before. */
    next: position,
    /** Whether there are more. */
    more: z.boolean(),
    /** Who may no longer listen: a key that has ended recently, or with null the account and all its keys. */
    ended: z.array(z.object({ account: z.string(), key: z.string().nullable() })),
  }),
);
export type AccountEventPage = z.infer<typeof accountEventPageSchema>;

/** The newest events of one account: GET /internal/accounts/{id}/events. */
export const accountHistorySchema = z.lazy(() =>
  z.object({
    events: z.array(accountEventSchema),
    /** There may be events up to this one that are not in it. */
    floor: position,
  }),
);
export type AccountHistory = z.infer<typeof accountHistorySchema>;
