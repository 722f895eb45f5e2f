import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import type { Page } from "#core/rates/page.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { batchOf, USD } from "./data.ts";
import { type OriginProcess, startOrigin } from "./process.ts";

/** The origin as it is run: its start, its end, and what production gets. */

const script = (name: string) => fileURLToPath(new URL(`../../origin/${name}`, import.meta.url));
const HEADERS = { Authorization: "Bearer local-edge-token-0123456789abcdef" };
const BATCH = JSON.stringify(batchOf([["2023-01-02", "19.5"]]));

let dir: string;
const started: OriginProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "paridad-origin-"));
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await rm(dir, { recursive: true });
});

async function start(
  name: string,
  env: Record<string, string> = {},
  cwd: string = process.cwd(),
): Promise<OriginProcess> {
  const origin = await startOrigin(name, { DATABASE_URL: `file:${dir}/paridad.sqlite`, ...env }, { cwd });
  started.push(origin);
  return origin;
}

function commit(url: string): Promise<Response> {
  return fetch(`${url}/internal/observations`, { method: "POST", headers: HEADERS, body: BATCH });
}

async function pageAt(url: string): Promise<Page> {
  return (await (await fetch(`${url}/internal/pages/${USD}/2023`, { headers: HEADERS })).json()) as Page;
}

describe("stopping", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s: what is under way is completed, nothing new begins",
    async (signal) => {
      const { url, child, line, ended } = await start(script("index.ts"));
      const agent = new Agent({ keepAlive: true });
      const idle = request(`${url}/health/live`, { agent }).end();
      const [live] = (await once(idle, "response")) as [IncomingMessage];
      await text(live);

      const underWay = request(`${url}/internal/observations`, {
        method: "POST",
        headers: { ...HEADERS, Expect: "100-continue", "Transfer-Encoding": "chunked" },
      });
      underWay.flushHeaders();
      await once(underWay, "continue");
      child.kill(signal);
      await line('"event":"stopping"');
      await expect(fetch(`${url}/health/live`)).rejects.toThrow();

      underWay.end(BATCH);
      const [response] = (await once(underWay, "response")) as [IncomingMessage];
      expect(response.statusCode).toBe(200);
      expect(response.headers.connection).toBe("close");
      expect(JSON.parse(await text(response))).toMatchObject({ accepted: 1 });
      expect(await ended).toBe(0);
      agent.destroy();
      expect(await readdir(dir)).toEqual(["paridad.sqlite"]);

      const again = await start(script("index.ts"));
      expect((await pageAt(again.url)).observations).toEqual([["2023-01-02", "19.5"]]);
    },
  );

  test("it ends where nobody reads its log any more", async () => {
    const { url, child, ended } = await start(script("index.ts"));
    child.stdout?.destroy();
    // Each request is a line of the log.
    const asking = (async () => {
      while (child.exitCode === null) await fetch(`${url}/health/live`).catch(() => undefined);
    })();
    expect(await ended).toBe(1);
    await asking;
  });

  test("killed at any moment, it has what it acknowledged", async () => {
    const { url, child, ended } = await start(script("index.ts"));
    expect((await commit(url)).status).toBe(200);
    child.kill("SIGKILL");
    await ended;
    const again = await start(script("index.ts"));
    expect((await pageAt(again.url)).version).toBe(1);
    expect(await (await commit(again.url)).json()).toMatchObject({ accepted: 0, unchanged: 1 });
  });
});

describe("starting", () => {
  test("with an environment that is not valid it ends with 1 and names every fault", async () => {
    const { lines, ended, url } = await start(script("index.ts"), { ENVIRONMENT: "prd", DATABASE_URL: "", PORT: "80" });
    expect(await ended).toBe(1);
    expect(url).toBe("");
    expect(lines.join("\n")).toMatch(/DATABASE_URL is required.*EDGE_TOKENS is required/);
  });

  test("where the port is taken it ends with 1", async () => {
    const { url } = await start(script("index.ts"));
    const second = await start(script("index.ts"), { PORT: new URL(url).port });
    expect(await second.ended).toBe(1);
    expect(second.lines.join()).toContain("EADDRINUSE");
  });

  test("what is no endpoint is told so, however it is written and however long", async () => {
    const { url } = await start(script("index.ts"));
    const ask = async (path: string) => {
      const [answer] = (await once(request(url, { path }).end(), "response")) as [IncomingMessage];
      const { code, instance } = JSON.parse(await text(answer));
      expect(answer.headers["access-control-allow-origin"]).toBe("*");
      return [answer.statusCode, code, instance];
    };
    expect(await ask("/api/v1/rates\\current\\x")).toEqual([404, "not_found", "/api/v1/rates/current/x"]);
    const long = `/api/v1/rates/current?x=${"x".repeat(40_000)}`;
    expect(await ask(long)).toEqual([400, "invalid_parameter", "/api/v1/rates/current"]);
  });

  test("over MySQL: migrate, then serve", async () => {
    const DATABASE_URL = await createDatabaseAt(inject("mariadbUrl"));
    const migration = await start(script("../tools/operate/migrate.ts"), { DATABASE_URL });
    expect(await migration.ended).toBe(0);
    const EDGE_TOKENS = "a-token-for-a-deployed-environment";
    const { url } = await start(script("index.ts"), { DATABASE_URL, ENVIRONMENT: "dev", EDGE_TOKENS });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const headers = { Authorization: `Bearer ${EDGE_TOKENS}` };
    const response = await fetch(`${url}/internal/observations`, { method: "POST", headers, body: BATCH });
    expect(await response.json()).toMatchObject({ accepted: 1 });
  });

  test("over MySQL without its tables it is not ready", async () => {
    const DATABASE_URL = await createDatabaseAt(inject("mariadbUrl"));
    const EDGE_TOKENS = "a-token-for-a-deployed-environment";
    const { url } = await start(script("index.ts"), { DATABASE_URL, ENVIRONMENT: "dev", EDGE_TOKENS });
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
});

test("the bundle stands by itself, in a folder of its own", async () => {
  const bundle = join(dir, "bundle");
  const build = await startOrigin(script("build.ts"), {}, { args: [bundle] });
  expect(await build.ended).toBe(0);
  const { url, child, ended } = await start("server.mjs", {}, bundle);
  expect((await commit(url)).status).toBe(200);
  expect((await fetch(`${url}/docs`)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  const DATABASE_URL = await createDatabaseAt(inject("mariadbUrl"));
  const commands = ["migrate", "quarantine", "restored", "accounts list", "replay --consumer hub --from 1"];
  for (const command of commands) {
    const [name = "", ...args] = command.split(" ");
    const { ended, lines } = await startOrigin(`${name}.mjs`, { DATABASE_URL }, { args, cwd: bundle });
    expect(await ended, `${command}: ${lines.join(" ")}`).toBe(0);
  }
});
