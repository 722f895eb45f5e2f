import { Client, DatabaseError } from "@planetscale/database";
import { eq, sql } from "drizzle-orm";
import { bigint, date, datetime, decimal, int, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { drizzle } from "drizzle-orm/planetscale-serverless";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from "vitest";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { startPlanetScale } from "../../tools/simulators/planetscale/simulator.ts";

const quotes = mysqlTable("quotes", {
  seq: bigint("seq", { mode: "number" }).autoincrement().primaryKey(),
  day: date("day", { mode: "string" }).notNull().unique(),
  rate: decimal("rate", { precision: 20, scale: 8 }),
  note: varchar("note", { length: 40 }),
  seenAt: datetime("seen_at", { mode: "string", fsp: 3 }),
  revision: int("revision").notNull().default(0),
});

let simulator: Awaited<ReturnType<typeof startPlanetScale>>;
let client: Client;
let db: ReturnType<typeof drizzle>;

beforeAll(async () => {
  const mysqlUrl = await createDatabaseAt(inject("mariadbUrl"));
  simulator = await startPlanetScale({ mysqlUrl });
  client = new Client({ url: simulator.clientUrl });
  db = drizzle(client);
  await client.execute(
    "CREATE TABLE quotes (seq BIGINT AUTO_INCREMENT PRIMARY KEY, day DATE NOT NULL UNIQUE, rate DECIMAL(20,8), note VARCHAR(40), seen_at DATETIME(3), revision INT NOT NULL DEFAULT 0)",
  );
});
beforeEach(() => client.execute("TRUNCATE quotes"));
afterEach(() => setFaults([]));
afterAll(() => simulator.stop());

function setFaults(faults: unknown) {
  return fetch(`${simulator.url}/__faults`, { method: "PUT", body: JSON.stringify(faults) });
}

async function count(): Promise<string> {
  const { rows } = await client.execute("SELECT COUNT(*) AS n FROM quotes", null, { as: "array" });
  return String((rows[0] as unknown[])[0]);
}

test("drizzle reads back exactly what it wrote: decimals, dates, text and NULL", async () => {
  const rows = [
    { day: "2023-12-29", rate: "16.91900000", note: "año 💱 'quoted' \\ \"", seenAt: "2023-12-29 18:00:00.123" },
    { day: "1991-11-12", rate: "123456789012.12345678", note: "", seenAt: null },
    { day: "2024-02-29", rate: null, note: null, seenAt: null },
  ];
  const written = await db.insert(quotes).values(rows);
  expect(written.rowsAffected).toBe(3);
  expect(written.insertId).toBe("1");
  const read = await db.select().from(quotes).orderBy(quotes.seq);
  expect(read).toEqual(rows.map((row, i) => ({ seq: i + 1, revision: 0, ...row })));
});

test("the protocol as the facts have it", async () => {
  const url = `${simulator.url}/psdb.v1alpha1.Database/`;
  const headers = { Authorization: `Basic ${btoa("paridad:local")}` };
  const ask = async (method: string, body: unknown) => {
    const response = await fetch(url + method, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const created = await ask("CreateSession", {});
  expect(created.body).toEqual({
    session: { signature: expect.any(String), vitessSession: { autocommit: true, sessionUUID: expect.any(String) } },
  });
  const query = "SELECT CAST(17.3485 AS DECIMAL(20,8)) AS rate, NULL AS nothing, CAST(7 AS UNSIGNED) AS n, 'a' AS t";
  const { body } = await ask("Execute", { query, session: created.body.session });
  expect(body).toEqual({
    session: created.body.session,
    result: {
      fields: [
        expect.objectContaining({ name: "rate", type: "DECIMAL", charset: 63, decimals: 8 }),
        expect.not.objectContaining({ type: expect.anything() }),
        expect.objectContaining({ name: "n", type: expect.stringMatching(/^UINT(32|64)$/) }),
        expect.objectContaining({ name: "t", type: "VARCHAR" }),
      ],
      rows: [{ lengths: ["11", "-1", "1", "1"], values: btoa("17.348500007a") }],
    },
    timing: expect.any(Number),
  });
  expect((await ask("Execute", {})).status).toBe(400);
  const wrong = await fetch(`${url}Execute`, { method: "POST", headers: { Authorization: "Basic eDp5" }, body: "{}" });
  expect(wrong.status).toBe(401);
});

test("an update counts the rows it found, changed or not", async () => {
  await db.insert(quotes).values({ day: "2023-12-29", rate: "1" });
  for (const expected of [1, 1]) {
    const result = await db.update(quotes).set({ rate: "2" }).where(eq(quotes.day, "2023-12-29"));
    expect(result.rowsAffected).toBe(expected);
  }
});

test("errors come with errno and sqlstate", async () => {
  await db.insert(quotes).values({ day: "2023-12-29" });
  const again = client.execute("INSERT INTO quotes (day) VALUES (?)", ["2023-12-29"]);
  await expect(again).rejects.toThrow(DatabaseError);
  await expect(again).rejects.toMatchObject({
    body: {
      code: "UNKNOWN",
      message: expect.stringMatching(/code = AlreadyExists .*\(errno 1062\) \(sqlstate 23000\)/),
    },
  });
  await expect(client.execute("SELEC 1")).rejects.toThrow("(errno 1064) (sqlstate 42000)");
  await expect(client.execute("SELECT 1; SELECT 2")).rejects.toThrow("(errno 1064)");
});

test("transactions commit whole, roll back whole, and keep to themselves", async () => {
  await db.transaction(async (tx) => {
    await tx.insert(quotes).values({ day: "2023-12-28" });
    expect(await count()).toBe("0");
    await tx.insert(quotes).values({ day: "2023-12-29" });
  });
  expect(await count()).toBe("2");
  const failing = db.transaction(async (tx) => {
    await tx.insert(quotes).values({ day: "2024-01-02" });
    await tx.insert(quotes).values({ day: "2023-12-29" });
  });
  await expect(failing).rejects.toThrow();
  expect(await count()).toBe("2");
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      db.transaction((tx) => tx.insert(quotes).values({ day: `2022-01-${String(i + 1).padStart(2, "0")}` })),
    ),
  );
  expect(await count()).toBe("22");
});

test("savepoints nest", async () => {
  await db.transaction(async (tx) => {
    await tx.insert(quotes).values({ day: "2023-12-28" });
    const inner = tx.transaction(async (nested) => {
      await nested.insert(quotes).values({ day: "2023-12-29" });
      nested.rollback();
    });
    await expect(inner).rejects.toThrow();
    await tx.insert(quotes).values({ day: "2024-01-02" });
  });
  const days = await db.select({ day: quotes.day }).from(quotes).orderBy(quotes.day);
  expect(days.map(({ day }) => day)).toEqual(["2023-12-28", "2024-01-02"]);
});

test("a transaction that its client forgets ends by itself, and says so", async () => {
  const forgetful = new Client({ url: simulator.clientUrl }).connection();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    await forgetful.execute("BEGIN");
    await forgetful.execute("INSERT INTO quotes (day) VALUES ('2023-12-29')");
    vi.advanceTimersByTime(20_000);
  } finally {
    vi.useRealTimers();
  }
  await client.execute("INSERT INTO quotes (day) VALUES ('2023-12-29')");
  await expect(forgetful.execute("SELECT 1")).rejects.toThrow("(errno 1317)");
  expect(await count()).toBe("1");
});

test("the session is in UTC", async () => {
  const rows = await db.execute(sql`SELECT @@session.time_zone AS zone`);
  expect(rows.rows).toEqual([{ zone: "+00:00" }]);
});

test("faults: reset, 503, and a commit whose answer is lost", async () => {
  await setFaults([{ type: "reset", times: 1 }]);
  await expect(client.execute("SELECT 1")).rejects.toThrow("fetch failed");
  await setFaults([{ type: "unavailable", times: 1 }]);
  await expect(client.execute("SELECT 1")).rejects.toThrow("HTTP 503");
  await setFaults([{ type: "lost_commit", times: 1 }]);
  await expect(db.transaction((tx) => tx.insert(quotes).values({ day: "2023-12-29" }))).rejects.toThrow("fetch failed");
  expect(await count()).toBe("1");
});
