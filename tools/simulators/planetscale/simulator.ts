import type { ResultSetHeader } from "mysql2/promise";
import { z } from "zod";
import { Faults, fault, sufferTransport, transportFaults } from "../faults.ts";
import { createSimulatorApp, RequestLog, type Simulator, serveSimulator } from "../server.ts";
import { LostTransactionError, Sessions } from "./sessions.ts";
import { type Column, toField, toRow } from "./wire.ts";

/** How the PlanetScale simulator is set up. */
export interface PlanetScaleOptions {
  readonly port?: number;
  /** The database behind it, e.g. `mysql://root@127.0.0.1:3306/paridad`. */
  readonly mysqlUrl: string;
  readonly username?: string;
  readonly password?: string;
  /** How long an idle transaction lives; Vitess's 20 s by default. */
  readonly transactionTimeoutMs?: number;
}

/** `lost_commit`: a COMMIT is executed and its response lost, so that the client cannot know. */
const faultSchema = z.discriminatedUnion("type", [...transportFaults({}), fault("lost_commit", {})]);
type PlanetScaleFault = z.infer<typeof faultSchema>;

const executeSchema = z.object({
  query: z.string(),
  session: z
    .object({ vitessSession: z.object({ sessionUUID: z.string(), inTransaction: z.boolean().optional() }) })
    .nullish(),
});

/** Starts PlanetScale's HTTP protocol over a MySQL or MariaDB; `clientUrl` is what clients connect to. */
export async function startPlanetScale(
  options: PlanetScaleOptions,
): Promise<Simulator & { readonly clientUrl: string }> {
  const { username = "paridad", password = "local" } = options;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const sessions = new Sessions(options.mysqlUrl, options.transactionTimeoutMs ?? 20_000);
  const faults = new Faults<PlanetScaleFault>();
  const requests = new RequestLog();
  const app = createSimulatorApp({ faults, faultSchema, requests });

  app.use("/psdb.v1alpha1.Database/*", async (c, next) => {
    if (c.req.header("Authorization") === authorization) return next();
    return c.json({ error: { code: "UNAUTHENTICATED", message: "invalid authorization credentials" } }, 401);
  });

  app.post("/psdb.v1alpha1.Database/CreateSession", async (c) => {
    requests.record("session", "CreateSession");
    const suffered = await sufferTransport(
      c,
      faults.forRequest(({ type }) => type !== "lost_commit"),
    );
    return suffered ?? c.json({ session: sessions.issue() });
  });

  app.post("/psdb.v1alpha1.Database/Execute", async (c) => {
    const parsed = executeSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return c.json({ error: { code: "INVALID_ARGUMENT", message: "malformed request" } }, 400);
    const { query, session } = parsed.data;
    requests.record("execute", query.trim().split(/\s+/, 1)[0]?.toUpperCase() ?? "");
    const struck = faults.forRequest(({ type }) => type !== "lost_commit" || /^\s*commit\b/i.test(query));
    const suffered = await sufferTransport(c, struck);
    if (suffered !== undefined) return suffered;

    const id = session?.vitessSession.sessionUUID ?? sessions.issue().vitessSession.sessionUUID;
    const startedAt = performance.now();
    const outcome = await sessions.query(id, query, session?.vitessSession.inTransaction === true).then(
      ([result, columns]) => ({ result: toResult(result, columns as unknown as Column[] | undefined) }),
      (error: unknown) => ({ error: { code: "UNKNOWN", message: describe(error, query) } }),
    );
    if (struck.some(({ type }) => type === "lost_commit")) {
      const lost = await sufferTransport(c, [{ type: "reset" }]);
      if (lost !== undefined) return lost;
    }
    return c.json({ session: sessions.issue(id), ...outcome, timing: (performance.now() - startedAt) / 1_000 });
  });

  const simulator = await serveSimulator(app, options.port, () => sessions.close());
  const clientUrl = new URL(simulator.url);
  clientUrl.username = username;
  clientUrl.password = password;
  return { ...simulator, clientUrl: clientUrl.toString() };
}

function toResult(result: unknown, columns: Column[] | undefined) {
  if (Array.isArray(result)) return { fields: columns?.map(toField) ?? [], rows: result.map(toRow) };
  const { affectedRows, insertId } = result as ResultSetHeader;
  return {
    ...(affectedRows === 0 ? {} : { rowsAffected: String(affectedRows) }),
    ...(String(insertId) === "0" ? {} : { insertId: String(insertId) }),
  };
}

/** A database error in Vitess's words; drivers read errno and sqlstate out of them. */
function describe(error: unknown, sql: string): string {
  const { errno, sqlState, message } = error as { errno?: number; sqlState?: string; message: string };
  if (sqlState === undefined)
    return "target: paridad.-.primary: vttablet: rpc error: code = Unavailable desc = no connection";
  const code = error instanceof LostTransactionError ? "Aborted" : (grpcCodes[errno ?? 0] ?? "Unknown");
  const [verb = ""] = sql.trim().split(/\s+/, 1);
  return (
    `target: paridad.-.primary: vttablet: rpc error: code = ${code} desc = ${message} ` +
    `(errno ${errno}) (sqlstate ${sqlState}) (CallerID: simulator): Sql: "${verb.toLowerCase()} …", BindVars: {REDACTED}`
  );
}

const grpcCodes: Record<number, string> = {
  1062: "AlreadyExists",
  1064: "InvalidArgument",
  1146: "NotFound",
  1205: "DeadlineExceeded",
  1213: "Aborted",
};
