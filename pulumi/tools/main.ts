import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { stackNames } from "../plan/stack-file.ts";

/**
 * Runs a tool and ends the process with the code it returns. An error is printed in one line; the code is then 1, or 2
 * if the command line was not valid.
 */
export async function runMain(main: (argv: string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = isUsageError(error) ? 2 : 1;
  }
}

function isUsageError(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}

/** `--help`, which every tool has. */
export const HELP = { help: { type: "boolean", short: "h", default: false } } as const;

/**
 * The stack that a command line names, and its options. Otherwise the usage is printed, and the code is what the tool
 * ends with: 0 if it was asked for, 2 if the command line names no stack.
 */
export function readStack<const Options extends ParseArgsOptionsConfig & typeof HELP>(
  argv: string[],
  usage: string,
  options: Options,
) {
  const { positionals, values } = parseArgs({ args: argv, allowPositionals: true, options });
  const [stack] = positionals;
  if ((values as { help?: boolean }).help) {
    console.log(usage);
    return { code: 0, stack: undefined } as const;
  }
  if (stack === undefined || positionals.length > 1 || !stackNames().includes(stack)) {
    console.error(usage);
    return { code: 2, stack: undefined } as const;
  }
  return { stack, values } as const;
}
