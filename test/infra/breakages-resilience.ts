import { type Breakage, cluster, edit, group, inputs, put, remove, template } from "./breaking.ts";
import { all, one } from "./graphs.ts";

/** Ways to break the policies on backups, zones, releases, logs and notice. */
export const resilienceBreakages: Breakage[] = [
  ["supported-engine", "a retired version", put(cluster, { engineVersion: "8.0.mysql_aurora.3.08.2" })],
  ["supported-engine", "a version of unknown age", put(cluster, { engineVersion: "8.0.mysql_aurora.3.99.0" })],
  ["backups", "34 days in production", put(cluster, { backupRetentionPeriod: 34 })],
  ["backups", "no copy elsewhere", (graph) => remove(graph, "aws:backup/plan:Plan")],
  [
    "backups",
    "no opt-in: copies that are never made",
    (graph) => remove(graph, "aws:backup/regionSettings:RegionSettings"),
  ],
  [
    "backups",
    "copies that nobody restores",
    (graph) => remove(graph, "aws:backup/restoreTestingSelection:RestoreTestingSelection"),
  ],
  ["protected-production", "no last snapshot", put(cluster, { skipFinalSnapshot: true })],
  ["protected-production", "backups that go with the cluster", put(cluster, { deleteAutomatedBackups: true })],
  [
    "protected-production",
    "a key that Pulumi may delete",
    (graph) => {
      one(graph, "aws:kms/key:Key", "paridad-prd-data").protect = false;
    },
  ],
  [
    "protected-production",
    "a database that Pulumi may delete",
    (graph) => {
      one(graph, cluster).protect = false;
    },
  ],
  ["protected-production", "a database that AWS may delete", put(cluster, { deletionProtection: false })],
  [
    "protected-production",
    "a load balancer that AWS may delete",
    put("aws:lb/loadBalancer:LoadBalancer", { enableDeletionProtection: false }),
  ],
  ["several-zones", "one instance", put(group, { minSize: 1 })],
  ["several-zones", "a fleet in two zones", put(group, { vpcZoneIdentifiers: ["a", "b"] })],
  [
    "several-zones",
    "a reader in the writer's zone",
    put("aws:rds/clusterInstance:ClusterInstance", { availabilityZone: "us-east-1a" }, "database-reader-1"),
  ],
  [
    "several-zones",
    "zones that share a NAT gateway",
    (graph) => {
      const spare = one(graph, "aws:ec2/natGateway:NatGateway", "paridad-prd-nat-us-east-1c");
      graph.resources = graph.resources.filter((resource) => resource !== spare);
    },
  ],
  [
    "safe-releases",
    "a refresh that goes back to the release that failed",
    put(group, { instanceRefresh: { strategy: "Rolling", preferences: { autoRollback: true } } }),
  ],
  ["safe-releases", "instances that die with the database", put(group, { healthCheckType: "ELB" })],
  ["safe-releases", "instances in service before they answer", put(group, { initialLifecycleHooks: [] })],
  ["safe-releases", "an image that cannot be found again", put(template, { description: "" })],
  [
    "safe-releases",
    "a version that cannot be named",
    (graph) => {
      edit(inputs(graph, group), ["launchTemplate", "version"], "$Latest");
    },
  ],
  ["safe-releases", "tags that move", put("aws:ecr/repository:Repository", { imageTagMutability: "MUTABLE" })],
  [
    "kept-logs",
    "logs for ever",
    (graph) => {
      delete inputs(graph, "aws:cloudwatch/logGroup:LogGroup", "origin").retentionInDays;
    },
  ],
  ["kept-logs", "a month of logs", put("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30 }, "origin")],
  ["audited", "an account that nobody audits", (graph) => remove(graph, "aws:securityhub/account:Account")],
  ["audited", "no record of what was changed", (graph) => remove(graph, "aws:cfg/recorderStatus:RecorderStatus")],
  [
    "trail-is-read",
    "a trail that goes nowhere but to its bucket",
    put("aws:cloudtrail/trail:Trail", { cloudWatchLogsGroupArn: undefined }),
  ],
  [
    "trail-is-read",
    "objects that anybody reads unseen",
    put("aws:cloudtrail/trail:Trail", { advancedEventSelectors: undefined }),
  ],
  [
    "trail-is-read",
    "counts of the trail that no alarm reads",
    (graph) => {
      for (const { inputs } of all(graph, "aws:cloudwatch/metricAlarm:MetricAlarm")) {
        if (String(inputs.namespace).startsWith("Paridad/Trail")) inputs.alarmActions = [];
      }
    },
  ],
  [
    "trail-is-read",
    "a database that fails over without a word",
    (graph) => {
      graph.resources = graph.resources.filter(({ name }) => name !== "paridad-prd-database-events");
    },
  ],
  ["kept-logs", "a network without flow logs", (graph) => remove(graph, "aws:ec2/flowLog:FlowLog")],
  [
    "kept-logs",
    "a trail that can be changed unnoticed",
    put("aws:cloudtrail/trail:Trail", { enableLogFileValidation: false }),
  ],
  ["someone-is-told", "alarms without an ear", (graph) => remove(graph, "aws:sns/topicSubscription:TopicSubscription")],
  [
    "readers-are-watched",
    "burn that is measured behind the caches only",
    (graph) => {
      graph.resources = graph.resources.filter(({ name }) => !name.includes("edgeErrorBudgetBurn"));
    },
  ],
  [
    "readers-are-watched",
    "reports of the edge that no filter counts",
    (graph) => {
      graph.resources = graph.resources.filter(({ name }) => name !== "paridad-prd-EdgeCachedPageReads");
    },
  ],
  ["someone-is-told", "an edge that nobody checks", (graph) => remove(graph, "aws:route53/healthCheck:HealthCheck")],
  [
    "tags-everywhere",
    "an untagged table",
    put("aws:ec2/routeTable:RouteTable", { tags: { Name: "x" } }, "database-routes"),
  ],
  ["tags-everywhere", "untagged instances", put(group, { tags: [] })],
];
