import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { openStore } from "../../origin/store/open.ts";
import { createDatabaseAt } from "../servers/mariadb.ts";
import { batchOf, NOW_MS, USD } from "./data.ts";
import { startOrigin } from "./process.ts";

const SCRIPT = fileURLToPath(new URL("../../origin/quarantine.ts", import.meta.url));

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
      await store.migrate();
      expect(await run()).toEqual({ code: 0, printed: "Nothing is in quarantine." });
      await store.commit(batchOf([["2023-01-02", "19.5"]]), NOW_MS);
      const jump = batchOf([["2023-01-03", "25.0000"]]);
      expect(await store.commit(jump, NOW_MS)).toMatchObject({ quarantined: 1 });
      const shown = await run();
      expect(shown.code).toBe(0);
      expect(shown.printed).toMatch(/^banxico\.SF43718 2023-01-03 25\.0000 {2}\w+, quarantined \d{4}-\d\d-\d\dT/);

      const other = await run(USD, "2023-01-03", "25");
      expect(other).toEqual({
        code: 1,
        printed: `no value 25 of ${USD} on 2023-01-03 is in quarantine for a jump: nothing else can be let in`,
      });
      expect(await run(USD, "2023-01-03")).toMatchObject({
        code: 1,
        printed: expect.stringMatching(/^usage: npm run/),
      });
      expect(await run(USD, "2023-01-03", "25.0000")).toMatchObject({ code: 0 });
      expect(await store.commit(jump, NOW_MS)).toMatchObject({ accepted: 1, quarantined: 0 });
    } finally {
      await store.close();
    }
  });
});
