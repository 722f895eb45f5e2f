/** Holds the result of `make` for `holdMs`; concurrent callers share it. A failure is not held. */
export function held<T>(make: () => Promise<T>, holdMs: number, now: () => number): () => Promise<T> {
  let current: { value: Promise<T>; untilMs: number } | undefined;
  return () => {
    if (current === undefined || now() >= current.untilMs) {
      const value = make();
      current = { value, untilMs: now() + holdMs };
      value.catch(() => {
        if (current?.value === value) current = undefined;
      });
    }
    return current.value;
  };
}
