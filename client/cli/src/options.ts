import { parseArgs } from "node:util";
import { UsageError } from "./exit.ts";
import { LANGUAGES, type Language, TEXTS, type Texts } from "./texts.ts";

const OPTIONS = {
  base: { type: "string" },
  quote: { type: "string" },
  quotes: { type: "string" },
  pairs: { type: "string" },
  provider: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  date: { type: "string" },
  url: { type: "string" },
  lang: { type: "string" },
  csv: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

type Values = { [Name in keyof typeof OPTIONS]?: (typeof OPTIONS)[Name]["type"] extends "string" ? string : boolean };

/** A command line that was read. */
export interface CommandLine {
  command: string | undefined;
  args: string[];
  values: Values;
  texts: Texts;
  language: Language;
}

/** Reads a command line. Throws UsageError. */
export function readCommandLine(argv: readonly string[], env: Record<string, string | undefined>): CommandLine {
  const language = languageOf(argv, env);
  try {
    const { values, positionals } = parseArgs({ args: asPositionals(argv), options: OPTIONS, allowPositionals: true });
    const [command, ...args] = positionals;
    if (values.lang !== undefined && !isLanguage(values.lang)) throw new UsageError("--lang: es, en");
    return { command, args, values, texts: TEXTS[language], language };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split(". ")[0] : String(error));
  }
}

/** The language that is asked for: `--lang`, else the environment's as POSIX has it. */
export function languageOf(argv: readonly string[], env: Record<string, string | undefined>): Language {
  const at = argv.findIndex((text) => text === "--lang" || text.startsWith("--lang="));
  const given = at < 0 ? undefined : (argv[at]?.split("=")[1] ?? argv[at + 1]);
  const named = (given || env.LC_ALL || env.LC_MESSAGES || env.LANG || "en").slice(0, 2).toLowerCase();
  return isLanguage(named) ? named : "en";
}

function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text);
}

/** A negative amount is an argument and no option: what it follows must not be taken for a list of short options. */
function asPositionals(argv: readonly string[]): string[] {
  const at = argv.findIndex((text) => /^-\d/.test(text));
  if (at < 0 || argv.includes("--")) return [...argv];
  const amount = argv[at] as string;
  // Options first, then all that is positional.
  const rest = argv.filter((_, index) => index !== at);
  const [command = "", ...others] = rest;
  const options = others.filter((text, index) => text.startsWith("--") || others[index - 1]?.startsWith("--"));
  const positionals = others.filter((text) => !options.includes(text));
  return [...options, "--", command, amount, ...positionals];
}
