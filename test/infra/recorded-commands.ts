import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { experimental_getWranglerCommands as wranglerCommands } from "wrangler";
import packageJson from "../../package.json" with { type: "json" };
import { awsFaults } from "./aws-model.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What a script is played with: these only note how they were called. Everything else is real. */
const DOUBLES = ["aws", "npm", "npx", "gh", "docker", "skopeo", "git", "curl", "mysql", "sudo", "sleep"];

/** What a double prints when its command line matches a shell pattern. */
export type Replies = readonly (readonly [pattern: string, text: string])[];

/** A script that was run as it is written, with doubles. */
export interface Recording {
  code: number;
  stderr: string;
  /** Every command line of a double, with its program first. */
  calls: string[][];
  /** What the tools would refuse in them. */
  faults: string[];
}

/** Runs a bash script in a folder that has this repository's `pulumi`, and checks each command line that it makes. */
export async function recordCommands(
  script: string,
  given: { env?: Record<string, string>; input?: string; replies?: Replies } = {},
): Promise<Recording> {
  const { env = {}, input = "", replies = [] } = given;
  const folder = await mkdtemp(join(tmpdir(), "paridad-commands-"));
  try {
    const programs = join(folder, "bin");
    await mkdir(programs);
    await symlink(join(ROOT, "pulumi"), join(folder, "pulumi"));
    const cases = replies.map(([pattern, text]) => `${pattern}) printf '%s\\n' ${quoted(text)};;`).join("\n");
    for (const name of DOUBLES)
      await writeFile(
        join(programs, name),
        // A writer whose reader has gone would fail the pipe.
        `#!/bin/bash\n[ ! -p /dev/stdin ] || cat >/dev/null\n{ printf '%s\\0' "$(($# + 1))" ${name} "$@"; } >>${quoted(join(folder, "calls"))}\ncase "${name} $*" in\n${cases}\nesac\n`,
        { mode: 0o755 },
      );
    await writeFile(join(folder, "calls"), "");
    const { code, stderr } = await execute(script, folder, input, {
      ...process.env,
      ...env,
      PATH: `${programs}${delimiter}${process.env.PATH}`,
    });
    const calls = callsIn(await readFile(join(folder, "calls"), "utf8"));
    return { code, stderr, calls, faults: calls.flatMap((call) => commandFaults(call, folder)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the tool of a command line would refuse in it, as far as the tool says what it takes. */
export function commandFaults([program = "", ...words]: readonly string[], folder = "."): string[] {
  if (program === "aws") return awsFaults(words, folder);
  if (program === "npx" && words[0] === "wrangler") return wranglerFaults(words.slice(1));
  if (program === "npm" && words[0] === "run") return scriptFaults(words.slice(1));
  return [];
}

/** Of package.json's scripts; those that tend AWS say in their source which options they take. */
function scriptFaults(words: readonly string[]): string[] {
  const name = words.find((word) => !word.startsWith("--")) ?? "";
  const command = (packageJson.scripts as Record<string, string>)[name];
  if (command === undefined) return [`there is no script ${name}`];
  if (!name.startsWith("infra:")) return [];
  const source = readFileSync(join(ROOT, command.replace(/^node /, "")), "utf8");
  const options = words.slice(words.indexOf("--") + 1).filter((word) => word.startsWith("--"));
  const unknown = options.filter((option) => !new RegExp(`[ {]"?${option.slice(2)}"?: \\{ type: `).test(source));
  return unknown.map((option) => `${name} has no ${option}`);
}

/** By wrangler's own table of commands. */
function wranglerFaults(words: readonly string[]): string[] {
  const { registry, globalFlags } = wranglerCommands();
  let node = registry;
  let depth = 0;
  for (; node.subtree.has(words[depth] ?? ""); depth++) node = node.subtree.get(words[depth] ?? "") as typeof registry;
  const name = `wrangler ${words.slice(0, depth).join(" ")}`;
  if (node.definition?.type !== "command") return [`wrangler ${words.join(" ")} is no command`];
  const { args = {}, positionalArgs = [] } = node.definition;
  const faults: string[] = [];
  const positionals: string[] = [];
  for (let index = depth; index < words.length; index++) {
    const word = words[index] as string;
    if (!word.startsWith("--")) {
      positionals.push(word);
      continue;
    }
    const option = word.slice(2).replace(/=.*/, "");
    const declared = { ...globalFlags, ...args }[option] as { type?: string } | undefined;
    if (declared === undefined) faults.push(`${name} has no ${word}`);
    else if (declared.type !== "boolean" && !word.includes("=")) index++;
  }
  const isOpen = positionalArgs.some((each) => (args[each] as { array?: boolean } | undefined)?.array);
  if (!isOpen && positionals.length > positionalArgs.length)
    faults.push(`${name} takes ${positionalArgs.length} arguments, not ${positionals.join(" ")}`);
  return faults;
}

function callsIn(text: string): string[][] {
  const fields = text.split("\0");
  const calls: string[][] = [];
  for (let at = 0; at < fields.length - 1; ) {
    const count = Number(fields[at]);
    calls.push(fields.slice(at + 1, at + 1 + count));
    at += 1 + count;
  }
  return calls;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function execute(script: string, cwd: string, input: string, env: NodeJS.ProcessEnv) {
  return new Promise<{ code: number; stderr: string }>((resolve) => {
    const child = execFile("bash", ["--norc", "-c", script], { cwd, env }, (error, _, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stderr }),
    );
    child.stdin?.on("error", () => {}).end(input);
  });
}
