import { spawn } from "node:child_process";

/** A command of the AWS CLI that ended badly; `code` is AWS's own name of the error, where there is one. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string | undefined;
  constructor(command: string, stderr: string) {
    super(`aws ${command}: ${stderr.trim()}`);
    this.code = /An error occurred \((\w+)\)/.exec(stderr)?.[1];
  }
}

/** Asks AWS through its CLI, with the credentials that the CLI finds, and returns what it says. */
export type Aws = (...args: string[]) => Promise<unknown>;

/** The CLI for one region. */
export function awsCli(region: string): Aws {
  return (...args) => ask(region, args);
}

/** Hands the CLI a secret by its standard input: an argument could be read by every process of the machine. */
export function awsCliWithInput(region: string, input: string, ...args: string[]): Promise<unknown> {
  return ask(region, args, input);
}

async function ask(region: string, args: string[], input?: string): Promise<unknown> {
  const { code, stdout, stderr } = await run("aws", [...args, "--region", region, "--output", "json"], { input });
  if (code !== 0) throw new AwsError(args.slice(0, 2).join(" "), stderr);
  return stdout.trim() === "" ? {} : JSON.parse(stdout);
}

/** Runs a program to its end. Its streams are kept, unless it is given the terminal's. */
export function run(
  program: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; terminal?: boolean; input?: string | undefined } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, AWS_PAGER: "", ...options.env },
      stdio: options.terminal ? "inherit" : "pipe",
    });
    child.stdin?.on("error", () => {}).end(options.input);
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", (error) => resolve({ code: 127, stdout, stderr: `${program}: ${error.message}` }));
    child.once("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
