import type { Graph, GraphResource } from "../graph.ts";
import { type CostLine, monthlyCost, usages } from "./cost.ts";
import { priceDate, priceSource } from "./prices.ts";

/** The whole graph and its price as text: components in their order, below each its resources and what they say. */
export function printGraph(graph: Graph): string {
  const children = Map.groupBy(graph.resources, ({ parent }) => parent);
  const urns = new Set(graph.resources.map(({ urn }) => urn));
  const roots = graph.resources.filter(({ parent }) => !urns.has(parent));
  const made = graph.resources.filter(({ custom }) => custom).length;
  return [
    `Stack ${graph.stack}: ${made} resources in ${graph.resources.length - made} components`,
    "",
    ...roots.flatMap((root) => branch(root, children, 0)),
    "",
    "Outputs",
    ...Object.entries(graph.outputs).map(([name, value]) => `  ${name} = ${String(value)}`),
    "",
    ...printCost(monthlyCost(graph)),
  ].join("\n");
}

function branch(resource: GraphResource, children: Map<string, GraphResource[]>, depth: number): string[] {
  const indent = "  ".repeat(depth);
  const below = children.get(resource.urn) ?? [];
  if (resource.custom) return [`${indent}${shortType(resource.type)} ${resource.name}${inputsOf(resource)}`];
  return [
    "",
    `${indent}${shortType(resource.type)} (${resource.name})`,
    ...below.filter(({ custom }) => custom).flatMap((child) => branch(child, children, depth + 1)),
    ...below.filter(({ custom }) => !custom).flatMap((child) => branch(child, children, depth + 1)),
  ];
}

function shortType(type: string): string {
  return type.replace(/^paridad:aws:/, "").replace(/^aws:([^/]+)\/[^:]+:/, "$1.");
}

/** Said elsewhere, or the same for all: left to the JSON. */
const leftOut = new Set([
  "tags",
  "description",
  "alarmDescription",
  "alarmActions",
  "okActions",
  "treatMissingData",
  "vpcId",
]);
const lineLength = 150;

/** The inputs that fit on a line, the short ones; the rest are in the JSON. */
function inputsOf({ inputs, protect }: GraphResource): string {
  let line = protect ? "  PROTECTED" : "";
  for (const [key, value] of Object.entries(inputs)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (leftOut.has(key) || text.length > 60 || text.includes("arn:")) continue;
    if (line.length + key.length + text.length + 3 > lineLength) continue;
    line += `  ${key}=${text}`;
  }
  return line;
}

function printCost(lines: CostLine[]): string[] {
  const row = (what: string, count: string, low: string, high: string) =>
    `  ${what.padEnd(46)}${count.padStart(6)}${low.padStart(14)}${high.padStart(14)}`;
  const sum = (level: "low" | "high") => lines.reduce((total, line) => total + line[level], 0);
  const { low, high } = usages;
  return [
    `Monthly cost in US dollars, at list prices of ${priceDate}: ${priceSource}`,
    `  ${low.title}: ${low.requestsASecond} request/s at the origin, the least instances and ACUs, ${low.databaseGb} GB`,
    `  ${high.title}: ${high.requestsASecond} requests/s at the origin, the most instances and ACUs all month, ${high.databaseGb} GB`,
    row("", "count", low.title, high.title),
    ...lines.map((line) => row(line.what, String(line.count), line.low.toFixed(2), line.high.toFixed(2))),
    row("Total", "", sum("low").toFixed(2), sum("high").toFixed(2)),
    "  Aurora with its monitoring rarely rests at 0.5 ACU: count 1 to 2 for each instance, 44 US$ for each half.",
  ];
}
