import type { TestProject } from "vitest/node";
import { startMariaDb } from "./mariadb.ts";
import { startRedis } from "./redis.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A server without a database: `createDatabaseAt(inject("mariadbUrl"))` makes one. */
    mariadbUrl: string;
    redisUrl: string;
  }
}

/** Starts MariaDB and Redis once for the whole run, and ends them after it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // One after the other, for each may install packages.
  const mariadb = await startMariaDb();
  const redis = await startRedis().catch(async (error) => {
    await mariadb.stop();
    throw error;
  });
  project.provide("mariadbUrl", mariadb.url);
  project.provide("redisUrl", redis.url);
  return async () => {
    await Promise.all([mariadb.stop(), redis.stop()]);
  };
}
