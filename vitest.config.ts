import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { SEED } from "./test/seed.ts";
import { MAX_WORKERS } from "./tools/servers/max-workers.ts";

const servers = "./tools/servers/setup.ts";
const builds = "./tools/servers/builds.ts";
const common = {
  // Loading the code takes longer than most files' tests, so that files share it.
  isolate: false,
  provide: { seed: SEED },
  setupFiles: ["./test/seed.setup.ts"],
  // For machines that are slow or busy: nothing waits so long where all is well.
  testTimeout: 600_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 120_000 } },
};

// Most processes that tests start run the same code, so that they share what they compile: half of what a start takes.
const compiled = mkdtempSync(join(tmpdir(), "paridad-compiled-"));
process.env.NODE_COMPILE_CACHE = compiled;
process.once("exit", () => rmSync(compiled, { recursive: true, force: true }));

/** One project for each place where code runs. `npm test` runs all of them. */
export default defineConfig({
  test: {
    maxWorkers: MAX_WORKERS,
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], ...common } },
      {
        test: {
          name: "simulators",
          include: ["test/simulators/**/*.test.ts", "test/servers/**/*.test.ts"],
          globalSetup: [servers],
          ...common,
        },
      },
      { test: { name: "origin", include: ["test/origin/**/*.test.ts"], globalSetup: [servers], ...common } },
      { test: { name: "infra", include: ["test/infra/**/*.test.ts", "test/smoke/**/*.test.ts"], ...common } },
      "./test/worker/vitest.config.ts",
      { test: { name: "client", include: ["test/client/**/*.test.ts"], ...common } },
      { test: { name: "tools", include: ["test/tools/**/*.test.ts"], ...common } },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: [builds],
          ...common,
          // Browsers one at a time, after the rest: beside two others a check of a page's accessibility never ended.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          globalSetup: [servers, builds],
          ...common,
        },
      },
    ],
  },
});
