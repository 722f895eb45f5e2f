import { defineConfig } from "vitest/config";
const patience = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 120_000 } } };
export default defineConfig({ test: { name: "p", include: ["test/**/*.test.ts"], exclude: ["test/worker/**"], setupFiles: ["/tmp/t5/prof-setup.ts"], globalSetup: process.env.SRV ? ["./tools/servers/setup.ts", "./tools/servers/builds.ts"] : [], ...patience } });
