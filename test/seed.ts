/**
 * What `npm test` makes up, it makes up alike each time, so that a commit alone decides whether it is green. Other values
 * are tried by another seed: `TEST_SEED=$RANDOM npm test`, each night in CI.
 */
export const SEED = Number(process.env.TEST_SEED ?? 1);

declare module "vitest" {
  interface ProvidedContext {
    seed: number;
  }
}
