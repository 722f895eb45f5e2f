import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../dev/build.ts";
import { freePorts } from "../dev/ports.ts";
import { type MariaDb, query } from "../servers/mariadb.ts";
import { ensureCommands } from "../servers/packages.ts";
import { run } from "../servers/run.ts";
import { NO_IDLE_TIMEOUT } from "../simulators/server.ts";
import type { Release } from "./release.ts";
import { type Fleet, startInstance } from "./rollout.ts";
import type { Observation, Scene } from "./scene.ts";

/** What the copy lacks: a correction after it, and one after the loss. */
const MISSED: Observation = { base: "USD", date: "2023-11-16" };
const LATER: Observation = { base: "EUR", date: "2023-11-17" };
/** What the script asks for by CodeBuild, beside the images that it has Pulumi start. */
const MIGRATED = "migrated";
const DIGEST = `sha256:${"d".repeat(64)}`;
/** What AWS says to the recovery script in the second region. */
const AWS_SAYS = {
  "list-backup-vaults": { BackupVaultList: [{ BackupVaultName: "paridad-prd-recovery-1a2b" }] },
  "list-recovery-points-by-backup-vault": {
    RecoveryPoints: [
      {
        RecoveryPointArn: "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:awsbackup:copyjob-1",
        Status: "COMPLETED",
        CreationDate: "2023-12-29T20:00:00Z",
      },
    ],
  },
  "describe-images": { imageDetails: [{ imageDigest: DIGEST, imagePushedAt: "2023-12-28T00:00:00Z" }] },
  "get-secret-value": { SecretString: "the-same-as-before" },
  "put-secret-value": {},
  "start-build": { build: { id: "paridad-dr-migrate:1" } },
  "batch-get-builds": { builds: [{ buildStatus: "SUCCEEDED" }] },
};

/**
 * The loss of a region in the middle of a day: a copy is made, a correction follows that is not in it, then database and
 * instances are gone, and another correction comes. The recovery script runs as it is; what it has Pulumi build are a
 * second server with the copy, and a process for the instances.
 */
export async function rehearseRecovery(
  scene: Scene,
  release: Release,
  lost: Fleet & { server: MariaDb; databaseUrl: string },
  dir: string,
): Promise<void> {
  const { mariadb = "", "mariadb-dump": dump = "" } = await ensureCommands({
    mariadb: "mariadb-client-core",
    "mariadb-dump": "mariadb-client",
  });
  const copy = join(dir, "copy.sql");
  await scene.step("a copy of the database", async () => {
    const { connection, name } = partsOf(lost.databaseUrl);
    await run(dump, [...connection, "--single-transaction", "--result-file", copy, name]);
  });
  await scene.step("a correction after the copy", async () => {
    await scene.correct(MISSED);
    await scene.corrected(lost.edge, MISSED);
  });
  await Promise.all([lost.server.kill(), ...lost.instances.map((instance) => instance.kill())]);
  scene.origins.route([]);
  await scene.correct(LATER);

  const server = await scene.startDatabase();
  const databaseUrl = await server.createDatabase();
  const instances: Fleet["instances"][number][] = [];
  const build = async (image: string): Promise<void> => {
    if (image === MIGRATED) return scene.step("the copy's tables are migrated", () => release.migrate(databaseUrl));
    if (image === "none") {
      await scene.step("the database, from the copy", async () => {
        const { connection, name } = partsOf(databaseUrl);
        await run(mariadb, [...connection, name, "--execute", `source ${copy}`]);
        await query(databaseUrl, "DO 1");
      });
      return;
    }
    if (image !== DIGEST) throw new Error(`the script starts instances of ${image}`);
    instances.push(await scene.step("an instance: ready", () => startInstance(release, databaseUrl)));
  };
  await scene.step("infra:recover, from beginning to end", () => runRecoveryScript(dir, build));
  await scene.step("declared restored", () => release.run("restored", databaseUrl));
  scene.origins.route(instances.map(({ plan }) => plan.url));
  const edge = release.edge(await freePorts(1), scene.origins.url);
  await scene.step("worker with the new ORIGIN_URL", () => edge.start());
  scene.readers.route([edge.url]);
  await scene.step("what the copy lacks is back: corrections of before and after the loss", async () => {
    await scene.corrected(edge, MISSED);
    await scene.corrected(edge, LATER);
  });
  await scene.step("every page in Redis is what the database has", () =>
    scene.until(edge, "pages are compared", async () => {
      await scene.redis("HDEL", "paridad:v1:ingest:banxico", "republished");
      const isBehind = await scene.redis("HEXISTS", "paridad:v1:ingest:banxico", "behind_since");
      const health = (await (await fetch(`${edge.url}/health`)).json()) as { status: string };
      return isBehind === 0 && health.status === "healthy";
    }),
  );
  await edge.stop();
  await Promise.all(instances.map((instance) => instance.stop()));
}

/** A database's server, as its clients take it, and its name. */
function partsOf(url: string): { connection: string[]; name: string } {
  const { hostname, port, pathname } = new URL(url);
  return { connection: ["--host", hostname, "--port", port, "--user", "root"], name: pathname.slice(1) };
}

/** Runs the script with an `aws` that knows one copy, and has the rehearsal do what it asks `aws` and `pulumi` for. */
async function runRecoveryScript(dir: string, build: (image: string) => Promise<void>): Promise<void> {
  const server = createServer(NO_IDLE_TIMEOUT, (request, response) => {
    const image = new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("image") ?? "";
    build(image).then(
      () => response.writeHead(200).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = `const ask = async (image) => {
  const response = await fetch("${url}/?image=" + image);
  if (response.ok) return;
  console.error(await response.text());
  process.exitCode = 1;
};`;
  const programs = {
    aws: `${ask}
if (process.argv[3] === "start-build") await ask("${MIGRATED}");
process.stdout.write(JSON.stringify(${JSON.stringify(AWS_SAYS)}[process.argv[3]]));`,
    pulumi: `${ask}
if (process.argv[2] === "up") await ask(process.env.PARIDAD_IMAGE_DIGEST);`,
  };
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(join(dir, name), `#!${process.execPath}\n${body}\n`);
    await chmod(join(dir, name), 0o755);
  }
  try {
    const env = { ...process.env, PATH: `${dir}${delimiter}${process.env.PATH}` };
    const script = `${ROOT}pulumi/tools/recover.ts`;
    await promisify(execFile)(process.execPath, [script, "prd", "--folder", dir], { env });
    const written = await readFile(join(dir, "Pulumi.dr.yaml"), "utf8");
    if (!written.includes("copyjob-1")) throw new Error("the new stack's file does not name the copy");
  } finally {
    server.close();
  }
}
