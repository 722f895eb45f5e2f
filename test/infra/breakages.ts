import type { Graph, GraphResource } from "../../pulumi/graph.ts";
import { one } from "./graphs.ts";

export type Breakage = [policy: string, what: string, breakIt: (graph: Graph) => void];

function inputs(graph: Graph, type: string, name?: string): Record<string, unknown> {
  return one(graph, type, name && `paridad-prd-${name}`).inputs;
}

/** Changes inputs of one resource. */
function put(type: string, changes: Record<string, unknown>, name?: string): (graph: Graph) => void {
  return (graph) => {
    Object.assign(inputs(graph, type, name), changes);
  };
}

function remove(graph: Graph, type: string): void {
  graph.resources = graph.resources.filter((resource) => resource.type !== type);
}

function add(graph: Graph, type: string, name: string, given: Record<string, unknown>): void {
  const added: GraphResource = {
    urn: `urn:${name}`,
    parent: "",
    type,
    name,
    id: `${name}-id`,
    custom: true,
    protect: false,
    retain: false,
    inputs: given,
  };
  graph.resources.push(added);
}

function edit(given: Record<string, unknown>, path: string[], value: unknown): void {
  const last = path.at(-1) ?? "";
  const owner = path.slice(0, -1).reduce((object, key) => object[key] as Record<string, unknown>, given);
  owner[last] = value;
}

const cluster = "aws:rds/cluster:Cluster";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const group = "aws:autoscaling/group:Group";
const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };

/** Each policy, and at least one way to break it. */
export const breakages: Breakage[] = [
  [
    "no-public-database",
    "an instance with a public address",
    put("aws:rds/clusterInstance:ClusterInstance", { publiclyAccessible: true }, "database-writer"),
  ],
  [
    "no-public-database",
    "an instance that does not say",
    (graph) => {
      delete inputs(graph, "aws:rds/clusterInstance:ClusterInstance", "database-reader-1").publiclyAccessible;
    },
  ],
  [
    "no-public-database",
    "a way out of the database's subnets",
    (graph) => {
      const { id } = one(graph, "aws:ec2/routeTable:RouteTable", "paridad-prd-database-routes");
      add(graph, "aws:ec2/route:Route", "leak", {
        routeTableId: id,
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: "igw",
      });
    },
  ],
  [
    "no-open-ingress",
    "the database open to the world",
    put(ingress, { cidrIpv4: "0.0.0.0/0" }, "database-from-service"),
  ],
  [
    "no-open-ingress",
    "the load balancer open to the world",
    (graph) => {
      const rule = inputs(graph, ingress, "balancer-443");
      delete rule.prefixListId;
      rule.cidrIpv4 = "0.0.0.0/0";
    },
  ],
  ["no-open-ingress", "IPv6 forgotten", put(ingress, { cidrIpv6: "::/0" }, "balancer-443")],
  ["no-open-ingress", "the list on every port", put(ingress, { fromPort: 0, toPort: 65_535 }, "balancer-443")],
  [
    "no-open-ingress",
    "a list of the whole internet",
    (graph) => {
      edit(
        inputs(graph, "aws:ec2/managedPrefixList:ManagedPrefixList"),
        ["entries"],
        [{ cidr: "0.0.0.0/1" }, { cidr: "128.0.0.0/1" }],
      );
    },
  ],
  [
    "no-open-ingress",
    "a rule within the group itself",
    (graph) => {
      const rule = { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] };
      inputs(graph, "aws:ec2/securityGroup:SecurityGroup", "service").ingress = [rule];
    },
  ],
  [
    "locked-defaults",
    "the default group as AWS makes it",
    (graph) => remove(graph, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"),
  ],
  [
    "locked-defaults",
    "public addresses for instances",
    put("aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: true }, "public-us-east-1a"),
  ],
  ["tls-only", "an old TLS", put("aws:lb/listener:Listener", { sslPolicy: "ELBSecurityPolicy-2016-08" }, "https")],
  [
    "tls-only",
    "HTTP that answers",
    put("aws:lb/listener:Listener", { defaultActions: [{ type: "forward", targetGroupArn: "arn" }] }, "http"),
  ],
  [
    "tls-only",
    "a database that takes plain connections",
    put("aws:rds/clusterParameterGroup:ClusterParameterGroup", { parameters: [] }),
  ],
  [
    "private-buckets",
    "one of the four ways left open",
    put("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { restrictPublicBuckets: false }, "trail-private"),
  ],
  [
    "private-buckets",
    "no block at all",
    (graph) => remove(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
  ],
  ["encrypted-storage", "a plain database", put(cluster, { storageEncrypted: false })],
  [
    "encrypted-storage",
    "a plain disk",
    (graph) => {
      edit(inputs(graph, template), ["blockDeviceMappings", "0", "ebs", "encrypted"], "false");
    },
  ],
  [
    "encrypted-storage",
    "a plain log group",
    (graph) => {
      delete inputs(graph, "aws:cloudwatch/logGroup:LogGroup", "origin").kmsKeyId;
    },
  ],
  [
    "encrypted-storage",
    "a plain bucket",
    (graph) => remove(graph, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
  ],
  [
    "encrypted-storage",
    "a plain topic",
    (graph) => {
      delete inputs(graph, "aws:sns/topic:Topic", "critical").kmsMasterKeyId;
    },
  ],
  ["rotating-keys", "a key that stays", put("aws:kms/key:Key", { enableKeyRotation: false }, "data")],
  [
    "imds-v2",
    "IMDSv1",
    (graph) => {
      edit(inputs(graph, template), ["metadataOptions", "httpTokens"], "optional");
    },
  ],
  [
    "imds-v2",
    "a hop for containers",
    (graph) => {
      edit(inputs(graph, template), ["metadataOptions", "httpPutResponseHopLimit"], 2);
    },
  ],
  ["no-ssh", "a key pair", put(template, { keyName: "ops" })],
  ["no-ssh", "port 22 within a range", put(ingress, { fromPort: 20, toPort: 9_000 }, "service-from-balancer")],
  [
    "least-privilege",
    "any action of a service on anything",
    put("aws:iam/rolePolicy:RolePolicy", { policy: JSON.stringify(everything) }, "origin-policy"),
  ],
  [
    "least-privilege",
    "administrator rights",
    (graph) => {
      inputs(
        graph,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "backup-awsbackupservicerolepolicyforbackup",
      ).policyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    },
  ],
  ["least-privilege", "a long-lived key", (graph) => add(graph, "aws:iam/accessKey:AccessKey", "key", { user: "ci" })],
  [
    "bounded-roles",
    "a role without a boundary",
    (graph) => {
      delete inputs(graph, "aws:iam/role:Role", "origin").permissionsBoundary;
    },
  ],
  [
    "no-secret-outputs",
    "an output by a telling name",
    (graph) => {
      graph.outputs.databasePassword = "x";
    },
  ],
  [
    "no-secret-outputs",
    "an output that holds a password",
    (graph) => {
      graph.outputs.database = "mysql://admin:hunter2@host/paridad";
    },
  ],
  [
    "no-secret-outputs",
    "a secret's value in the state",
    (graph) => add(graph, "aws:secretsmanager/secretVersion:SecretVersion", "value", { secretString: "x" }),
  ],
  [
    "no-secret-outputs",
    "a master password of our own",
    put(cluster, { manageMasterUserPassword: false, masterPassword: "x" }),
  ],
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
  ["kept-logs", "a network without flow logs", (graph) => remove(graph, "aws:ec2/flowLog:FlowLog")],
  [
    "kept-logs",
    "a trail that can be changed unnoticed",
    put("aws:cloudtrail/trail:Trail", { enableLogFileValidation: false }),
  ],
  ["someone-is-told", "alarms without an ear", (graph) => remove(graph, "aws:sns/topicSubscription:TopicSubscription")],
  ["someone-is-told", "an edge that nobody checks", (graph) => remove(graph, "aws:route53/healthCheck:HealthCheck")],
  [
    "tags-everywhere",
    "an untagged table",
    put("aws:ec2/routeTable:RouteTable", { tags: { Name: "x" } }, "database-routes"),
  ],
  ["tags-everywhere", "untagged instances", put(group, { tags: [] })],
];
