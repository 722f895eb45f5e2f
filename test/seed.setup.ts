import fc from "fast-check";
import { inject } from "vitest";
import type {} from "./seed.ts";

/** Property tests begin with the run's seed. */
fc.configureGlobal({ seed: inject("seed") });
