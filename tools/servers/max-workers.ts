import { availableParallelism } from "node:os";

/** How many test files run at a time: one more than there are cores, for some wait. Vitest itself leaves a core free. */
export const MAX_WORKERS = availableParallelism() + 1;
