import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ROOT } from "../../tools/dev/build.ts";
import { LOCAL } from "../../tools/dev/stack.ts";
import type { System } from "../../tools/dev/system.ts";

const DIR = `${ROOT}docs/runbooks`;
/** What runs without AWS and Cloudflare. */
const LOCAL_COMMAND =
  /^(curl |redis |quarantine( |$)|accounts |for |sudo docker exec |npm run (replay|restored|quarantine|accounts)( |$)|SELECT )/;
const TIMEOUT_MS = 60_000;

/** How a command ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Every command of the runbooks that a whole stack can take, as it is written there. */
export function localCommands(): { page: string; command: string }[] {
  const pages = readdirSync(DIR).sort();
  return pages.flatMap((page) => {
    const text = readFileSync(`${DIR}/${page}`, "utf8");
    const blocks = [...text.matchAll(/^ *```\n(.*?)^ *```/gms)].flatMap(([, block = ""]) => block.split("\n"));
    const inline = [...text.replace(/^ *```\n.*?^ *```/gms, "").matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
    const said = [...blocks, ...inline].map((line) => line.trim().replace(/^[A-Z_]+=\S+ ([A-Z_]+=\S+ )?(?=npm)/, ""));
    // What a person has to fill in first.
    return said
      .filter((line) => LOCAL_COMMAND.test(line) && !/<[a-z]|…|SERIES/.test(line))
      .map((command) => ({ page, command }));
  });
}

/** Runs a command in a shell that has what the pages say one has: the stack's addresses, tokens and helpers. */
export async function runCommand(system: System, command: string): Promise<Ended> {
  const { parts, urls, banxicoApi } = system.stack;
  const databaseUrl = parts.origin.plan.env?.DATABASE_URL ?? "";
  if (command.startsWith("SELECT ")) return sql(databaseUrl, command);
  const [helper = ""] = /^redis\(\) \{.*?\}$/ms.exec(readFileSync(`${DIR}/README.md`, "utf8")) ?? [];
  const script = `set -o pipefail
${helper}
sudo() { node "$ORIGIN_DIR/$6" "\${@:7}"; }
quarantine() { node "$ORIGIN_DIR/quarantine.mjs" "$@"; }
accounts() { node "$ORIGIN_DIR/accounts.mjs" "$@"; }
${command}`
    .replaceAll("https://paridad.example.com", urls.edge)
    .replaceAll("http://127.0.0.1:18788", urls.origin)
    .replaceAll("https://www.banxico.org.mx/SieAPIRest/service/v1", banxicoApi)
    // A stream has no end.
    .replace("curl -N", "curl --max-time 2 -N");
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    UPSTASH_REDIS_REST_URL: urls.redis,
    UPSTASH_REDIS_REST_TOKEN: LOCAL.redisToken,
    BANXICO_TOKEN: LOCAL.banxicoToken,
    OLD: LOCAL.edgeToken,
    LEAKED: "leaked",
    ORIGIN_DIR: dirname(parts.origin.plan.script),
  };
  return await new Promise((resolve) => {
    execFile("bash", ["--norc", "-c", script], { cwd: ROOT, env, timeout: TIMEOUT_MS }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

/** A statement on a stack's own SQLite file. */
function sql(databaseUrl: string, statement: string): Ended {
  const database = new DatabaseSync(databaseUrl.replace("file:", ""), { readOnly: true });
  try {
    // The pages are for MySQL.
    database.function("UNIX_TIMESTAMP", () => Math.floor(Date.now() / 1_000));
    return { code: 0, stdout: JSON.stringify(database.prepare(statement).all()), stderr: "" };
  } finally {
    database.close();
  }
}
