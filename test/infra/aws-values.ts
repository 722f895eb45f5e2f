import { readFileSync } from "node:fs";
import model from "./aws-model.json" with { type: "json" };

/** What AWS's own model says of one kind of value. */
export interface Shape {
  type: string;
  members?: Record<string, string>;
  required?: string[];
  member?: string;
  key?: string;
  value?: string;
  enum?: string[];
  min?: number;
  max?: number;
}

/** Words that are filled in later, by the shell or by a person: nothing can be said of them. */
const OPEN = /[…$]/;
const NUMBERS = new Set(["integer", "long", "double", "float"]);

export function shapeOf(name: string): Shape {
  const shape = (model.shapes as Record<string, Shape>)[name];
  if (shape === undefined) throw new Error(`the recording has no ${name}`);
  return shape;
}

/** What is wrong with the words of one option, by the CLI's rules: JSON, its shorthand, file:// or the value as it is. */
export function valueFaults(name: string, words: readonly string[], folder: string): string[] {
  const shape = shapeOf(name);
  const [word = ""] = words;
  if (shape.type !== "list" && words.length !== 1) return [`takes one value, not ${words.length}`];
  if (words.some((each) => OPEN.test(each))) return [];
  try {
    return faultsIn(name, promoted(name, parsed(shape, words, folder)), "");
  } catch (error) {
    return [`cannot be read: ${word} (${error instanceof Error ? error.message : error})`];
  }
}

/** Where a value differs from its shape: members that there are none of, missing ones, types, names and lengths. */
export function faultsIn(name: string, value: unknown, path: string): string[] {
  const shape = shapeOf(name);
  const wrong = (what: string) => [`${path || "value"} ${what}`];
  if (shape.type === "structure") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong("is no structure");
    const missing = (shape.required ?? []).filter((member) => !(member in value));
    return [
      ...missing.flatMap((member) => wrong(`lacks ${member}`)),
      ...Object.entries(value).flatMap(([member, held]) => {
        const inner = shape.members?.[member];
        return inner === undefined ? wrong(`has no ${member}`) : faultsIn(inner, held, `${path}.${member}`);
      }),
    ];
  }
  if (shape.type === "list") {
    if (!Array.isArray(value)) return wrong("is no list");
    return value.flatMap((held, index) => faultsIn(shape.member ?? "", held, `${path}[${index}]`));
  }
  if (shape.type === "map") {
    if (typeof value !== "object" || value === null) return wrong("is no map");
    return Object.entries(value).flatMap(([key, held]) => faultsIn(shape.value ?? "", held, `${path}.${key}`));
  }
  return scalarFaults(shape, value).flatMap(wrong);
}

function scalarFaults(shape: Shape, value: unknown): string[] {
  if (NUMBERS.has(shape.type)) {
    if (typeof value !== "number" && !/^-?\d+(\.\d+)?$/.test(String(value))) return [`is no number: ${value}`];
    return outOf(shape, Number(value)) ? [`is out of range: ${value}`] : [];
  }
  if (shape.type === "boolean")
    return /^(true|false)$/i.test(String(value)) ? [] : [`is neither true nor false: ${value}`];
  if (shape.type === "timestamp") return Number.isNaN(Date.parse(String(value))) ? [`is no time: ${value}`] : [];
  if (typeof value !== "string") return [`is no text: ${JSON.stringify(value)}`];
  if (shape.enum && !shape.enum.includes(value)) return [`is none of ${shape.enum.join(", ")}: ${value}`];
  return outOf(shape, value.length) ? [`is too short or too long: ${value}`] : [];
}

function outOf({ min, max }: Shape, size: number): boolean {
  return (min !== undefined && size < min) || (max !== undefined && size > max);
}

function parsed(shape: Shape, words: readonly string[], folder: string): unknown {
  const [word = ""] = words;
  const isNested = ["structure", "list", "map"].includes(shape.type);
  if (word.startsWith("file://")) return fromFile(shape, word.slice("file://".length), isNested, folder);
  if (!isNested) return word;
  if (words.length === 1 && /^\s*[[{]/.test(word)) return JSON.parse(word);
  if (shape.type !== "list") return shorthand(word);
  const isPlain = !["structure", "list", "map"].includes(shapeOf(shape.member ?? "").type);
  return words.map((each) => (isPlain ? each : /^\s*\{/.test(each) ? JSON.parse(each) : shorthand(each)));
}

/** One word where a list is wanted is a list of one, as the CLI has it. */
function promoted(name: string, value: unknown): unknown {
  const { type, members, member = "" } = shapeOf(name);
  if (type === "list")
    return typeof value === "string" ? [value] : (value as unknown[]).map((each) => promoted(member, each));
  if (type !== "structure" || typeof value !== "object") return value;
  const known = Object.entries(value ?? {}).map(([key, held]) => [
    key,
    members?.[key] ? promoted(members[key], held) : held,
  ]);
  return Object.fromEntries(known);
}

/** A secret comes by standard input, and is as long as it is. */
function fromFile(shape: Shape, path: string, isNested: boolean, folder: string): unknown {
  if (path === "/dev/stdin") return "x".repeat(shape.min ?? 1);
  const text = readFileSync(path.startsWith("/") ? path : `${folder}/${path}`, "utf8");
  return isNested ? JSON.parse(text) : text;
}

/** AWS's shorthand: `Name=a,Values=b,c`, `A={B=c}`, `A=[{B=c}]`. */
function shorthand(text: string): Record<string, unknown> {
  let at = 0;
  const failed = () => new Error(`not the CLI's shorthand at ${at}`);
  const until = (stops: string) => {
    const begin = at;
    while (at < text.length && !stops.includes(text[at] as string)) at++;
    return text.slice(begin, at);
  };
  const value = (): unknown => {
    if (text[at] === "{") return nested("}", pairs);
    if (text[at] === "[") return nested("]", items);
    return until(",}]");
  };
  const nested = (end: string, read: () => unknown) => {
    at++;
    const held = read();
    if (text[at++] !== end) throw failed();
    return held;
  };
  const items = (): unknown[] => {
    const list: unknown[] = [];
    while (at < text.length && text[at] !== "]") {
      list.push(value());
      if (text[at] === ",") at++;
    }
    return list;
  };
  const pairs = (): Record<string, unknown> => {
    const held: Record<string, unknown> = {};
    while (at < text.length && text[at] !== "}") {
      const key = until("=,}");
      if (text[at++] !== "=") throw failed();
      held[key] = value();
      // What has no = of its own continues a list.
      while (text[at] === "," && !/^,[^,}\]]+=/.test(text.slice(at)) && text[at + 1] !== undefined) {
        at++;
        held[key] = [held[key], until(",}]")].flat();
      }
      if (text[at] === ",") at++;
    }
    return held;
  };
  const held = pairs();
  if (at < text.length) throw failed();
  return held;
}
