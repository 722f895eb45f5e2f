/** What the exit code says: scripts decide by it. */
export const EXIT = {
  ok: 0,
  /** The request failed; the message says why. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** There is a rate, and a newer one is overdue. */
  stale: 3,
  /** The rate of that date will be published, and is not yet. */
  notPublished: 4,
  /** There is no rate for this, and there will be none. */
  noRate: 5,
  /** The platform can't be reached, or serves nothing. */
  unavailable: 6,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A wrong command line; `message` says what is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
