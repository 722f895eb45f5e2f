import { defineConfig } from "vitest/config";

const servers = "./tools/servers/setup.ts";
const builds = "./tools/servers/builds.ts";
/** For machines that are slow or busy: nothing waits so long where all is well. */
const patience = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 120_000 } } };

/** One project for each place where code runs. `npm test` runs all of them. */
export default defineConfig({
  test: {
    // Both cores of a machine of two: Vitest itself leaves one free.
    maxWorkers: "100%",
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], ...patience } },
      {
        test: {
          name: "simulators",
          include: ["test/simulators/**/*.test.ts", "test/servers/**/*.test.ts"],
          globalSetup: [servers],
          ...patience,
        },
      },
      { test: { name: "origin", include: ["test/origin/**/*.test.ts"], globalSetup: [servers], ...patience } },
      // The first graph of a file takes seconds of a processor.
      {
        test: {
          name: "infra",
          include: ["test/infra/**/*.test.ts", "test/smoke/**/*.test.ts"],
          ...patience,
          testTimeout: 240_000,
        },
      },
      "./test/worker/vitest.config.ts",
      { test: { name: "client", include: ["test/client/**/*.test.ts"], ...patience } },
      { test: { name: "tools", include: ["test/tools/**/*.test.ts"], ...patience } },
      // Browsers one at a time: each has a whole stack beside it.
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: [builds],
          fileParallelism: false,
          ...patience,
        },
      },
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          globalSetup: [servers, builds],
          ...patience,
        },
      },
    ],
  },
});
