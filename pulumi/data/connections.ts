/** What Aurora MySQL's max_connections is by default, by the capacity that a serverless cluster may reach. */
export function maxConnections(maxAcu: number): number {
  const steps = [
    [1, 90],
    [4, 135],
    [8, 1_000],
    [16, 2_000],
    [32, 3_000],
    [64, 4_000],
    [128, 5_000],
  ] as const;
  return steps.find(([acu]) => maxAcu <= acu)?.[1] ?? 6_000;
}
