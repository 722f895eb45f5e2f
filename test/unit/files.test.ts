import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

/** Small files, shallow folders, no barrels. Who may import whom: .dependency-cruiser.mjs. */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["core", "worker", "origin", "pulumi", "web", "tools", "test"];

const MAX_LINES = 250;
const MAX_DEPTH = 2;

/** Longer than that today. Nothing joins them: a file that is shortened or split leaves the list. */
const LONGER = [
  "test/origin/internal.test.ts",
  "test/origin/store-readings.conformance.ts",
  "test/origin/store.conformance.ts",
  "test/simulators/banxico.test.ts",
  "test/simulators/upstash.test.ts",
  "test/system/security.test.ts",
  "test/unit/providers/banxico-responses.test.ts",
  "tools/fuzz/hostile.ts",
  "tools/simulators/upstash/memory.ts",
];

/** Not modules of ours but a package under another name, for the bundler: it forwards by nature. */
const ALIASES = ["worker/zod.ts", "worker/zod-openapi.ts"];

const sources = FOLDERS.flatMap(filesUnder).map((path) => {
  const text = readFileSync(join(ROOT, path), "utf8");
  return { path, text, lines: text.split("\n").length - 1 };
});

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => /[.]tsx?$/.test(path) && !path.includes("node_modules") && !ALIASES.includes(path))
    .sort();
}

function isBarrel(path: string, text: string): boolean {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return statements.some(ts.isExportDeclaration) && statements.every(isForwarding);
}

function isForwarding(statement: ts.Statement): boolean {
  return ts.isImportDeclaration(statement) || (ts.isExportDeclaration(statement) && !!statement.moduleSpecifier);
}

describe("files", () => {
  it("are found", () => expect(sources.length).toBeGreaterThan(200));

  it("are no barrels", () => {
    expect(sources.filter(({ path, text }) => isBarrel(path, text)).map(({ path }) => path)).toEqual([]);
  });

  it(`have at most ${MAX_LINES} lines, tools and tests too`, () => {
    const long = sources.filter(({ lines }) => lines > MAX_LINES).map(({ path }) => path);
    expect(long.filter((path) => !LONGER.includes(path))).toEqual([]);
    expect(LONGER.filter((path) => !long.includes(path))).toEqual([]);
  });

  it(`lie at most ${MAX_DEPTH} folders deep in their host`, () => {
    const deep = sources
      .filter(({ path }) => !path.startsWith("test/"))
      .map(({ path }) => dirname(path))
      .filter((folder) => folder.split("/").length - 1 > MAX_DEPTH);
    expect([...new Set(deep)]).toEqual([]);
  });
});
