import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ensureCommands } from "./packages.ts";
import { freePort, type ServerControl, startServer } from "./process.ts";

const COMMANDS = { promtool: "prometheus", prometheus: "prometheus" };

/** Runs promtool; its output, and whether it was content. */
export async function promtool(args: readonly string[], input = ""): Promise<{ isOk: boolean; output: string }> {
  const { promtool: command = "promtool" } = await ensureCommands(COMMANDS);
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { isOk: code === 0, output: `${out}${err}` };
}

/** A Prometheus of a test's own. */
export interface Prometheus extends ServerControl {
  readonly url: string;
}

/** Starts Prometheus with a configuration (YAML); `stop` removes what it stored. */
export async function startPrometheus(config: string): Promise<Prometheus> {
  const { prometheus: command = "prometheus" } = await ensureCommands(COMMANDS);
  const dir = await mkdtemp(join(tmpdir(), "paridad-prometheus-"));
  try {
    await writeFile(join(dir, "prometheus.yaml"), config);
    const url = `http://127.0.0.1:${await freePort()}`;
    const args = [
      `--config.file=${dir}/prometheus.yaml`,
      `--storage.tsdb.path=${dir}/data`,
      `--web.listen-address=${new URL(url).host}`,
    ];
    const ready = async () => {
      const response = await fetch(`${url}/-/ready`);
      if (!response.ok) throw new Error(`Prometheus responded ${response.status}`);
    };
    return Object.assign(await startServer({ name: "prometheus", command, args, dir, ready }), { url });
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}
