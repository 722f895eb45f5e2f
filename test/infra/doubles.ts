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

/** Sets up the doubles. Later replies may be given again with another bench. */
export async function startBench(replies: Reply[], programs = ["aws", "pulumi"]): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "paridad-tools-"));
  for (const name of programs) {
    await writeFile(join(folder, name), program(folder, name));
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
    shell: (script, env) => execute("bash", ["-c", script], env),
    calls: async () => (await readFile(join(folder, "calls"), "utf8")).split("\n").filter(Boolean),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
