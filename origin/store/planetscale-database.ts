import { Client } from "@planetscale/database";
import { drizzle } from "drizzle-orm/planetscale-serverless";
import { migrate } from "drizzle-orm/planetscale-serverless/migrator";
import { migrationsFolder } from "../migrations.ts";
import type { MySqlConnection } from "./mysql.ts";

/**
 * PlanetScale over HTTP; each statement is one request, given up after `statementTimeoutMs`. `http:` is for a database on
 * this machine.
 */
export function connectPlanetScale(url: string, statementTimeoutMs: number): MySqlConnection {
  const client = new Client({
    url,
    fetch: (address, init) => {
      const { body, headers, method } = init ?? {};
      const request = { body, headers, method, signal: AbortSignal.timeout(statementTimeoutMs) };
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
