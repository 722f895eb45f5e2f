import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import type { Page } from "#core/rates/page.ts";
import { openStore } from "../../origin/store/open.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { IDS, NOW_MS, USD } from "./data.ts";
import { startOrigin } from "./process.ts";
import { DAYS, readingOf } from "./store-readings.conformance.ts";

/** For a busy machine: no statement takes so long where all is well. */
const PATIENCE_MS = 60_000;

const SCRIPT = fileURLToPath(new URL("../../tools/operate/restored.ts", import.meta.url));

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "paridad-restored-"));
});
afterEach(() => rm(dir, { recursive: true }));

async function run(DATABASE_URL: string, ...args: string[]) {
  const { ended, lines } = await startOrigin(SCRIPT, { DATABASE_URL }, { args });
  return { code: await ended, printed: lines.join("\n") };
}

test("a backup of the middle of a day gets back what it lacks, and no version is given twice", async () => {
  const path = join(dir, "paridad.sqlite");
  const url = `file:${path}`;
  const given = new Map<number, string>();
  const note = (pages: readonly Page[]) => {
    for (const page of pages) {
      const text = JSON.stringify(page);
      expect(given.get(page.version) ?? text).toBe(text);
      given.set(page.version, text);
    }
  };
  const morning = DAYS.slice(0, 6);
  let store = await openStore(url, PATIENCE_MS);
  await store.migrate();
  note((await store.commit(readingOf(morning), NOW_MS)).pages);
  await store.close();
  await copyFile(path, `${path}.backup`);

  store = await openStore(url, PATIENCE_MS);
  const before = await store.digests(IDS);
  for (const day of DAYS.slice(6)) note((await store.commit(readingOf([day]), NOW_MS)).pages);
  const lost = await store.digests(IDS);
  await store.close();

  await rm(`${path}-wal`, { force: true });
  await copyFile(`${path}.backup`, path);
  expect(await run(url)).toMatchObject({
    code: 0,
    printed: expect.stringMatching(/^Database: SQLite, [\s\S]+New lineage/),
  });

  store = await openStore(url, PATIENCE_MS);
  const restored = await store.digests(IDS);
  expect(restored.lineage).not.toBe(before.lineage);
  expect(restored.max_seq).toBeGreaterThan(lost.max_seq);
  // Edges still base their readings on the highest version that they saw.
  const whole = { complete: { from: "2023-01-01", to: "2023-12-29" }, based_on: lost.max_seq };
  const commit = await store.commit(readingOf(DAYS, whole), NOW_MS);
  note(commit.pages);
  expect(commit).toMatchObject({ accepted: 4, unchanged: 6, overtaken: 0, pages: [{ observations: DAYS }] });
  expect((await store.digests(IDS)).pages[USD]?.["2023"]?.digest).toBe(lost.pages[USD]?.["2023"]?.digest);
  await store.close();
});

test("an empty MySQL is made ready, above the version that is given; again is no harm", async () => {
  const url = await createDatabaseAt(inject("mariadbUrl"));
  const first = await run(url, "--above", "5000");
  expect(first).toMatchObject({ code: 0, printed: expect.stringContaining("above 5000") });
  expect(first.printed).not.toMatch(/:\/\/|root|password/);
  expect(await run(url, "--above", "5000")).toMatchObject({ code: 0, printed: expect.stringContaining("above 5000") });
  const store = await openStore(url, PATIENCE_MS);
  expect((await store.commit(readingOf(DAYS.slice(0, 1)), NOW_MS)).pages[0]?.version).toBe(5001);
  await store.close();
});

test("says how it is used, and what is wrong", async () => {
  expect(await run("file::memory:", "--help")).toMatchObject({
    code: 0,
    printed: expect.stringMatching(/^Usage: npm run restored/),
  });
  expect(await run("file::memory:", "--above", "-1")).toMatchObject({ code: 2 });
  expect(await run("file::memory:", "--above", "9007199254740992")).toMatchObject({ code: 2 });
  expect(await run("ftp://user:secret@host/x")).toMatchObject({
    code: 1,
    printed: expect.not.stringContaining("secret"),
  });
});
