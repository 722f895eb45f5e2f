import { stringify } from "yaml";
import { CONDITIONS } from "./conditions.ts";
import { burnWindowsOf, SLOS, type Slo, WINDOWS } from "./slo.ts";

/** Prometheus's recording and alerting rules. */

interface RecordingRule {
  record: string;
  labels?: Record<string, string>;
  expr: string;
}

interface AlertingRule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: "page" | "ticket"; slo?: string; window?: string };
  annotations: { summary: string; runbook: string };
}

export interface RuleGroup {
  name: string;
  interval?: string;
  rules: (RecordingRule | AlertingRule)[];
}

const SECONDS = { m: 60, h: 3_600, d: 86_400 } as const;

function secondsOf(window: string): number {
  return Number.parseInt(window, 10) * SECONDS[window.slice(-1) as keyof typeof SECONDS];
}

export const badRatio = (window: string) => `paridad_slo:bad:ratio_rate${window}`;
export const totalRate = (window: string) => `paridad_slo:events:rate${window}`;

function recordingsOf({ name, budget, bad, total }: Slo): RecordingRule[] {
  const labels = { slo: name };
  return [
    { record: "paridad_slo:budget", labels, expr: `vector(${budget})` },
    ...WINDOWS.flatMap((window) => [
      { record: totalRate(window), labels, expr: total(window) },
      { record: badRatio(window), labels, expr: `(${bad(window)}) / (${total(window)})` },
    ]),
  ];
}

function burnAlertsOf(slo: Slo): AlertingRule[] {
  const { name, budget, minEvents, promise, runbook } = slo;
  const only = `{slo="${name}"}`;
  return burnWindowsOf(slo).map(({ long, short, factor, severity }) => {
    const limit = Number((factor * budget).toPrecision(6));
    return {
      alert: "ErrorBudgetBurns",
      expr: [
        `${badRatio(long)}${only} > ${limit}`,
        `and ${badRatio(short)}${only} > ${limit}`,
        `and ${totalRate(long)}${only} * ${secondsOf(long)} >= ${minEvents}`,
      ].join("\n"),
      labels: { severity, slo: name, window: long },
      annotations: {
        summary: `The promise that ${promise} is missed ${factor} times as fast as allowed (${long}).`,
        runbook: `docs/runbooks/${runbook}`,
      },
    };
  });
}

/** All groups, as the file holds them. */
export function ruleGroups(): RuleGroup[] {
  const alerts = CONDITIONS.map(
    ([alert, severity, lasts, expr, summary, runbook]): AlertingRule => ({
      alert,
      expr,
      ...(lasts !== "0m" && { for: lasts }),
      labels: { severity },
      annotations: { summary, runbook: `docs/runbooks/${runbook}` },
    }),
  );
  return [
    ...SLOS.map((slo) => ({ name: `slo-${slo.name}`, rules: recordingsOf(slo) })),
    { name: "budgets", rules: SLOS.flatMap(burnAlertsOf) },
    { name: "conditions", rules: alerts },
  ];
}

/** The rules file. */
export function rulesYaml(): string {
  return `# Made by npm run observability. Do not edit.\n${stringify({ groups: ruleGroups() }, { lineWidth: 0 })}`;
}
