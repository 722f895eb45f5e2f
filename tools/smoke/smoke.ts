import { pathToFileURL } from "node:url";
import { orExit, readCommandLine, UsageError } from "../../origin/command-line.ts";
import { checks } from "./checks.ts";
import { openProbe, type Probe } from "./probe.ts";

const usage = `Usage: npm run smoke -- https://host [--version-override 'paridad-prd="ID"']
Ten checks of a deployment: TLS, health, freshness, caching and headers. http:// only on localhost.
--version-override asks one version of the worker during a gradual deployment.`;

/** Runs every check against a deployment, prints a line for each, and returns how many failed. */
export async function smoke(probe: Probe, now: Date, print: (line: string) => void): Promise<number> {
  let failed = 0;
  for (const [index, { name, run }] of checks.entries()) {
    const { problems, notes } = await run(probe, now).catch((error: unknown) => ({
      problems: [`no response: ${describe(error)}`],
      notes: [] as string[],
    }));
    if (problems.length > 0) failed += 1;
    const mark = problems.length > 0 ? "FAIL" : notes.length > 0 ? "not checked" : "ok";
    print(`${String(index + 1).padStart(2)} ${mark.padEnd(11)} ${name}`);
    for (const detail of [...problems, ...notes]) print(`               ${detail}`);
  }
  print(
    failed === 0 ? `${probe.host} is as it should be` : `${probe.host}: ${failed} of ${checks.length} checks failed`,
  );
  return failed;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

async function main(): Promise<number> {
  const options = { "version-override": { type: "string" } } as const;
  const { positionals, values } = readCommandLine(usage, options, { maxPositionals: 1 });
  const address = orExit(() => addressOf(positionals[0]));
  try {
    return (await smoke(openProbe(address, values["version-override"]), new Date(), (line) => console.log(line))) > 0
      ? 1
      : 0;
  } catch (error) {
    console.error(describe(error));
    return 2;
  }
}

function addressOf(text: string | undefined): string {
  if (text === undefined) throw new UsageError("Which deployment? For example: npm run smoke -- https://host");
  if (!URL.canParse(text)) throw new UsageError(`'${text}' is not an address such as https://host`);
  return text;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exitCode = await main();
