import { supportEndOf } from "../data/engine-calendar.ts";
import { ofType } from "../graph.ts";
import { isSet, list, object, type Rule, unless, type Violation, violation } from "./rule.ts";

const production = "prd";
const productionBackupDays = 35;
const productionLogDays = 731;

export const backups: Rule = {
  name: "backups",
  description: `Databases are backed up; in ${production} for ${productionBackupDays} days and copied to another region.`,
  check(graph) {
    const leastDays = graph.stack === production ? productionBackupDays : 1;
    const clusters = ofType(graph, "aws:rds/cluster:Cluster");
    const optedIn = ofType(graph, "aws:backup/regionSettings:RegionSettings").map(({ inputs }) =>
      object(inputs.resourceTypeOptInPreference),
    );
    const copied = ofType(graph, "aws:backup/plan:Plan").some(({ inputs }) =>
      list(inputs.rules).some(({ copyActions }) => list(copyActions).length > 0),
    );
    return [
      ...unless(
        clusters,
        ({ inputs }) => Number(inputs.backupRetentionPeriod ?? 1) >= leastDays,
        `keeps backups for less than ${leastDays} days`,
      ),
      ...unless(graph.stack === production ? clusters : [], () => copied, "has no copy in another region"),
      ...unless(
        ofType(graph, "aws:backup/plan:Plan"),
        () => optedIn.length >= 2 && optedIn.every(({ Aurora }) => Aurora === true),
        "makes no copies: the account has not opted in to AWS Backup for Aurora in both regions",
      ),
      ...unless(
        ofType(graph, "aws:backup/plan:Plan"),
        () => ofType(graph, "aws:backup/restoreTestingSelection:RestoreTestingSelection").length > 0,
        "makes copies that nobody restores to test them",
      ),
    ];
  },
};

/** What holds data, or without which data cannot be read. */
const holdsData = [
  "aws:rds/cluster:Cluster",
  "aws:rds/clusterInstance:ClusterInstance",
  "aws:kms/key:Key",
  "aws:backup/vault:Vault",
  "aws:secretsmanager/secret:Secret",
  "aws:ecr/repository:Repository",
];

export const protectedProduction: Rule = {
  name: "protected-production",
  description: `What holds data or takes traffic in ${production} cannot be deleted by mistake.`,
  check(graph) {
    if (graph.stack !== production) return [];
    return [
      ...unless(
        ofType(graph, "aws:rds/cluster:Cluster"),
        ({ inputs }) => inputs.deletionProtection === true,
        "can be deleted",
      ),
      ...unless(
        ofType(graph, "aws:rds/cluster:Cluster"),
        ({ inputs }) => inputs.skipFinalSnapshot === false && inputs.deleteAutomatedBackups === false,
        "leaves no snapshot and no backup when it is deleted",
      ),
      ...unless(ofType(graph, ...holdsData), ({ protect }) => protect, "can be deleted by Pulumi"),
      ...unless(
        ofType(graph, "aws:lb/loadBalancer:LoadBalancer"),
        ({ inputs }) => inputs.enableDeletionProtection === true,
        "can be deleted",
      ),
    ];
  },
};

export const severalZones: Rule = {
  name: "several-zones",
  description: `In ${production} the loss of a zone takes nothing down: instances, database, NAT and balancer are in several.`,
  check(graph) {
    if (graph.stack !== production) return [];
    const databaseZones = new Set(
      ofType(graph, "aws:rds/clusterInstance:ClusterInstance").map(({ inputs }) => inputs.availabilityZone),
    );
    const zones = new Set(ofType(graph, "aws:ec2/subnet:Subnet").map(({ inputs }) => inputs.availabilityZone));
    const violations: Violation[] = [];
    for (const cluster of ofType(graph, "aws:rds/cluster:Cluster")) {
      if (databaseZones.size < 3) violations.push(violation(cluster, "has instances in fewer than three zones"));
    }
    for (const group of ofType(graph, "aws:autoscaling/group:Group")) {
      const inZones = list(group.inputs.vpcZoneIdentifiers).length;
      if (inZones < 3) violations.push(violation(group, "is in fewer than three zones"));
      // An empty group is the first deployment, before there is an image.
      if (Number(group.inputs.minSize) < 2 && Number(group.inputs.maxSize) > 0) {
        violations.push(violation(group, "may shrink to one instance"));
      }
    }
    for (const vpc of ofType(graph, "aws:ec2/vpc:Vpc")) {
      if (ofType(graph, "aws:ec2/natGateway:NatGateway").length < zones.size) {
        violations.push(violation(vpc, "has zones without a NAT gateway of their own"));
      }
    }
    return violations;
  },
};

export const safeReleases: Rule = {
  name: "safe-releases",
  description:
    "A release can go back to the one before, its image never changes under its name, and only the dead are replaced.",
  check: (graph) => [
    ...unless(
      ofType(graph, "aws:autoscaling/group:Group"),
      ({ inputs }) => {
        const { version } = object(inputs.launchTemplate);
        // A refresh that an update of the group starts goes back to that update, the release that failed.
        return !isSet(inputs.instanceRefresh) && /^\d+$/.test(String(version));
      },
      "cannot go back to the release before",
    ),
    ...unless(
      ofType(graph, "aws:autoscaling/group:Group"),
      ({ inputs }) =>
        inputs.healthCheckType === "EC2" &&
        list(inputs.initialLifecycleHooks).some(
          ({ lifecycleTransition, defaultResult }) =>
            lifecycleTransition === "autoscaling:EC2_INSTANCE_LAUNCHING" && defaultResult === "ABANDON",
        ),
      "replaces instances that wait for the database, or takes new ones into service before they answer",
    ),
    ...unless(
      ofType(graph, "aws:ec2/launchTemplate:LaunchTemplate"),
      ({ inputs }) => /^sha256:[0-9a-f]{64}$/.test(String(inputs.description)),
      "does not say which image it starts",
    ),
    ...unless(
      ofType(graph, "aws:ecr/repository:Repository"),
      ({ inputs }) =>
        inputs.imageTagMutability === "IMMUTABLE" && object(inputs.imageScanningConfiguration).scanOnPush === true,
      "lets tags move or does not scan",
    ),
  ],
};

export const keptLogs: Rule = {
  name: "kept-logs",
  description: "Every log group says how long it keeps; VPCs, load balancers and the account are logged.",
  check(graph) {
    const flows = new Set(ofType(graph, "aws:ec2/flowLog:FlowLog").map(({ inputs }) => inputs.vpcId));
    return [
      ...unless(
        ofType(graph, "aws:cloudwatch/logGroup:LogGroup"),
        ({ inputs }) => Number(inputs.retentionInDays ?? 0) > 0,
        "keeps its logs for ever",
      ),
      ...unless(
        graph.stack === production ? ofType(graph, "aws:cloudwatch/logGroup:LogGroup") : [],
        ({ inputs }) => Number(inputs.retentionInDays ?? productionLogDays) >= productionLogDays,
        `keeps its logs for less than ${productionLogDays} days`,
      ),
      ...unless(ofType(graph, "aws:ec2/vpc:Vpc"), (vpc) => flows.has(vpc.id), "has no flow logs"),
      ...unless(
        ofType(graph, "aws:lb/loadBalancer:LoadBalancer"),
        ({ inputs }) => object(inputs.accessLogs).enabled === true,
        "keeps no access logs",
      ),
      ...unless(
        ofType(graph, "aws:cloudtrail/trail:Trail"),
        ({ inputs }) => inputs.isMultiRegionTrail === true && inputs.enableLogFileValidation === true,
        "misses regions or can be changed unnoticed",
      ),
    ];
  },
};

export const supportedEngine: Rule = {
  name: "supported-engine",
  description: "Databases run an engine version that AWS still supports: it refuses to create others.",
  check: (graph) =>
    unless(
      ofType(graph, "aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance"),
      ({ inputs }) => Date.parse(supportEndOf(String(inputs.engineVersion)) ?? "") > Date.now(),
      "has an engine version whose support has ended or is not in pulumi/data/engine-calendar.ts",
    ),
};
