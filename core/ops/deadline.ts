/** Work that did not end in time. It may go on, but nothing waits for it any more. */
export class DeadlineExceeded extends Error {
  override name = "DeadlineExceeded";
}

/** Calls `fire` after so many milliseconds, unless it is cancelled by the function that it returns. */
export type Timer = (ms: number, fire: () => void) => () => void;

export const realTimer: Timer = (ms, fire) => {
  const id = setTimeout(fire, ms);
  return () => clearTimeout(id);
};

/** The outcome of `work`, or DeadlineExceeded after `deadlineMs`. */
export async function withDeadline<T>(
  work: Promise<T>,
  deadlineMs: number,
  what: string,
  timer: Timer = realTimer,
): Promise<T> {
  if (await endsWithin(work, deadlineMs, timer)) return await work;
  throw new DeadlineExceeded(`${what}: no response within ${deadlineMs} ms`);
}

/** Whether `work` ends, in whichever way, within so many milliseconds. */
export async function endsWithin(work: Promise<unknown>, ms: number, timer: Timer = realTimer): Promise<boolean> {
  let cancel: () => void = () => undefined;
  const late = new Promise<false>((resolve) => {
    cancel = timer(ms, () => resolve(false));
  });
  const ended = work.then(
    () => true as const,
    () => true as const,
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    cancel();
  }
}
