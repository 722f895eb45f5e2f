import type { Aws } from "./aws.ts";

/** The instances of a stack, as AWS has them. */
export interface Fleet {
  group: string;
  templateId: string;
  /** The template's version that new instances are started from. */
  version: string;
  instances: string[];
}

/** One version of a fleet's launch template. */
export interface TemplateVersion {
  version: string;
  image: string;
}

interface Groups {
  AutoScalingGroups: {
    LaunchTemplate?: { LaunchTemplateId: string; Version: string };
    Instances: { InstanceId: string; LifecycleState: string }[];
  }[];
}

interface Versions {
  LaunchTemplateVersions: { VersionNumber: number; VersionDescription?: string }[];
}

/** The name of a stack's Auto Scaling group: the same as in service.ts, so that a tool needs no state. */
export function groupName(stack: string): string {
  return `paridad-${stack}-origin`;
}

/** A stack's fleet; undefined before the first release. */
export async function findFleet(aws: Aws, stack: string): Promise<Fleet | undefined> {
  const group = groupName(stack);
  const { AutoScalingGroups } = (await aws(
    "autoscaling",
    "describe-auto-scaling-groups",
    "--auto-scaling-group-names",
    group,
  )) as Groups;
  const [found] = AutoScalingGroups;
  if (!found?.LaunchTemplate) return undefined;
  return {
    group,
    templateId: found.LaunchTemplate.LaunchTemplateId,
    version: found.LaunchTemplate.Version,
    instances: found.Instances.filter(({ LifecycleState }) => LifecycleState === "InService").map(
      ({ InstanceId }) => InstanceId,
    ),
  };
}

/** Every version of a fleet's template, the newest first. */
export async function templateVersions(aws: Aws, { templateId }: Fleet): Promise<TemplateVersion[]> {
  const { LaunchTemplateVersions } = (await aws(
    "ec2",
    "describe-launch-template-versions",
    "--launch-template-id",
    templateId,
  )) as Versions;
  return LaunchTemplateVersions.sort((a, b) => b.VersionNumber - a.VersionNumber).map((version) => ({
    version: String(version.VersionNumber),
    image: version.VersionDescription ?? "",
  }));
}

/** The image that a fleet starts its instances from, which is the last release that proved itself. */
export async function runningImage(aws: Aws, fleet: Fleet): Promise<string | undefined> {
  return (await templateVersions(aws, fleet)).find(({ version }) => version === fleet.version)?.image;
}
