import { createConnection } from "mysql2/promise";
import { describe, inject } from "vitest";
import { openStore } from "../../origin/store/open.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { startPlanetScale } from "../../tools/simulators/planetscale/simulator.ts";
import { describeStore } from "./store.conformance.ts";

/** For a busy machine: no statement takes so long where all is well. */
const PATIENCE_MS = 60_000;

describe("PlanetScale, over HTTP", () => {
  describeStore(async () => {
    const mysqlUrl = await createDatabaseAt(inject("mariadbUrl"));
    const simulator = await startPlanetScale({ mysqlUrl });
    const store = await openStore(simulator.clientUrl, PATIENCE_MS);
    const connection = await createConnection(mysqlUrl);
    return {
      store,
      openAgain: () => openStore(simulator.clientUrl, PATIENCE_MS),
      execute: (sql) => connection.query(sql),
      close: async () => {
        await connection.end();
        await store.close();
        await simulator.stop();
      },
    };
  });
});
