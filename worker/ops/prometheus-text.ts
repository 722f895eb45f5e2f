/** Metrics in Prometheus's text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */

export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  labels?: Labels;
  value: number;
}

export interface Family {
  name: string;
  help: string;
  type: "counter" | "gauge";
  samples: readonly Sample[];
}

export interface Histogram {
  name: string;
  help: string;
  type: "histogram";
  /** Upper bounds, ascending, and how many values lie in each bucket; one more count for those above all bounds. */
  bounds: readonly number[];
  counts: readonly number[];
  sum: number;
}

/** All families as text; one without samples is left out. */
export function prometheusText(families: readonly (Family | Histogram)[]): string {
  return families.flatMap(linesOf).join("");
}

function linesOf(family: Family | Histogram): string[] {
  const samples = family.type === "histogram" ? histogramLines(family) : family.samples.map(lineOf(family.name));
  if (samples.length === 0) return [];
  return [`# HELP ${family.name} ${family.help}\n`, `# TYPE ${family.name} ${family.type}\n`, ...samples];
}

function histogramLines({ name, bounds, counts, sum }: Histogram): string[] {
  let total = 0;
  const buckets = [...bounds.map(String), "+Inf"].map((le, index) => {
    total += counts[index] ?? 0;
    return lineOf(`${name}_bucket`)({ labels: { le }, value: total });
  });
  return [...buckets, lineOf(`${name}_sum`)({ value: sum }), lineOf(`${name}_count`)({ value: total })];
}

function lineOf(name: string): (sample: Sample) => string {
  return ({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
    return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
  };
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
