import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Builds what is published: `@paridad/client` for any runtime, and the command `paridad` as one file for Node 20 and newer. */

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Builds both packages into a folder each. */
export async function buildPackages(clientDir = `${HERE}dist`, cliDir = `${HERE}cli/dist`): Promise<void> {
  for (const dir of [clientDir, cliDir]) rmSync(dir, { recursive: true, force: true });
  await build({
    entryPoints: [`${HERE}src/index.ts`],
    outfile: `${clientDir}/index.js`,
    bundle: true,
    format: "esm",
    // So that anything of Node's would be an error.
    platform: "neutral",
    target: "es2022",
    external: ["openapi-fetch"],
    logLevel: "error",
  });
  declare(clientDir);
  await build({
    entryPoints: [`${HERE}cli/src/main.ts`],
    outfile: `${cliDir}/paridad.js`,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: { js: "#!/usr/bin/env node" },
    logLevel: "error",
  });
}

function declare(outDir: string): void {
  const typescript = createRequire(import.meta.url).resolve("@typescript/native/package.json");
  const options = [
    "--noEmit",
    "false",
    "--declaration",
    "--emitDeclarationOnly",
    "--rootDir",
    `${HERE}src`,
    "--outDir",
    outDir,
  ];
  execFileSync(process.execPath, [join(dirname(typescript), "bin/tsc"), "-p", `${HERE}tsconfig.json`, ...options], {
    stdio: "inherit",
  });
}

if (import.meta.main) await buildPackages();
