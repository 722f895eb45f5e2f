import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a double says to a command line that matches: one response, or several in turn, of which the last stays. A number ends it with that code. */
export interface Reply {
  when: RegExp;
  say?: unknown;
  inTurn?: unknown[];
  /** AWS's name of an error. */
  fail?: string;
}

/** A tool of pulumi/tools that runs with doubles of the AWS CLI and of Pulumi's. */
export interface Bench {
  /** A folder of its own, for what a tool writes. */
  folder: string;
  run(tool: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Runs a bash script with the doubles. */
  shell(script: string, env: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Every command line so far, with its program and the image that it was given. */
  calls(): Promise<string[]>;
  close(): Promise<void>;
}

/** The double of `aws` refuses what the CLI would refuse, and replies that the service could not give. */
const checked = (name: string) =>
  name === "aws"
    ? `const { awsFaults, replyFaults } = await import(${JSON.stringify(new URL("aws-model.ts", import.meta.url).href)});
const given = process.argv.slice(2);
const faults = [...awsFaults(given), ...(typeof reply?.say === "object" ? replyFaults(given, reply.say) : [])];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(252);
`
    : "";

const program = (folder: string, name: string) => `#!${process.execPath}
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
const line = process.argv.slice(2).join(" ");
const image = process.env.PARIDAD_IMAGE_DIGEST;
appendFileSync(${JSON.stringify(join(folder, "calls"))}, "${name} " + line + (image ? " image=" + image : "") + "\\n");
const path = ${JSON.stringify(join(folder, "replies.json"))};
const replies = JSON.parse(readFileSync(path, "utf8"));
const reply = replies.find(({ when }) => new RegExp(when).test("${name} " + line));
${checked(name)}if (!reply) { console.error("no reply to: ${name} " + line); process.exit(99); }
if (reply.fail) { console.error("An error occurred (" + reply.fail + ") when calling it: no"); process.exit(254); }
const say = reply.inTurn ? (reply.inTurn.length > 1 ? reply.inTurn.shift() : reply.inTurn[0]) : reply.say;
// Only what comes in turn: commands that run side by side would read a half-written file.
if (reply.inTurn) writeFileSync(path, JSON.stringify(replies));
if (typeof say === "number") process.exit(say);
process.stdout.write(typeof say === "string" ? say : JSON.stringify(say ?? {}));
`;

/** A double of a tool that is called hundreds of times, in bash: Node takes 45 ms of a processor to start. */
function quickProgram(folder: string, name: string, replies: readonly Reply[]): string {
  const said = ({ fail, say }: Pick<Reply, "fail" | "say">) => {
    if (fail !== undefined) return `echo ${quoted(`An error occurred (${fail}) when calling it: no`)} >&2; exit 254`;
    if (typeof say === "number") return `exit ${say}`;
    return `printf %s ${quoted(typeof say === "string" ? say : JSON.stringify(say ?? {}))}; exit`;
  };
  const cases = replies.map(({ when, inTurn, ...reply }, index) => {
    const turn = quoted(join(folder, `${name}-turn-${index}`));
    const turns = inTurn?.map((say, count) => `${count === inTurn.length - 1 ? "*" : count}) ${said({ say })};;`) ?? [];
    const inOrder = `turn=$(cat ${turn} 2>/dev/null || echo 0); echo $((turn + 1)) >${turn}
      case $turn in ${turns.join(" ")} esac`;
    return `pattern=${quoted(when.source)}
    if [[ $line =~ $pattern ]]; then ${inTurn === undefined ? said(reply) : inOrder}; fi`;
  });
  return `#!/bin/bash
line="${name} $*"
echo "$line\${PARIDAD_IMAGE_DIGEST:+ image=$PARIDAD_IMAGE_DIGEST}" >>${quoted(join(folder, "calls"))}
${cases.join("\n")}
echo "no reply to: $line" >&2; exit 99
`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Those whose command lines are many; a pattern for one of them is also one of bash's. */
const QUICK = ["curl", "docker", "sleep"];

/** Sets up the doubles. Later replies may be given again with another bench. */
export async function startBench(replies: Reply[], programs = ["aws", "pulumi"]): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "paridad-tools-"));
  for (const name of programs) {
    const isQuick = QUICK.includes(name);
    await writeFile(join(folder, name), isQuick ? quickProgram(folder, name, replies) : program(folder, name));
    await chmod(join(folder, name), 0o755);
  }
  await writeFile(join(folder, "calls"), "");
  await writeFile(
    join(folder, "replies.json"),
    JSON.stringify(replies.map((reply) => ({ ...reply, when: reply.when.source }))),
  );
  const execute = (file: string, args: string[], given: Record<string, string> = {}) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const path = `${folder}${delimiter}${process.env.PATH}`;
      const env = { ...process.env, PATH: path, PARIDAD_IMAGE_DIGEST: "", ...given };
      execFile(file, args, { env }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      });
    });
  return {
    folder,
    run: (tool, ...args) =>
      execute(process.execPath, [fileURLToPath(new URL(`../../pulumi/tools/${tool}.ts`, import.meta.url)), ...args]),
    // With a socket for its input bash reads the user's .bashrc, which may put other tools first.
    shell: (script, env) => execute("bash", ["--norc", "-c", script], env),
    calls: async () => (await readFile(join(folder, "calls"), "utf8")).split("\n").filter(Boolean),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
