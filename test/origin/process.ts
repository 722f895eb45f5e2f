import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** All that an origin gets of the tests' own environment. */
const { PATH = "", NODE_COMPILE_CACHE = "" } = process.env;

/** An origin as a process of its own. */
export interface OriginProcess {
  child: ChildProcess;
  /** Where it listens; "" where it ended before that. */
  url: string;
  /** Every line that it printed. */
  lines: string[];
  /** Resolves with the first line that holds `text`, printed already or still to come. */
  line: (text: string) => Promise<string>;
  /** Resolves with the exit code when it has ended. */
  ended: Promise<number | null>;
}

/** Starts a script of the origin, and waits until it listens or has ended. */
export async function startOrigin(
  script: string,
  env: Record<string, string>,
  { args = [], cwd = process.cwd() }: { args?: readonly string[]; cwd?: string } = {},
): Promise<OriginProcess> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { PATH, NODE_COMPILE_CACHE, HOST: "127.0.0.1", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  }
  const line = (text: string) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const found = lines.find((each) => each.includes(text));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const ended = once(child, "close").then(([code]) => code as number | null);
  const listening = await Promise.race([line('"event":"listening"'), ended.then(() => "{}")]);
  const { url = "" } = JSON.parse(listening) as { url?: string };
  return { child, url, lines, line, ended };
}
