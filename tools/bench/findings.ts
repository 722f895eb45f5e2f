/** A benchmark's results, and their format. */
export interface Finding {
  measure: string;
  what: string;
  value: number;
  unit: string;
  /** To the baseline of the same run: above 1 is faster or less. */
  ratio?: number;
  of?: string;
  target?: Target;
  note?: string;
}

export interface Target {
  min?: number;
  max?: number;
  /** Whether the bound is on the ratio rather than on the value. */
  onRatio?: boolean;
}

/** The settings of every measure. */
export interface Settings {
  rounds: number;
  seconds: number;
  /** Runs what takes minutes: a million requests, a minute of mixed load. */
  long: boolean;
  report: (finding: Finding) => void;
}

export interface Measure {
  name: string;
  title: string;
  run(settings: Settings): Promise<void>;
}

/** Undefined if there is no target. */
export function isMet({ value, ratio, target }: Finding): boolean | undefined {
  if (target === undefined) return undefined;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, onRatio } = target;
  const measured = onRatio ? (ratio ?? Number.NaN) : value;
  return measured >= min && measured <= max;
}

export function format(finding: Finding): string {
  const { what, value, unit, ratio, of, target, note } = finding;
  const columns = [
    what.padEnd(58),
    `${digits(value)} ${unit}`.padStart(20),
    (ratio === undefined ? "" : `${ratio.toFixed(3)} × ${of}`).padEnd(34),
    target === undefined ? "" : `${isMet(finding) ? "met" : "NOT MET"} (${boundOf(target)})`,
  ];
  return `  ${columns.join("  ").trimEnd()}${note === undefined ? "" : `\n      ${note}`}`;
}

function boundOf({ min, max, onRatio }: Target): string {
  const bound = min !== undefined ? `at least ${min}` : `at most ${max}`;
  return onRatio ? `${bound} ×` : bound;
}

function digits(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value.toFixed(Math.abs(value) >= 1_000 ? 0 : Math.abs(value) >= 10 ? 1 : 3);
}
