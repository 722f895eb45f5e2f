import { cp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * `npm run build:origin [-- FOLDER]`: what production runs, with nothing beside it but Node: server.mjs, migrate.mjs,
 * quarantine.mjs, restored.mjs and the migrations. Into dist/origin, or FOLDER, which is emptied first.
 */

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const out = process.argv[2] ?? here("../dist/origin");

await rm(out, { recursive: true, force: true });
await build({
  entryPoints: {
    server: here("index.ts"),
    migrate: here("migrate.ts"),
    quarantine: here("quarantine.ts"),
    restored: here("restored.ts"),
  },
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  minify: true,
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "linked",
  // Dependencies in CommonJS ask for Node's own modules by require.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
await cp(here("migrations"), `${out}/migrations`, { recursive: true });
