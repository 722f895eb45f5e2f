import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import { openStore } from "../../origin/store/open.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { batchOf, NOW_MS, USD } from "./data.ts";
import { startOrigin } from "./process.ts";

const SCRIPT = fileURLToPath(new URL("../../tools/operate/quarantine.ts", import.meta.url));

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "paridad-quarantine-"));
});
afterEach(() => rm(dir, { recursive: true }));

const databases: [name: string, url: () => Promise<string>][] = [
  ["SQLite", async () => `file:${dir}/paridad.sqlite`],
  ["MySQL", () => createDatabaseAt(inject("mariadbUrl"))],
];

describe.each(databases)("npm run quarantine, over %s", (_name, databaseUrl) => {
  test("shows what waits, and lets in what a person names", async () => {
    const DATABASE_URL = await databaseUrl();
    const run = async (...args: string[]) => {
      const { ended, lines } = await startOrigin(SCRIPT, { DATABASE_URL }, { args });
      return { code: await ended, printed: lines.join("\n") };
    };
    // The store stays open, as a running origin's does.
    const store = await openStore(DATABASE_URL);
    try {
      const empty = await run();
      expect(empty).toMatchObject({ code: 1, printed: expect.stringMatching(/quarantine.* \(npm run migrate /) });
      expect(empty.printed).not.toMatch(/select/i);
      await store.migrate();
      expect(await run()).toEqual({
        code: 0,
        printed: expect.stringMatching(/^Database: .+\nNothing is in quarantine\.$/),
      });
      await commitBatch(store, batchOf([["2023-01-02", "19.5"]]), NOW_MS);
      const jump = batchOf([["2023-01-03", "25.0000"]]);
      expect(await commitBatch(store, jump, NOW_MS)).toMatchObject({ quarantined: 1 });
      const shown = await run();
      expect(shown.code).toBe(0);
      expect(shown.printed).toMatch(/\nbanxico\.SF43718 2023-01-03 25\.0000 {2}\w+, quarantined \d{4}-\d\d-\d\dT/);
      expect(shown.printed).not.toMatch(/root|password|:\/\//);

      const other = await run(USD, "2023-01-03", "26");
      expect(other).toMatchObject({
        code: 1,
        printed: expect.stringContaining(`no value 26 of ${USD} on 2023-01-03 waits`),
      });
      for (const args of [[USD, "2023-01-03"], ["release", USD], ["drop"]])
        expect(await run(...args)).toEqual({ code: 2, printed: expect.stringMatching(/^Not a command: '.*$/) });
      expect(await run("release", USD, "2023-02-30")).toMatchObject({
        code: 2,
        printed: expect.stringMatching(/^Not a date in the form YYYY-MM-DD: '2023-02-30' /),
      });
      expect(await run("--help")).toMatchObject({
        code: 0,
        printed: expect.stringMatching(/^Usage: npm run quarantine/),
      });
      expect(await run(USD, "2023-01-03", "25")).toMatchObject({ code: 0 });
      expect((await store.pages(USD, 2023, 2023))[0]?.observations.at(-1)).toEqual(["2023-01-03", "25.0000"]);

      await commitBatch(
        store,
        batchOf([
          ["2023-01-04", "99"],
          ["2023-01-05", "98"],
          ["2023-01-06", "97"],
        ]),
        NOW_MS,
      );
      expect(await run("drop", USD, "2023-01-06")).toMatchObject({
        code: 0,
        printed: expect.stringContaining("Dropped 1"),
      });
      const released = await run("release", USD, "2023-01-01", "2023-12-31");
      expect(released).toMatchObject({ code: 0, printed: expect.stringContaining("Released 2") });
      expect((await store.pages(USD, 2023, 2023))[0]?.observations).toHaveLength(4);
    } finally {
      await store.close();
    }
  });
});
