import type { Graph, GraphResource } from "../../pulumi/graph.ts";
import { all } from "./graphs.ts";

export const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
export const compositeType = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

/** The alarms of a graph by name and severity; the three that scale are not among them. */
export function alarms(graph: Graph): Map<string, Map<string, GraphResource>> {
  const found = new Map<string, Map<string, GraphResource>>();
  for (const resource of [...all(graph, alarmType), ...all(graph, compositeType)]) {
    const [, name = "", severity = ""] = /^paridad-\w+?-(\w+)-(warning|high|critical)$/.exec(resource.name) ?? [];
    if (name) found.set(name, (found.get(name) ?? new Map()).set(severity, resource));
  }
  return found;
}

/** What CloudWatch makes of an expression, for one value of each metric; a quotient of nothing is no number. */
export function evaluate(expression: string, metrics: Record<string, number | undefined>): number {
  const functions = {
    FILL: (value: number, fallback: number) => value ?? fallback,
    IF: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
    PERIOD: () => 60,
  };
  const script = expression.replaceAll(" AND ", " && ").replaceAll(" OR ", " || ");
  return new Function(...Object.keys(functions), ...Object.keys(metrics), `return ${script}`)(
    ...Object.values(functions),
    ...Object.values(metrics),
  );
}
