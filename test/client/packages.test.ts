import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPackages } from "../../client/build.ts";
import { LocalApp } from "./local-app.ts";

/** What is published, built as it is published. */

const CLIENT = fileURLToPath(new URL("../../client", import.meta.url));
const run = promisify(execFile);

let app: LocalApp;
beforeAll(async () => {
  await buildPackages();
  app = await LocalApp.start();
});
afterAll(() => app?.stop());

describe("the client", () => {
  test("has nothing to complain of, and no source of ours in it but its own", async () => {
    const { messages } = await publint({ pkgDir: CLIENT, strict: true });
    expect(messages).toEqual([]);
  });

  test("imports openapi-fetch and nothing of Node's", () => {
    const text = readFileSync(join(CLIENT, "dist/index.js"), "utf8");
    const imported = [...text.matchAll(/(?:from|import|require)\s*\(?\s*"([^"]+)"/g)].map(([, name]) => name);
    expect(imported).toEqual(["openapi-fetch"]);
    expect(text).not.toMatch(/\bprocess\.|\bBuffer\b|\bglobal\./);
  });

  test("compiles with its declarations, strictly", async () => {
    const folder = mkdtempSync(join(CLIENT, "dist/use-"));
    try {
      const tsc = join(CLIENT, "../node_modules/typescript/bin/tsc");
      const use = `import { createParidad } from "../index.js";
export const rate: Promise<string> = createParidad({ baseUrl: "https://rates.example" }).current().then(({ rate }) => rate);
// @ts-expect-error A rate is no number.
export const wrong: Promise<number> = rate;
`;
      writeFileSync(join(folder, "use.ts"), use);
      const options = "--ignoreConfig --strict --noEmit --module nodenext --target es2022 --lib es2022,dom".split(" ");
      await run(process.execPath, [tsc, ...options, join(folder, "use.ts")]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the command", () => {
  const built = join(CLIENT, "cli/dist/paridad.js");
  const paridad = (...args: string[]) =>
    run(process.execPath, [built, ...args], { env: { PATH: "", PARIDAD_URL: app.url }, cwd: tmpdir() });

  test("is one file that runs by itself", async () => {
    expect(readFileSync(built, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(await paridad("fix")).toMatchObject({ stdout: "16.9190\t2023-12-29\n" });
  });

  test("ends with the code that says what happened", async () => {
    await expect(paridad("fix", "1980-01-01")).rejects.toMatchObject({ code: 5, stdout: "" });
    await expect(paridad("nope")).rejects.toMatchObject({ code: 2 });
  });

  test("has the version of its package", async () => {
    const { version } = JSON.parse(readFileSync(join(CLIENT, "cli/package.json"), "utf8"));
    expect((await paridad("--version")).stdout).toBe(`${version}\n`);
  });
});
