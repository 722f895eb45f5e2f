import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";
import { outsideCheckRegion } from "../edge/outside-check.ts";
import { Alarms } from "./alarms.ts";
import { Dashboards } from "./dashboards.ts";
import { tellOfEvents } from "./event-notice.ts";
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
  // What no metric says: a fail-over that went well, an upgrade that AWS made or announces.
  const databaseEvents = {
    source: ["aws.rds"],
    "detail-type": ["RDS DB Cluster Event", "RDS DB Instance Event", "RDS DB Parameter Group Event"],
    detail: {
      SourceIdentifier: [{ prefix }],
      EventCategories: ["failover", "failure", "maintenance", "configuration change", "deletion", "security patching"],
    },
  };
  tellOfEvents(
    `${prefix}-database-events`,
    { description: "What AWS did with the database", pattern: databaseEvents, topicArn: topicArns.warning },
    opts,
  );
  const { latencyObjectiveMs } = objective;
  new Dashboards("dashboards", { prefix, region, parts, alarmArns: alarms.arns, objective, latencyObjectiveMs }, opts);
}
