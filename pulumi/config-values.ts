import { z } from "zod";

/** Plain words stay strings; what YAML gave as an object, list, number or truth value arrives as JSON. */
export function parseValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A comma-separated list as text. */
export function listText(pattern: RegExp, example: string) {
  return z.string().regex(pattern, `must be a list such as ${example}`);
}

/** What is wrong with a setting, by its key. */
export function describeIssue(issue: z.core.$ZodIssue): string[] {
  const path = `paridad:${issue.path.join(".")}`;
  if (issue.code !== "unrecognized_keys") return [`${path.replace(/:$/, "")}: ${issue.message}`];
  const parent = issue.path.length > 0 ? `${path}.` : "paridad:";
  return issue.keys.map((key) => `${parent}${key}: unknown key`);
}

/** A stack's configuration does not say what it must; the message names each key. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: string[];
  constructor(stack: string, problems: string[]) {
    super(`Pulumi.${stack}.yaml is not valid:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}
