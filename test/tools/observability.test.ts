import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { DASHBOARDS } from "../../tools/observability/dashboards.ts";
import { observabilityFiles, RULES_FILE } from "../../tools/observability/files.ts";
import { ruleGroups } from "../../tools/observability/rules.ts";
import { BURN_WINDOWS, burnWindowsOf, SLOS } from "../../tools/observability/slo.ts";
import { promtool } from "../../tools/servers/prometheus.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RULE_TESTS = join(ROOT, "tools/observability/rules.test.yaml");

const alerts = ruleGroups().flatMap(({ rules }) => rules.filter((rule) => "alert" in rule));
const panels = DASHBOARDS.flatMap(({ title, panels }) =>
  panels.map((panel) => ({ name: `${title}/${panel.title}`, panel })),
);

/** Whether promtool parses each expression: as rules of a file. */
async function parse(exprs: readonly string[]) {
  const dir = await mkdtemp(join(tmpdir(), "paridad-exprs-"));
  try {
    const rules = exprs.map((expr, index) => ({ record: `expr:${index}`, expr }));
    await writeFile(join(dir, "rules.yaml"), stringify({ groups: [{ name: "exprs", rules }] }));
    return await promtool(["check", "rules", join(dir, "rules.yaml")]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

test("the generated files are those of the sources, and no others", () => {
  const files = observabilityFiles();
  for (const [file, text] of files) expect(readFileSync(file, "utf8"), `${file}: npm run observability`).toBe(text);
  const folder = join(ROOT, "tools/observability/generated");
  const found = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  expect(found.sort()).toEqual(files.map(([file]) => file).sort());
});

test("promtool accepts the rules, and they do what their tests say", async () => {
  const checked = await promtool(["check", "rules", RULES_FILE]);
  expect(checked, checked.output).toMatchObject({ isOk: true });
  const tested = await promtool(["test", "rules", RULE_TESTS]);
  expect(tested, tested.output).toMatchObject({ isOk: true });
});

test("each alert has a test, and a runbook that exists", () => {
  const tests = readFileSync(RULE_TESTS, "utf8");
  expect(alerts.length).toBeGreaterThan(30);
  for (const { alert, annotations, labels } of alerts) {
    expect(tests).toContain(alert);
    if (labels.slo !== undefined) expect(tests).toContain(labels.slo.replace("origin-latency", "edge-latency"));
    expect(existsSync(join(ROOT, annotations.runbook)), annotations.runbook).toBe(true);
  }
});

test("no burn alert asks for more bad events than there are events", () => {
  for (const slo of SLOS) {
    const windows = burnWindowsOf(slo);
    expect(windows.length).toBeGreaterThan(1);
    for (const { factor } of windows) expect(factor * slo.budget).toBeLessThan(1);
    expect(windows.some(({ long }) => long === BURN_WINDOWS.at(-1)?.long)).toBe(true);
  }
});

test("every panel's expression parses", async () => {
  const exprs = panels.flatMap(({ panel }) => panel.queries.map(([, expr]) => expr));
  expect(exprs.length).toBeGreaterThan(60);
  const parsed = await parse(exprs);
  expect(parsed, parsed.output).toMatchObject({ isOk: true });
  expect(await parse(["sum(rate(nothing[5m])"])).toMatchObject({ isOk: false });
});

test("a legend names only labels that its expression keeps", () => {
  for (const { name, panel } of panels)
    for (const [legend, expr] of panel.queries)
      for (const [, label = ""] of legend.matchAll(/{{(\w+)}}/g)) {
        const kept = /\bby \(([^)]*)\)/.exec(expr)?.[1]?.split(", ");
        expect(kept ?? [label], `${name}: ${legend}`).toContain(label);
      }
});

test("no dashboard has two panels of one title, or a query without a legend", () => {
  for (const { panels } of DASHBOARDS) {
    const titles = panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(panels.flatMap(({ queries }) => queries).filter(([legend]) => legend === "")).toEqual([]);
  }
});
