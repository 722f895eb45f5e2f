import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { rules } from "../../pulumi/policies/rules.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}docs/decisions/0007-controls-and-what-holds-them.md`, "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| control"));

it.each(rows)("%s", (row) => {
  const [, , made = "", held = ""] = row.split("|");
  const files = [...`${made} ${held}`.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
  for (const file of files) expect(existsSync(root + file), file).toBe(true);
  expect(made).toContain("`");
  expect(held).toMatch(/policy|policies|preflight|`/);
  const named = /polic(?:y|ies) ([\w-]+)(?: and ([\w-]+))?/.exec(held)?.slice(1).filter(Boolean) ?? [];
  for (const name of named) expect(rules.map((rule) => rule.name)).toContain(name);
});
