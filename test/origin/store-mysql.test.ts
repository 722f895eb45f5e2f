import { createConnection } from "mysql2/promise";
import { describe, inject } from "vitest";
import { openStore } from "../../origin/store/open.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { describeStore } from "./store.conformance.ts";

/** For a busy machine: no statement takes so long where all is well. */
const PATIENCE_MS = 60_000;

describe("MySQL, through mysql2", () => {
  describeStore(async () => {
    const url = await createDatabaseAt(inject("mariadbUrl"));
    const store = await openStore(url, PATIENCE_MS);
    const connection = await createConnection(url);
    return {
      store,
      openAgain: () => openStore(url, PATIENCE_MS),
      execute: (sql) => connection.query(sql),
      close: async () => {
        await connection.end();
        await store.close();
      },
    };
  });
});
