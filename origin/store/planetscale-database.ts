import { Client } from "@planetscale/database";
import { drizzle } from "drizzle-orm/planetscale-serverless";
import { migrate } from "drizzle-orm/planetscale-serverless/migrator";
import { migrationsFolder } from "../migrations.ts";
import type { MySqlConnection } from "./mysql.ts";

const STATEMENT_TIMEOUT_MS = 5_000;

/** PlanetScale over HTTP; each statement is one request. `http:` is for a database on this machine. */
export function connectPlanetScale(url: string): MySqlConnection {
  const client = new Client({
    url,
    fetch: (address, init) => {
      const { body, headers, method } = init ?? {};
      const request = { body, headers, method, signal: AbortSignal.timeout(STATEMENT_TIMEOUT_MS) };
      return fetch(address, request as RequestInit);
    },
  });
  const db = drizzle(client);
  return {
    db,
    migrate: () => migrate(db, { migrationsFolder: migrationsFolder("mysql") }),
    close: async () => undefined,
  };
}
