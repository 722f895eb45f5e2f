import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LocalApp } from "./local-app.ts";

/** The examples of the guides run as they are, but for the host. */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

let app: LocalApp;
beforeAll(async () => {
  app = await LocalApp.start();
});
afterAll(() => app?.stop());

/** Each block of code in a language, with the guide that has it. */
function blocks(language: string): [guide: string, code: string][] {
  return readdirSync(`${ROOT}docs/guides`).flatMap((name) => {
    const text = readFileSync(`${ROOT}docs/guides/${name}`, "utf8");
    const found = text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)\\n\`\`\`$`, "gm"));
    return Array.from(found, ([, code = ""]): [string, string] => [name, code]);
  });
}

const here = (code: string) => code.replaceAll("https://paridad.example.com", app.url);

test.each(blocks("sh"))("a shell runs that of %s", async (name, code) => {
  const { stdout } = await run("sh", ["-ec", here(code)]);
  expect(stdout).toContain(name.startsWith("invoice") ? "17.0" : "16.9190");
  expect(stdout).not.toContain('"code"');
});

test.each(blocks("python"))("Python runs that of %s", async (_, code) => {
  expect((await run("python3", ["-c", here(code)])).stdout).toBe("1693.59 2023-12-29\n");
});

test.each(blocks("ts"))("Node runs that of %s", async (_, code) => {
  const folder = mkdtempSync(join(ROOT, "test/client/snippet-"));
  try {
    const file = join(folder, "snippet.ts");
    // The package is not installed here: its source is next door.
    writeFileSync(file, here(code).replace('"@paridad/client"', '"../../../client/src/index.ts"'));
    expect((await run(process.execPath, ["--no-warnings", file])).stdout).toBe("16.9190 2023-12-29\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("there are examples for every tool that is promised", () => {
  for (const language of ["sh", "python", "ts", "powerquery"])
    expect([language, blocks(language).length > 0]).toEqual([language, true]);
});
