const ATTEMPTS = 3;

/**
 * Repeats a transaction that the database ended because it and another waited for each other: the other has come through
 * by then, and nothing of this one was done.
 */
export async function withoutDeadlock<T>(transact: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transact();
    } catch (error) {
      if (attempt === ATTEMPTS || !isDeadlock(error)) throw error;
    }
  }
}

/** drizzle wraps the driver's error; PlanetScale's has the number in its text. */
function isDeadlock(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  const { code, message } = (cause ?? error) as { code?: string; message?: string };
  return code === "ER_LOCK_DEADLOCK" || message?.includes("errno 1213") === true;
}
