import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { faultsOf, ROOT } from "../../tools/dev/build.ts";
import { frameMapper } from "../../tools/dev/frames.ts";

describe("faults of a build", () => {
  it("are one line each, without a tool's frame and colours", () => {
    const place = "      worker/app.ts:69:16:\n        69 │ export const x: = 3;\n           ╵                 ^\n";
    const wrangler = `\u001b[31m✘ [ERROR] Build failed with 1 error:\n\n  ✘ \u001b[31m[ERROR] Unexpected "="\u001b[0m\n  \n${place}\n🪵  Logs were written to "/tmp/log"\n`;
    expect(faultsOf(wrangler)).toEqual(['worker/app.ts:69:16: Unexpected "="']);
    expect(faultsOf(`✘ [ERROR] Unexpected "="\n\n${place}`)).toEqual(['worker/app.ts:69:16: Unexpected "="']);
  });

  it("of another form are told as they are", () => {
    expect(faultsOf("\n✘ [ERROR] No such option\n\n")).toEqual(["✘ [ERROR] No such option"]);
  });
});

it("places in the bundle are told as places in the source", async () => {
  const folder = await mkdtemp(join(tmpdir(), "paridad-frames-"));
  try {
    const entry = join(folder, "source.ts");
    await writeFile(
      entry,
      "interface A {\n  b: string;\n}\nexport function fail(a: A): never {\n  throw new Error(a.b);\n}\n",
    );
    const file = join(folder, "index.js");
    await build({ entryPoints: [entry], outfile: file, sourcemap: true, format: "esm", write: true });
    const { fail } = (await import(file)) as { fail: (a: object) => never };
    let stack = "";
    try {
      fail({ b: "no" });
    } catch (error) {
      stack = String((error as Error).stack).split("\n")[1] ?? "";
    }
    const mapped = frameMapper(file)(stack.replace(/[^\s(]*index\.js[^:]*/, "index.js"));
    expect(mapped).toMatch(/source\.ts:5:9/);
    expect(frameMapper(join(ROOT, "nowhere/index.js"))("at f (index.js:1:2)")).toBe("at f (index.js:1:2)");
  } finally {
    await rm(folder, { recursive: true });
  }
});
