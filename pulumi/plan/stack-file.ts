import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** The stacks that have a configuration file here. */
export function stackNames(): string[] {
  return readdirSync(folder).flatMap((file) => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1] ?? []);
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
