import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CURRENT_DATABASE_FILE, toolDatabase } from "../../origin/default-database.ts";
import { openStore } from "../../origin/store/open.ts";
import { startOrigin } from "./process.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "paridad-folder-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

it("a folder elsewhere that is missing is named, and not made", async () => {
  const missing = join(dir, "missing");
  await expect(openStore(`file:${missing}/x.sqlite`)).rejects.toThrow(`DATABASE_URL: there is no folder ${missing}`);
  expect(existsSync(missing)).toBe(false);
});

it("a folder below the working folder is made", async () => {
  const path = join(relative(process.cwd(), dir), "made", "x.sqlite");
  const store = await openStore(`file:${path}`);
  await store.close();
  expect(existsSync(join(dir, "made"))).toBe(true);
});

it("a tool uses DATABASE_URL, and without one the database of the last npm run dev", async () => {
  const url = `file:${dir}/generated.sqlite`;
  writeFileSync(join(dir, CURRENT_DATABASE_FILE), `${url}\n`);
  const chosen = () => toolDatabase({ PARIDAD_DIR: dir });
  // Named, but not there any more.
  expect(attempt(chosen)).not.toBe(url);
  await (await openStore(url)).close();
  expect(chosen()).toBe(url);
  expect(toolDatabase({ DATABASE_URL: "mysql://h/d", PARIDAD_DIR: dir })).toBe("mysql://h/d");
});

it("npm run migrate migrates the database that tools open, and says which one", async () => {
  const script = fileURLToPath(new URL("../../tools/operate/migrate.ts", import.meta.url));
  const migrate = async (env: Record<string, string>) => {
    const { ended, lines } = await startOrigin(script, env, { cwd: dir });
    expect({ code: await ended, lines }).toMatchObject({ code: 0 });
    return lines[0];
  };
  // Without any there is that of npm run origin, which is made.
  expect(await migrate({})).toBe("Database: SQLite, .paridad/paridad.sqlite");
  const path = join(dir, "generated.sqlite");
  writeFileSync(path, "");
  writeFileSync(join(dir, CURRENT_DATABASE_FILE), `file:${path}\n`);
  expect(await migrate({ PARIDAD_DIR: dir })).toBe(`Database: SQLite, ${path}`);
  for (const migrated of [path, join(dir, ".paridad", "paridad.sqlite")]) {
    const store = await openStore(`file:${migrated}`);
    await store.ping();
    await store.close();
  }
});

function attempt(choose: () => string): string {
  try {
    return choose();
  } catch (error) {
    return String(error);
  }
}
