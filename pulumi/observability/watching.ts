import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";
import { outsideCheckRegion } from "../edge/outside-check.ts";
import { Alarms } from "./alarms.ts";
import { Dashboards } from "./dashboards.ts";
import type { Parts } from "./metrics.ts";
import type { Severity } from "./thresholds.ts";

/** Alarms on what a stack has, and the dashboards that show them. */
export function addWatching(
  settings: Settings,
  prefix: string,
  parts: Parts,
  topicArns: Record<Severity, pulumi.Input<string>>,
  opts: pulumi.ComponentResourceOptions,
): void {
  const { region, observability: objective } = settings;
  const alarms = new Alarms(
    "alarms",
    {
      prefix,
      parts,
      topicArns,
      thresholds: settings.alarms,
      objective,
      has: {
        readers: settings.database.readers > 0,
        copies: settings.backup.copies,
        outside: settings.edge.publicHost !== undefined && region === outsideCheckRegion,
      },
      hasFleet: settings.imageDigest !== undefined,
    },
    opts,
  );
  const { latencyObjectiveMs } = objective;
  new Dashboards("dashboards", { prefix, region, parts, alarmArns: alarms.arns, objective, latencyObjectiveMs }, opts);
}
