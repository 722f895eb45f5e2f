import { fileURLToPath } from "node:url";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { buildWeb } from "../../tools/generate/web.ts";
import { MAX_WORKERS } from "../../tools/servers/max-workers.ts";
import { SEED } from "../seed.ts";

const here = (path: string) => fileURLToPath(String(new URL(path, import.meta.url)));

// The binding of the assets needs their folder.
await buildWeb();

/** Tests of the edge, inside workerd with the bindings of the local environment. */
export default defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: here("../../wrangler.toml") } })],
  test: {
    name: "worker",
    isolate: false,
    provide: { seed: SEED },
    setupFiles: [here("../seed.setup.ts")],
    // Projects that run side by side must agree.
    maxWorkers: MAX_WORKERS,
    root: here("."),
    include: ["**/*.test.ts"],
    globalSetup: [here("./setup.ts")],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
