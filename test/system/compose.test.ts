import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { buildOrigin, IMAGE_ENV, ROOT } from "../../tools/dev/build.ts";
import { Part } from "../../tools/dev/part.ts";
import { freePorts } from "../../tools/dev/ports.ts";
import { until } from "../../tools/dev/system.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { startPrometheus } from "../../tools/servers/prometheus.ts";

/** compose.yaml without Docker: each service's command and environment, as processes of this machine. */

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, unknown> | string[];
}

const text = readFileSync(`${ROOT}compose.yaml`, "utf8");
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> };
const { services } = compose;
const PORTS = { edge: "8787", origin: "8788", banxico: "8789", upstash: "8790" } as const;

const dir = mkdtempSync(join(tmpdir(), "paridad-compose-"));
const parts: Part[] = [];
let place: (value: string) => string;

beforeAll(async () => {
  const first = await freePorts(4);
  const portOf = new Map<string, string>(Object.entries(PORTS).map(([, port], index) => [port, String(first + index)]));
  const redisUrl = inject("redisUrl");
  const databaseUrl = await createDatabaseAt(inject("mariadbUrl"));
  // What Docker would do: names of services become addresses, and variables their defaults.
  place = (value) =>
    value
      .replaceAll(/\$\{\w+:-([^}]*)\}/g, "$1")
      .replace("redis://redis:6379", redisUrl)
      .replace("mysql://root@mysql:3306/paridad", databaseUrl)
      .replaceAll(
        /\b(edge|origin|banxico|upstash):(87\d\d)/g,
        (_, _name, port) => `127.0.0.1:${portOf.get(port as string)}`,
      )
      .replaceAll(/^87\d\d$/g, (port) => portOf.get(port) ?? port)
      .replaceAll("0.0.0.0", "127.0.0.1")
      .replace("/tmp/edge", `${dir}/edge`);
  await buildOrigin(`${dir}/origin`, { isReadable: false, signal: new AbortController().signal });
  const ready = { edge: /^edge ready/, origin: /"event":"listening"/, banxico: /ready/, upstash: /ready/ };
  for (const name of ["banxico", "upstash", "origin", "edge"] as const) {
    const { command = ["node", `${dir}/origin/server.mjs`], environment = {} } = services[name] as Service;
    const [, script = "", ...args] = command.map(place);
    const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, place(value)]));
    parts.push(
      new Part({
        name,
        url: `http://${place(`${name}:${PORTS[name]}`)}`,
        script: script.startsWith("/") ? script : `${ROOT}${script}`,
        args,
        nodeArgs: [],
        env: name === "origin" ? { ...IMAGE_ENV, ...env } : env,
        ready: ready[name],
        onLine: () => undefined,
        onDeath: () => undefined,
      }),
    );
  }
  await Promise.all(parts.map((part) => part.start()));
});
afterAll(async () => {
  for (const part of parts.reverse()) await part.stop();
  rmSync(dir, { recursive: true, force: true });
});

test("the services, run as they are written, serve rates that their own cron has read", async () => {
  const url = `http://${place("edge:8787")}/api/v1/rates/current`;
  await until("a rate is served", async () => (await fetch(url)).status === 200);
  expect(await (await fetch(url)).json()).toMatchObject({ base: "USD", quote: "MXN" });
});

test("rates that are made up and rates of real banks are never mixed, unless somebody asks for it", async () => {
  const response = await fetch(`http://${place("edge:8787")}/api/v1/providers`);
  const { providers } = (await response.json()) as { providers: { id: string }[] };
  expect(providers.map(({ id }) => id).sort()).toEqual(["banxico", "parities"]);
});

test("Prometheus scrapes both hosts with the configuration that it is given", async () => {
  const config = readFileSync(`${ROOT}tools/compose/prometheus.yaml`, "utf8")
    .replace("/etc/prometheus/rules.yaml", `${ROOT}tools/observability/generated/rules.yaml`)
    .replace("scrape_interval: 15s", "scrape_interval: 1s");
  const targets = config.replaceAll(/"(edge|origin):(\d+)"/g, (_, name, port) => `"${place(`${name}:${port}`)}"`);
  const prometheus = await startPrometheus(targets);
  try {
    await until("both are up", async () => {
      const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent("up == 1")}`);
      return ((await response.json()) as { data: { result: unknown[] } }).data.result.length === 2;
    });
  } finally {
    await prometheus.stop();
  }
});

test("every file, service and volume that is named exists, and every image has a version", () => {
  for (const [name, { image, build, volumes = [], depends_on = {} }] of Object.entries(services)) {
    if (build) expect(existsSync(`${ROOT}${build.dockerfile}`), name).toBe(true);
    else expect(image, name).toMatch(/:v?\d+\.\d+/);
    for (const other of Array.isArray(depends_on) ? depends_on : Object.keys(depends_on))
      expect(Object.keys(services)).toContain(other);
    for (const volume of volumes) {
      const [source = ""] = volume.split(":");
      if (source.startsWith("./")) expect(existsSync(`${ROOT}${source}`), volume).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  }
});
