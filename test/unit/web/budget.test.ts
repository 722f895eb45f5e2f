import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildWeb } from "../../../tools/generate/web.ts";
import { PAGES } from "../../../web/shell.ts";

/** What a reader downloads, on the files as they are served. */

const KB = 1_000;
const MAX_SCRIPT_BYTES: Record<string, number> = { index: 15 * KB, explore: 45 * KB };
const MAX_OTHER_SCRIPT_BYTES = 20 * KB;
const MAX_STYLE_BYTES = 8 * KB;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "paridad-web-"));
  await buildWeb(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (path: string) => readFileSync(join(folder, path), "utf8");

/** Every file that a page's HTML leads to, those that its scripts import among them. */
function filesOf(html: string, ending: string): string[] {
  const found = new Set<string>();
  const follow = (text: string) => {
    for (const [, path = ""] of text.matchAll(new RegExp(`["'](?:/assets|[.])/([\\w-]+[.]${ending})["']`, "g"))) {
      if (found.has(path)) continue;
      found.add(path);
      follow(read(`assets/${path}`));
    }
  };
  follow(html);
  return [...found];
}

function gzipped(files: readonly string[]): number {
  return files.reduce((sum, path) => sum + gzipSync(read(`assets/${path}`), { level: 9 }).length, 0);
}

it.each(PAGES.map(({ name }) => name))("%s.html leads to no more than it may", (name) => {
  const html = read(`${name}.html`);
  const scripts = filesOf(html, "js");
  const styles = filesOf(html, "css");
  expect(scripts.length).toBeGreaterThan(1);
  expect(styles.length).toBeGreaterThan(0);
  expect(gzipped(scripts)).toBeLessThan(MAX_SCRIPT_BYTES[name] ?? MAX_OTHER_SCRIPT_BYTES);
  expect(gzipped(styles)).toBeLessThan(MAX_STYLE_BYTES);
});

it("the chart library is loaded only where a chart is explored", () => {
  const withIt = PAGES.filter(({ name }) =>
    filesOf(read(`${name}.html`), "js").some((path) => read(`assets/${path}`).includes("u-over")),
  );
  expect(withIt.map(({ name }) => name)).toEqual(["explore"]);
});

it("the same sources give the same names, and old files go", async () => {
  const before = readdirSync(join(folder, "assets"));
  await buildWeb(folder);
  expect(readdirSync(join(folder, "assets"))).toEqual(before);
});

it("pages hold nothing that the policy refuses, and name no other host", () => {
  for (const { name } of PAGES) {
    const html = read(`${name}.html`);
    expect(html).not.toMatch(/\s(style|on\w+)=|javascript:|https?:\/\/(?!www\.w3\.org)/);
    expect(html).not.toMatch(/<script(?! type="(module" src="\/assets\/|application\/json"))/);
  }
});
