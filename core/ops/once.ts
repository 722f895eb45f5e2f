/** A function that computes its result at the first call, and returns it from then on. */
export function once<Result>(compute: () => Result): () => Result {
  let kept: { result: Result } | undefined;
  return () => {
    kept ??= { result: compute() };
    return kept.result;
  };
}
