/** No answer came within the time there was. */
export class DeadlineExceeded extends Error {
  override name = "DeadlineExceeded";
  readonly deadlineMs: number;

  constructor(what: string, deadlineMs: number) {
    super(`${what} took longer than ${deadlineMs} ms`);
    this.deadlineMs = deadlineMs;
  }
}

/** What `work` resolves to, or DeadlineExceeded. The work itself goes on: the caller that does it has its own limit. */
export async function withDeadline<T>(work: Promise<T>, deadlineMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(what, deadlineMs)), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
