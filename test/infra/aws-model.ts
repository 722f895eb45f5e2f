import model from "./aws-model.json" with { type: "json" };
import { faultsIn, shapeOf, valueFaults } from "./aws-values.ts";

/** The CLI's checks of a command line, from a recording of its own model (record-aws-model.py): nothing is asked of AWS. */

interface Command {
  options: Record<string, { shape?: string; required?: boolean }>;
  output?: string;
}

/** Options that every command has, with the number of words that follow. */
const GLOBAL: Record<string, number> = { "--region": 1, "--output": 1, "--query": 1, "--profile": 1 };

function commandOf(line: readonly string[]): Command | undefined {
  return (model.commands as Record<string, Command>)[line.slice(0, 2).join(" ")];
}

/** What the AWS CLI would refuse in a command line; empty if nothing. Files are looked for in `folder`. */
export function awsFaults(line: readonly string[], folder = "."): string[] {
  const name = line.slice(0, 2).join(" ");
  const [service = "", operation = ""] = line;
  if (operation === "wait") return waitFaults(service, line[2] ?? "");
  const command = commandOf(line);
  if (command === undefined) return [`aws ${name} is not recorded: record-aws-model.py adds it`];
  const given = optionsOf(line.slice(2));
  if (given === undefined) return [`aws ${name}: ${line[2]} is no option`];
  const missing = Object.entries(command.options).filter(([option, { required }]) => required && !given.has(option));
  return [
    ...missing.map(([option]) => `aws ${name} lacks ${option}`),
    ...[...given].flatMap(([option, words]) => {
      const fault = (what: string) => `aws ${name} ${option} ${what}`;
      if (option === "--query") return queryFaults(command, words[0] ?? "").map(fault);
      const global = GLOBAL[option];
      if (global !== undefined) return words.length === global ? [] : [fault(`takes ${global} words`)];
      const declared = command.options[option];
      if (declared === undefined) return [fault("is not known")];
      if (words.length === 0 && isFlag(declared.shape)) return [];
      return declared.shape === undefined ? [] : valueFaults(declared.shape, words, folder).map(fault);
    }),
  ];
}

/** Members of a response that the service's model has not, or of another type. A part of a response is enough. */
export function replyFaults(line: readonly string[], reply: unknown): string[] {
  const output = commandOf(line)?.output;
  if (output === undefined) return [];
  // The CLI decodes IAM's documents, which the model has as text.
  const found = faultsIn(output, reply, "").filter((what) => !/ lacks |PolicyDocument is no text/.test(what));
  return found.map((what) => `${line.slice(0, 2).join(" ")}: ${what}`);
}

function isFlag(shape: string | undefined): boolean {
  return shape !== undefined && shapeOf(shape).type === "boolean";
}

function waitFaults(service: string, waiter: string): string[] {
  return `${service} ${waiter}` === "ecr image-scan-complete" ? [] : [`aws ${service} wait ${waiter} is not recorded`];
}

function optionsOf(words: readonly string[]): Map<string, string[]> | undefined {
  const options = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const word of words) {
    if (/^--[a-z]/.test(word)) {
      current = [];
      options.set(word, current);
    } else if (current === undefined) return undefined;
    else current.push(word);
  }
  return options;
}

/** Names in a JMESPath expression that the response has not. */
function queryFaults({ output }: Command, query: string): string[] {
  return output === undefined ? [] : pathFaults(output, query);
}

function pathFaults(name: string, path: string): string[] {
  if (path === "") return [];
  const shape = shapeOf(name);
  const index = /^\[(\d+|\*)?\]\.?/.exec(path);
  if (index)
    return shape.type === "list"
      ? pathFaults(shape.member ?? "", path.slice(index[0].length))
      : [`is no list before ${path}`];
  const several = /^\[(.+)\]$/.exec(path);
  if (several) return splitTop(several[1] ?? "").flatMap((each) => pathFaults(name, each.trim()));
  const [found = "", member = ""] = /^(\w+)\.?/.exec(path) ?? [];
  if (found === "") return [`is not understood: ${path}`];
  const inner = shape.type === "map" ? shape.value : shape.members?.[member];
  return inner === undefined ? [`names ${member}, which ${name} has not`] : pathFaults(inner, path.slice(found.length));
}

/** Splits at commas that are in no brackets. */
function splitTop(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "[") depth++;
    if (character === "]") depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
