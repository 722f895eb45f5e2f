import { setTimeout as sleep } from "node:timers/promises";
import { stackConfig, stackNames } from "../plan/stack-file.ts";
import { type Aws, awsCli } from "./aws.ts";
import { type Fleet, findFleet, type TemplateVersion, templateVersions } from "./fleet.ts";
import { HELP, readStack, runMain } from "./main.ts";

const usage = `Usage: npm run infra:release -- <${stackNames().join("|")}> [--image sha256:…] [--restart]
Replaces the instances by ones of an image that \`npm run infra:up\` has prepared: the newest, unless --image names
another, which is how one goes back. Ends when all are replaced; when they do not get ready or errors rise, the
instances of before come back and this fails. The group itself keeps to the release before until then.
--restart        replaces the instances by ones of the release that runs, so that they read their secrets again`;

const options = {
  image: { type: "string" },
  restart: { type: "boolean", default: false },
  "poll-seconds": { type: "string", default: "15" },
  ...HELP,
} as const;

/** Errors at the balancer while old and new instances run side by side, and then for the bake time. */
const watchedAlarms = ["errorRatePercent-critical", "latencyP99Ms-critical"];
const bakeSeconds = 180;
/** A refresh of ten instances, a roll-back and some patience. */
const MAX_WAIT_SECONDS = 3_600;

async function main(argv: string[]): Promise<number> {
  const given = readStack(argv, usage, options);
  if (given.stack === undefined) return given.code;
  const { stack, values } = given;
  const aws = awsCli(stackConfig(stack)["aws:region"] ?? "");
  const fleet = await findFleet(aws, stack);
  if (!fleet) {
    console.error(`${stack} has no instances yet: npm run infra:up -- ${stack} --image sha256:…`);
    return 1;
  }
  const versions = await templateVersions(aws, fleet);
  const isWanted = ({ version, image }: TemplateVersion): boolean => {
    if (values.image !== undefined) return image === values.image;
    return !values.restart || version === fleet.version;
  };
  const wanted = versions.find(isWanted);
  if (!wanted) {
    console.error(`No version of ${fleet.templateId} starts ${values.image ?? "what runs"}. There are:`);
    for (const { version, image } of versions) console.error(`  ${version}  ${image}`);
    return 1;
  }
  if (wanted.version === fleet.version && !values.restart) {
    console.log(`${fleet.group} is at version ${wanted.version} already: ${wanted.image}`);
    return 0;
  }
  console.log(`${fleet.group}: version ${fleet.version} → ${wanted.version}, image ${wanted.image}`);
  const id = await startRefresh(aws, stack, fleet, wanted.version);
  return waitFor(aws, fleet, id, Number(values["poll-seconds"]));
}

async function startRefresh(aws: Aws, stack: string, fleet: Fleet, version: string): Promise<string> {
  const alarms = await quietAlarms(aws, stack);
  const preferences = {
    MinHealthyPercentage: 100,
    MaxHealthyPercentage: 150,
    AutoRollback: true,
    ScaleInProtectedInstances: "Refresh",
    StandbyInstances: "Terminate",
    BakeTime: bakeSeconds,
    ...(alarms.length > 0 ? { AlarmSpecification: { Alarms: alarms } } : {}),
  };
  // With a desired configuration AWS changes the group only once every instance is replaced.
  const desired = { LaunchTemplate: { LaunchTemplateId: fleet.templateId, Version: version } };
  const { InstanceRefreshId } = (await aws(
    "autoscaling",
    "start-instance-refresh",
    ...["--auto-scaling-group-name", fleet.group],
    ...["--strategy", "Rolling"],
    ...["--desired-configuration", JSON.stringify(desired)],
    ...["--preferences", JSON.stringify(preferences)],
  )) as { InstanceRefreshId: string };
  return InstanceRefreshId;
}

/** An alarm that rings already says nothing about the new release, and would forbid going back from the old one. */
async function quietAlarms(aws: Aws, stack: string): Promise<string[]> {
  const names = watchedAlarms.map((alarm) => `paridad-${stack}-${alarm}`);
  const { MetricAlarms } = (await aws("cloudwatch", "describe-alarms", "--alarm-names", ...names)) as {
    MetricAlarms: { AlarmName: string; StateValue: string }[];
  };
  return MetricAlarms.filter(({ StateValue }) => StateValue !== "ALARM").map(({ AlarmName }) => AlarmName);
}

interface Refreshes {
  InstanceRefreshes: { Status: string; StatusReason?: string; PercentageComplete?: number }[];
}

async function waitFor(aws: Aws, fleet: Fleet, id: string, pollSeconds: number): Promise<number> {
  let last = "";
  for (let waited = 0; waited <= MAX_WAIT_SECONDS; waited += Math.max(pollSeconds, 1)) {
    const { InstanceRefreshes } = (await aws(
      "autoscaling",
      "describe-instance-refreshes",
      ...["--auto-scaling-group-name", fleet.group],
      ...["--instance-refresh-ids", id],
    )) as Refreshes;
    const refresh = InstanceRefreshes[0];
    const status = refresh?.Status ?? "Unknown";
    const line = `${status} ${refresh?.PercentageComplete ?? 0} % ${refresh?.StatusReason ?? ""}`.trim();
    if (line !== last) console.log(line);
    last = line;
    if (status === "Successful") return 0;
    if (["Failed", "Cancelled", "RollbackFailed", "RollbackSuccessful"].includes(status)) {
      console.error(`The release did not prove itself: ${status}. ${fleet.group} stays at version ${fleet.version}.`);
      return 1;
    }
    await sleep(pollSeconds * 1_000);
  }
  console.error(
    `Still not done after ${MAX_WAIT_SECONDS / 60} minutes: aws autoscaling rollback-instance-refresh goes back.`,
  );
  return 1;
}

await runMain(main);
