import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** docs/architecture.md is a newcomer's map: it must name every source file, and nothing else. */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["core", "worker", "origin", "web", "tools"];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
).filter((path) => /[.]tsx?$/.test(path));

/** Lines such as "- `core/money/decimal.ts`: …", or "- `core/api/endpoints/*`: …" for all files of a folder. */
const text = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
const lines = Array.from(
  text.matchAll(/^- `((?:core|worker|origin|web|tools)\/[^`]+)`: \S/gm),
  ([, path = ""]) => path,
);

const isNamedBy = (line: string, file: string) => line === file || line === `${dirname(file)}/*`;

it("has a line for every file", () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => !lines.some((line) => isNamedBy(line, file)))).toEqual([]);
});

it("has a file for every line, and no line twice", () => {
  expect(lines.filter((line) => !files.some((file) => isNamedBy(line, file)))).toEqual([]);
  expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
});
