import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** The stacks that have a configuration file here. */
export function stackNames(): string[] {
  return readdirSync(folder).flatMap((file) => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1] ?? []);
}

/** What a file of a stack says; undefined if it can't be read. */
export function readStackFile(path: string): { config?: object } | undefined {
  try {
    return parse(readFileSync(path, "utf8")) as { config?: object };
  } catch {
    return undefined;
  }
}

/** Puts a configuration into a stack's file, and keeps what Pulumi has there beside it: which key encrypts its secrets. */
export function writeStackFile(path: string, config: object): void {
  writeFileSync(path, stringify({ ...readStackFile(path), config }));
}

/** A stack's configuration in the form in which Pulumi hands it to programs: strings, and JSON for what is not. */
export function stackConfig(stack: string): Record<string, string> {
  const { config } = parse(readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8")) as { config?: object };
  return Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
