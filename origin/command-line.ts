import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

/** The command line is not valid. The message says why, in one line. */
export class UsageError extends Error {
  override name = "UsageError";
}

export interface CommandLineSettings {
  /** How many arguments may follow besides the options. */
  maxPositionals?: number;
  args?: readonly string[];
}

/**
 * Reads the command line of a script. `--help` and `-h` print `usage` and exit with 0; anything invalid is reported in
 * one line, and exits with 2.
 */
export function readCommandLine<const Options extends ParseArgsOptionsConfig>(
  usage: string,
  options: Options,
  settings: CommandLineSettings = {},
) {
  const args = settings.args ?? process.argv.slice(2);
  if (asksForHelp(args)) {
    console.log(usage);
    process.exit(0);
  }
  return orExit(() => parseCommandLine(options, { ...settings, args }));
}

/** The options and arguments of a command line. Throws UsageError naming what is wrong. */
export function parseCommandLine<const Options extends ParseArgsOptionsConfig>(
  options: Options,
  { args = [], maxPositionals = 0 }: CommandLineSettings,
) {
  try {
    const parsed = parseArgs({ args: joinNegatives(args), options, allowPositionals: true });
    const extra = parsed.positionals[maxPositionals];
    if (extra !== undefined) throw new UsageError(`Unexpected argument '${extra}'`);
    return parsed;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node adds advice that does not apply here.
    const [what = ""] = error.message.split(/\. |\n/);
    const isUnknown = (error as NodeJS.ErrnoException).code === "ERR_PARSE_ARGS_UNKNOWN_OPTION";
    throw new UsageError(isUnknown ? `${what}; known are ${namesOf(options)}` : what);
  }
}

/** Returns what `read` returns. A UsageError is printed and ends the process with 2. */
export function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message} (--help explains the options)`);
    return process.exit(2);
  }
}

/** The whole number of `--option`. Throws UsageError if it is not one, or out of range. */
export function wholeNumber(
  option: string,
  text: string,
  { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = {},
): number {
  const value = Number(text);
  if (/^-?\d{1,16}$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${option} must be a whole number${rangeText(min, max)}, not '${text}'`);
}

/** The positive number of `--option`, with decimals. Throws UsageError if it is not one. */
export function positiveNumber(option: string, text: string): number {
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`--${option} must be a number above 0, not '${text}'`);
}

/** `--help` before the `--` that ends the options. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).some((word) => word === "--help" || word === "-h");
}

/** `--flag -5` as `--flag=-5`, which parseArgs requires. */
function joinNegatives(args: readonly string[]): string[] {
  const words: string[] = [];
  for (const word of args) {
    const isNegative = /^-\d+$/.test(word) && words.at(-1)?.startsWith("--");
    words.push(isNegative ? `${words.pop()}=${word}` : word);
  }
  return words;
}

function namesOf(options: ParseArgsOptionsConfig): string {
  return [...Object.keys(options), "help"].map((name) => `--${name}`).join(", ");
}

function rangeText(min: number, max: number): string {
  if (min === Number.MIN_SAFE_INTEGER) return "";
  return max === Number.MAX_SAFE_INTEGER ? ` of at least ${min}` : ` from ${min} to ${max}`;
}
