/**
 * When standard support of an Aurora MySQL minor version ends, from "Release calendars for Aurora MySQL"
 * (docs.aws.amazon.com/AmazonRDS/latest/AuroraMySQLReleaseNotes). After that date AWS refuses to create a cluster with
 * it and upgrades the running ones by itself.
 */
export const supportEnds: Readonly<Record<string, string>> = {
  "3.04": "2026-10-31",
  "3.08": "2026-05-31",
  "3.10": "2028-04-30",
};

/** Time to plan an upgrade, rehearse it in dev and stg, and do it in prd. */
export const MIN_SUPPORT_DAYS = 180;

const dayMs = 86_400_000;

/** The minor version within an engine version: `3.10` of `8.0.mysql_aurora.3.10.5`. */
export function minorOf(engineVersion: string): string {
  return /mysql_aurora\.(\d+\.\d+)\.\d+$/.exec(engineVersion)?.[1] ?? "";
}

/** The last day of an engine version's support; undefined when the calendar does not have it. */
export function supportEndOf(engineVersion: string): string | undefined {
  return supportEnds[minorOf(engineVersion)];
}

/** What an operator must do about an engine version as of a day; undefined: nothing yet. */
export function supportProblem(engineVersion: string, today: Date): string | undefined {
  const end = supportEndOf(engineVersion);
  if (end === undefined)
    return `${engineVersion} is not in pulumi/data/engine-calendar.ts: look up when its support ends`;
  const daysLeft = Math.floor((Date.parse(end) - today.getTime()) / dayMs);
  if (daysLeft >= MIN_SUPPORT_DAYS) return undefined;
  return (
    `${engineVersion} is supported until ${end}: ${Math.max(daysLeft, 0)} days left, and an upgrade needs ${MIN_SUPPORT_DAYS}. ` +
    "Choose a later version (aws rds describe-db-engine-versions --engine aurora-mysql), add its end of support to " +
    "pulumi/data/engine-calendar.ts and set database.engineVersion"
  );
}
