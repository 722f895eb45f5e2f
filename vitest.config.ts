import { defineConfig } from "vitest/config";

const servers = "./test/servers/setup.ts";

/** One project for each place where code runs. `npm test` runs all of them. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
      {
        test: {
          name: "simulators",
          include: ["test/simulators/**/*.test.ts", "test/servers/**/*.test.ts"],
          globalSetup: [servers],
        },
      },
      { test: { name: "origin", include: ["test/origin/**/*.test.ts"], globalSetup: [servers] } },
      {
        test: {
          name: "infra",
          include: ["test/infra/**/*.test.ts", "test/smoke/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      "./test/worker/vitest.config.ts",
      // Whole stacks and browsers: one at a time, for a machine of two cores.
      { test: { name: "browser", include: ["test/browser/**/*.test.ts"], fileParallelism: false } },
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          globalSetup: [servers],
          fileParallelism: false,
          testTimeout: 60_000,
        },
      },
    ],
  },
});
