import { createParidad, type Paridad, ProblemError } from "../../src/index.ts";
import { cfdi, convert, fix, history, latest } from "./commands.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";
import { alerts, doctor, watch } from "./live.ts";
import { type CommandLine, languageOf, readCommandLine } from "./options.ts";
import { TEXTS } from "./texts.ts";

/** What a command needs of the process that runs it. */
export interface Process {
  argv: readonly string[];
  env: Record<string, string | undefined>;
  out(line: string): void;
  err(line: string): void;
  nowMs(): number;
  signal?: AbortSignal;
}

/** What a command works with. */
export interface Context extends CommandLine, Process {
  paridad: Paridad;
  url: string;
}

export type Command = (context: Context) => Promise<ExitCode>;

const COMMANDS: Record<string, Command> = { fix, cfdi, convert, history, latest, watch, alerts, doctor };

/** Runs one command line to its end, and returns the exit code. */
export async function run(process: Process): Promise<ExitCode> {
  const texts = TEXTS[languageOf(process.argv, process.env)];
  let url = "";
  try {
    const line = readCommandLine(process.argv, process.env);
    if (line.values.version) return said(process, VERSION);
    if (line.values.help || line.command === "help") return said(process, texts.help);
    if (line.command === undefined) throw new UsageError(texts.help);
    const command = Object.hasOwn(COMMANDS, line.command) ? COMMANDS[line.command] : undefined;
    if (!command) throw new UsageError(texts.command(line.command));
    url = line.values.url || process.env.PARIDAD_URL || "";
    if (!URL.canParse(url)) throw new UsageError(texts.url);
    const paridad = createParidad({ baseUrl: url, etags: false, headers: { "User-Agent": `paridad-cli/${VERSION}` } });
    return await command({ ...process, ...line, paridad, url });
  } catch (error) {
    process.err(messageOf(error, url, texts));
    return codeOf(error);
  }
}

export const VERSION = "0.1.0";

function said(process: Process, text: string): ExitCode {
  process.out(text);
  return EXIT.ok;
}

function messageOf(error: unknown, url: string, texts: (typeof TEXTS)["en"]): string {
  if (error instanceof ProblemError || error instanceof UsageError) return error.message;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return texts.unreachable(url, cause instanceof Error ? cause.message || cause.name : String(cause));
}

function codeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return EXIT.usage;
  if (!(error instanceof ProblemError)) return EXIT.unavailable;
  switch (error.code) {
    case "no_data":
    case "pair_not_served":
      return EXIT.noRate;
    case "invalid_parameter":
      return EXIT.usage;
    case "rate_too_old":
      return EXIT.stale;
    default:
      return error.status >= 500 ? EXIT.unavailable : EXIT.failed;
  }
}
