import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { ensureCommands } from "../../tools/servers/packages.ts";
import { graphOf, one } from "./graphs.ts";

const execute = promisify(execFile);
const text = await readFile(fileURLToPath(new URL("../../docs/deploy.md", import.meta.url)), "utf8");
const blocks = [...text.matchAll(/^```\n(.*?)^```/gms)].map(([, block = ""]) => block);

describe("docs/deploy.md", () => {
  it("has commands that bash can read and shellcheck finds no error in", async () => {
    const { shellcheck = "" } = await ensureCommands({ shellcheck: "shellcheck" });
    const folder = await mkdtemp(join(tmpdir(), "paridad-docs-"));
    try {
      expect(blocks.length).toBeGreaterThan(10);
      for (const block of blocks) {
        const path = join(folder, "block.sh");
        await writeFile(path, `#!/bin/bash\n${block}`);
        // Variables and functions of another block, options that are left open (…), and cd without a way back.
        const excluded = "SC2154,SC2034,SC2164,SC2086,SC2046,SC2103";
        await execute(shellcheck, ["--severity=warning", `--exclude=${excluded}`, path]).catch(
          (error: { stdout: string }) => {
            throw new Error(error.stdout);
          },
        );
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 900_000);

  it("names no script that there is none of, and no bare `pulumi up` but in the tear-down", () => {
    for (const [, script = ""] of text.matchAll(/npm run ([\w:-]+)/g)) {
      expect(Object.keys(packageJson.scripts), script).toContain(script);
    }
    expect(
      blocks.filter((block) => block.includes("pulumi up")).every((block) => block.includes("PARIDAD_IMAGE_DIGEST")),
    ).toBe(true);
    expect(text).not.toMatch(/put-secret-value.*--secret-string (?!file:)/);
  });

  it("gives Cloudflare the countries that the firewall refuses", async () => {
    const rules = one(await graphOf("prd"), "aws:wafv2/webAcl:WebAcl").inputs.rules as {
      name: string;
      statement: { geoMatchStatement?: { countryCodes: string[] } };
    }[];
    const codes =
      rules.find(({ name }) => name === "blocked-countries")?.statement.geoMatchStatement?.countryCodes ?? [];
    expect(text).toContain(`ip.src.country in {${codes.map((code) => `\\"${code}\\"`).join(" ")}}`);
  });
});
