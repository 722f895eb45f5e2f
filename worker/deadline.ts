/** Work that did not end in time. It may go on, but nobody waits for it any more. */
export class DeadlineExceeded extends Error {
  override name = "DeadlineExceeded";
}

/** The outcome of `work`, or DeadlineExceeded after `deadlineMs`. */
export async function withDeadline<T>(work: Promise<T>, deadlineMs: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(`${what}: no answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
