import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildResult, build, type Metafile } from "esbuild";
import { documentFiles } from "#core/api/document-files.ts";
import { HASHED_FILES, HASHED_FILES_CACHE, SITE_HEADERS } from "#core/api/site-headers.ts";
import { readCommandLine } from "../../origin/command-line.ts";
import { LANGUAGES } from "../../web/lib/language.ts";
import { PAGES, type Page, pageHtml } from "../../web/shell.ts";
import { writeIfChanged } from "./write.ts";

/** `npm run web` builds the dashboard (web/): a page's HTML, its script and style under hashed names, and `_headers`. */

const WEB = fileURLToPath(String(new URL("../../web/", import.meta.url)));
export const SITE_FOLDER = fileURLToPath(String(new URL("../../dist/web", import.meta.url)));

/** Builds all pages into a folder, and removes what is no longer part of them. Unchanged files are left alone. */
export async function buildWeb(folder: string = SITE_FOLDER): Promise<void> {
  const result = await bundle(folder);
  const files = new Map(
    result.outputFiles.map(({ path, contents }) => [path.slice(folder.length + 1), new TextDecoder().decode(contents)]),
  );
  const icon = nameOf(result.metafile, folder, "static/icon.svg");
  for (const page of PAGES) {
    const { script, chunks, style } = filesOf(result.metafile, folder, page.name);
    const styles = [nameOf(result.metafile, folder, "styles/main.css"), ...(style ? [style] : [])];
    files.set(`${page.name}.html`, pageHtml(page, { script, chunks, styles, icon, words: await wordsOf(page) }));
  }
  for (const [name, file] of documentFiles()) files.set(`documents/${name}.json`, JSON.stringify(file));
  files.set("_headers", headersText());
  mkdirSync(join(folder, "assets"), { recursive: true });
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeIfChanged(join(folder, name), text);
  }
  const built = [...readdirSync(folder), ...readdirSync(join(folder, "assets")).map((name) => `assets/${name}`)];
  const isOld = (name: string) => /[.]html$|^assets[/].*[.](js|css|svg)$/.test(name) && !files.has(name);
  for (const name of built.filter(isOld)) rmSync(join(folder, name), { force: true });
}

function bundle(folder: string) {
  return build({
    entryPoints: [
      ...PAGES.map(({ name }) => ({ in: `${WEB}pages/${name}.tsx`, out: `assets/${name}` })),
      { in: `${WEB}styles/main.css`, out: "assets/main" },
      { in: `${WEB}static/icon.svg`, out: "assets/icon" },
    ],
    outdir: folder,
    entryNames: "[dir]/[name]-[hash]",
    chunkNames: "assets/chunk-[hash]",
    loader: { ".svg": "copy" },
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2023", "chrome115", "safari17", "firefox120"],
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    absWorkingDir: WEB,
    metafile: true,
    write: false,
    logLevel: "warning",
  });
}

/** Words in the HTML need no request of their own, and both languages are there at once. */
async function wordsOf({ words }: Page): Promise<string> {
  const read = async (language: string) => {
    const parts = await Promise.all(words.map((part) => import(`${WEB}/text/${language}/${part}.ts`)));
    return [language, Object.assign({}, ...parts)] as const;
  };
  return JSON.stringify(Object.fromEntries(await Promise.all(LANGUAGES.map(read))));
}

type Bundle = Awaited<ReturnType<typeof bundle>> & BuildResult;

/** The URL of the file that an entry point became. */
function nameOf(metafile: Bundle["metafile"], folder: string, entry: string): string {
  const [path] = outputOf(metafile, entry);
  return urlOf(path, folder);
}

function outputOf(metafile: Metafile, entry: string): [path: string, output: Metafile["outputs"][string]] {
  const found = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entry);
  if (!found) throw new Error(`${entry} is not in the build`);
  return found;
}

function filesOf(metafile: Metafile, folder: string, page: string) {
  const [path, { imports, cssBundle }] = outputOf(metafile, `pages/${page}.tsx`);
  const chunks = imports.filter(({ kind }) => kind === "import-statement").map((one) => urlOf(one.path, folder));
  return { script: urlOf(path, folder), chunks, style: cssBundle && urlOf(cssBundle, folder) };
}

/** Paths of the metafile are relative to the folder of the sources. */
function urlOf(path: string, folder: string): string {
  return join(WEB, path).slice(folder.length);
}

/** In Cloudflare's form: every path below a pattern gets the headers. */
function headersText(): string {
  const all = Object.entries(SITE_HEADERS).map(([name, value]) => `  ${name}: ${value}`);
  return `/*\n${all.join("\n")}\n\n${HASHED_FILES}*\n  Cache-Control: ${HASHED_FILES_CACHE}\n`;
}

if (import.meta.main) {
  const { positionals } = readCommandLine(
    `Usage: npm run web [-- FOLDER]\nBuilds the dashboard into FOLDER (dist/web).`,
    {},
    { maxPositionals: 1 },
  );
  await buildWeb(positionals[0]);
}
