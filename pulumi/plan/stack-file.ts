import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** The stacks that have a configuration file here. */
export function stackNames(): string[] {
  return readdirSync(folder).flatMap((file) => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1] ?? []);
}

/** A stack's configuration in the form in which Pulumi hands it to programs: strings, and JSON for what is not. */
export function stackConfig(stack: string): Record<string, string> {
  const { config } = readStackFile(join(folder, `Pulumi.${stack}.yaml`));
  return Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** A stack's file: its configuration, and what Pulumi keeps beside it. */
export interface StackFile {
  config?: object;
}

/** Reads a stack's file. Throws if there is none, or it is not YAML. */
export function readStackFile(path: string): StackFile {
  return parse(readFileSync(path, "utf8")) as StackFile;
}

/** Writes a stack's file, in place of the one that is there. */
export function writeStackFile(path: string, file: StackFile): void {
  writeFileSync(path, stringify(file));
}
