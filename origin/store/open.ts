import type { Store } from "./store.ts";

/** How long a database on another machine may take for one statement. */
const STATEMENT_TIMEOUT_MS = 5_000;

/**
 * The store that a URL stands for. Drivers are loaded when they are chosen, so that a start pays for one alone.
 * `file:PATH`: SQLite; `file::memory:`: SQLite in memory; `mysql://`: MySQL; `https://` (`http://` for one on this machine): PlanetScale.
 * Connects at the first statement, not here. Throws on a URL of no store.
 */
export async function openStore(url: string, statementTimeoutMs = STATEMENT_TIMEOUT_MS): Promise<Store> {
  if (url.startsWith("file:")) {
    const { SqliteStore } = await import("./sqlite.ts");
    return new SqliteStore(pathOf(url));
  }
  const { MySqlStore } = await import("./mysql.ts");
  switch (new URL(url).protocol) {
    case "mysql:": {
      const { connectMySql } = await import("./mysql2-database.ts");
      return new MySqlStore(connectMySql(url, statementTimeoutMs));
    }
    case "https:":
    case "http:": {
      const { connectPlanetScale } = await import("./planetscale-database.ts");
      return new MySqlStore(connectPlanetScale(url, statementTimeoutMs));
    }
    default:
      throw new Error("a store's URL begins with file:, mysql:// or https://");
  }
}

/** Whether the store lives in this process, which then brings its tables up to date at its start. */
export function isEmbedded(url: string): boolean {
  return url.startsWith("file:");
}

/** Which database a URL stands for, for people: without credentials. */
export function whichStore(url: string): string {
  if (isEmbedded(url)) return `SQLite, ${pathOf(url)}`;
  const { protocol, host, pathname } = new URL(url);
  return protocol === "mysql:" ? `MySQL, ${host}${pathname}` : `PlanetScale, ${host}`;
}

/** `file:a/b`, `file:/a/b` and `file:///a/b`, as people write them. */
function pathOf(url: string): string {
  const path = decodeURIComponent(url.slice("file:".length).replace(/^\/\/(?=\/)/, ""));
  return path === ":memory:" ? path : path.replace(/^\/\//, "");
}
