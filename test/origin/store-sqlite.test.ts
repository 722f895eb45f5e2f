import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe } from "vitest";
import { openStore } from "../../origin/store/open.ts";
import { describeStore } from "./store.conformance.ts";

describe("SQLite, in a file", () => {
  describeStore(async () => {
    const dir = await mkdtemp(join(tmpdir(), "paridad-store-"));
    const path = join(dir, "paridad.sqlite");
    const store = await openStore(`file:${path}`);
    return {
      store,
      isEmbedded: true,
      // One instance has the file; a second connection in one process would wait for the first and stop it by that.
      openAgain: async () => store,
      execute: async (sql) => {
        const database = new DatabaseSync(path, { timeout: 5_000 });
        database.exec(sql);
        database.close();
      },
      close: async () => {
        await store.close();
        await rm(dir, { recursive: true });
      },
    };
  });
});
