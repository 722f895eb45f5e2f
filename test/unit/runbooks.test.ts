import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { expect, test } from "vitest";
import { policySchema } from "#core/ops/policy.ts";
import { banxico } from "#core/providers/banxico.ts";
import { ecb } from "#core/providers/ecb.ts";
import { breakerKeyOf, DEAD_LETTERS_KEY, ingestKeyOf, PURGE_REQUESTED_KEY, pageKeyOf } from "#core/wire/keys.ts";
import packageJson from "../../package.json" with { type: "json" };
import { thresholdsSchema } from "../../pulumi/observability/thresholds.ts";

/** A runbook that names what no longer exists is found out at night. */
const DIR = new URL("../../docs/runbooks", import.meta.url).pathname;
const ROOT = resolve(DIR, "../..");
const PAGES = readdirSync(DIR).filter((name) => name !== "README.md");
const read = (path: string) => readFileSync(path, "utf8");
const matches = (text: string, pattern: RegExp) => Array.from(text.matchAll(pattern), ([, found = ""]) => found);

/** Where an environment variable that a page names must be found. */
const SOURCES = ["worker/env.ts", "origin/env.ts", "core/ops/policy.ts", "wrangler.toml", "tools/operate/replay.ts"]
  .map((file) => read(`${ROOT}/${file}`))
  .join("\n");
/** Banxico's and the shell's own, and statements of SQL. */
const OTHERS = /^(ER_|E[A-Z]+$|PROTOCOL_|AUTO_INCREMENT|NEW$|OLD$)/;
const KEYS = [
  ingestKeyOf("banxico"),
  // In a loop over providers.
  ingestKeyOf(""),
  breakerKeyOf("banxico"),
  DEAD_LETTERS_KEY,
  PURGE_REQUESTED_KEY,
  pageKeyOf("banxico.SF43718", 2023),
  "paridad:v1:page:*",
  "paridad:v1:",
];

test("every alarm has a page", () => {
  const rows = read(`${DIR}/README.md`)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .join("\n");
  for (const alarm of Object.keys(thresholdsSchema.parse({}))) expect(rows).toContain(`\`${alarm}\``);
  for (const page of PAGES) expect(read(`${DIR}/README.md`)).toContain(`(${page})`);
});

test.each(PAGES)("%s says the four things in order", (name) => {
  expect(matches(read(`${DIR}/${name}`), /^## (.+)$/gm)).toEqual([
    "Symptom",
    "What the system already does",
    "What a person does",
    "How to check that it is over",
  ]);
});

test.each([...PAGES, "README.md"])("%s names only what there is", (name) => {
  const page = read(`${DIR}/${name}`);
  for (const link of matches(page, /\]\(([^)#]+)\)/g).filter((target) => !target.startsWith("https:")))
    expect(existsSync(resolve(dirname(`${DIR}/${name}`), link)), link).toBe(true);
  for (const script of matches(page, /npm run ([a-z:]+)/g)) expect(packageJson.scripts).toHaveProperty([script]);
  for (const key of matches(page, /(paridad:v1:[\w.:*-]*)/g)) expect(KEYS).toContain(key);
  for (const variable of matches(page, /`([A-Z][A-Z0-9]*_[A-Z0-9_]+)[`=]/g).filter((one) => !OTHERS.test(one)))
    expect(SOURCES, variable).toContain(variable);
});

test.each([...PAGES, "README.md"])(
  "%s changes a stack by infra:up only, which knows the image and the policies",
  (name) => {
    expect(read(`${DIR}/${name}`)).not.toMatch(/pulumi (up|config set)\b/);
  },
);

test("figures that the pages quote are those of the policy", () => {
  const policy = policySchema.parse({});
  expect(policy).toMatchObject({
    COLO_DEADLINE_MS: 50,
    REDIS_DEADLINE_MS: 150,
    ORIGIN_DEADLINE_MS: 1_500,
    BREAKER_FAILURES: 3,
    BREAKER_OPEN_MS: 60_000,
    REDIS_AWAY_FACTOR: 2,
    DATABASE_TROUBLE_FRESH_MS: 1_800_000,
    PUBLICATION_GRACE_MS: 900_000,
    MAX_PUBLICATIONS_MISSED: 5,
    RECONCILE_DAYS: 10,
  });
  expect(banxico.budget).toEqual({ perDay: 1_000, perFiveMinutes: 100 });
});

test("the pages that redis-loss counts are those of each series' years until 2026", () => {
  const [inBanxico, inEcb] = [banxico, ecb].map(({ series }) =>
    series.map(({ since, until = "2026" }) => Number(until.slice(0, 4)) - Number(since.slice(0, 4)) + 1),
  );
  const sum = (years: number[] = []) => years.reduce((all, count) => all + count, 0);
  expect(read(`${DIR}/redis-loss.md`)).toContain(`in 2026 ${sum(inBanxico)} of Banxico and ${sum(inEcb)} of the ECB`);
});
