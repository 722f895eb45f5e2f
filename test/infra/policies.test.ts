import { beforeAll, describe, expect, it } from "vitest";
import type { Graph, GraphResource } from "../../pulumi/graph.ts";
import { rules } from "../../pulumi/policies/rules.ts";
import { graphOf, one, stacks } from "./graphs.ts";

type Breakage = [policy: string, what: string, breakIt: (graph: Graph) => void];

function inputs(graph: Graph, type: string, name?: string): Record<string, unknown> {
  return one(graph, type, name && `paridad-prd-${name}`).inputs;
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
const breakages: Breakage[] = [
  [
    "no-public-database",
    "an instance with a public address",
    (graph) => {
      inputs(graph, "aws:rds/clusterInstance:ClusterInstance", "database-writer").publiclyAccessible = true;
    },
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
    (graph) => {
      inputs(graph, ingress, "database-from-service").cidrIpv4 = "0.0.0.0/0";
    },
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
  [
    "no-open-ingress",
    "IPv6 forgotten",
    (graph) => {
      inputs(graph, ingress, "balancer-443").cidrIpv6 = "::/0";
    },
  ],
  [
    "no-open-ingress",
    "the list on every port",
    (graph) => {
      Object.assign(inputs(graph, ingress, "balancer-443"), { fromPort: 0, toPort: 65_535 });
    },
  ],
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
    (graph) => {
      inputs(graph, "aws:ec2/subnet:Subnet", "public-us-east-1a").mapPublicIpOnLaunch = true;
    },
  ],
  [
    "tls-only",
    "an old TLS",
    (graph) => {
      inputs(graph, "aws:lb/listener:Listener", "https").sslPolicy = "ELBSecurityPolicy-2016-08";
    },
  ],
  [
    "tls-only",
    "HTTP that answers",
    (graph) => {
      inputs(graph, "aws:lb/listener:Listener", "http").defaultActions = [{ type: "forward", targetGroupArn: "arn" }];
    },
  ],
  [
    "tls-only",
    "a database that takes plain connections",
    (graph) => {
      inputs(graph, "aws:rds/clusterParameterGroup:ClusterParameterGroup").parameters = [];
    },
  ],
  [
    "private-buckets",
    "one of the four ways left open",
    (graph) => {
      inputs(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "trail-private").restrictPublicBuckets =
        false;
    },
  ],
  [
    "private-buckets",
    "no block at all",
    (graph) => remove(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
  ],
  [
    "encrypted-storage",
    "a plain database",
    (graph) => {
      inputs(graph, cluster).storageEncrypted = false;
    },
  ],
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
  [
    "rotating-keys",
    "a key that stays",
    (graph) => {
      inputs(graph, "aws:kms/key:Key", "data").enableKeyRotation = false;
    },
  ],
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
  [
    "no-ssh",
    "a key pair",
    (graph) => {
      inputs(graph, template).keyName = "ops";
    },
  ],
  [
    "no-ssh",
    "port 22 within a range",
    (graph) => {
      Object.assign(inputs(graph, ingress, "service-from-balancer"), { fromPort: 20, toPort: 9_000 });
    },
  ],
  [
    "least-privilege",
    "any action of a service on anything",
    (graph) => {
      inputs(graph, "aws:iam/rolePolicy:RolePolicy", "origin-policy").policy = JSON.stringify(everything);
    },
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
    (graph) => {
      Object.assign(inputs(graph, cluster), { manageMasterUserPassword: false, masterPassword: "x" });
    },
  ],
  [
    "backups",
    "34 days in production",
    (graph) => {
      inputs(graph, cluster).backupRetentionPeriod = 34;
    },
  ],
  ["backups", "no copy elsewhere", (graph) => remove(graph, "aws:backup/plan:Plan")],
  [
    "protected-production",
    "a database that Pulumi may delete",
    (graph) => {
      one(graph, cluster).protect = false;
    },
  ],
  [
    "protected-production",
    "a database that AWS may delete",
    (graph) => {
      inputs(graph, cluster).deletionProtection = false;
    },
  ],
  [
    "protected-production",
    "a load balancer that AWS may delete",
    (graph) => {
      inputs(graph, "aws:lb/loadBalancer:LoadBalancer").enableDeletionProtection = false;
    },
  ],
  [
    "several-zones",
    "one instance",
    (graph) => {
      inputs(graph, group).minSize = 1;
    },
  ],
  [
    "several-zones",
    "a fleet in two zones",
    (graph) => {
      inputs(graph, group).vpcZoneIdentifiers = ["a", "b"];
    },
  ],
  [
    "several-zones",
    "a reader in the writer's zone",
    (graph) => {
      inputs(graph, "aws:rds/clusterInstance:ClusterInstance", "database-reader-1").availabilityZone = "us-east-1a";
    },
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
    "no way back",
    (graph) => {
      edit(inputs(graph, group), ["instanceRefresh", "preferences", "autoRollback"], false);
    },
  ],
  [
    "safe-releases",
    "a version that cannot be named",
    (graph) => {
      edit(inputs(graph, group), ["launchTemplate", "version"], "$Latest");
    },
  ],
  [
    "safe-releases",
    "tags that move",
    (graph) => {
      inputs(graph, "aws:ecr/repository:Repository").imageTagMutability = "MUTABLE";
    },
  ],
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
    (graph) => {
      inputs(graph, "aws:cloudtrail/trail:Trail").enableLogFileValidation = false;
    },
  ],
  [
    "tags-everywhere",
    "an untagged table",
    (graph) => {
      inputs(graph, "aws:ec2/routeTable:RouteTable", "database-routes").tags = { Name: "x" };
    },
  ],
  [
    "tags-everywhere",
    "untagged instances",
    (graph) => {
      inputs(graph, group).tags = [];
    },
  ],
];

describe("policies", () => {
  let production: Graph;
  beforeAll(async () => {
    production = await graphOf("prd");
  });

  it.each(stacks)("hold for %s, with an image and without", async (stack) => {
    for (const graph of [await graphOf(stack), await graphOf(stack, { imageDigest: `sha256:${"a".repeat(64)}` })]) {
      expect(rules.flatMap((rule) => rule.check(graph))).toEqual([]);
    }
  });

  it.each(breakages)("%s catches %s", (policy, _what, breakIt) => {
    const graph = structuredClone(production);
    breakIt(graph);
    expect(rules.filter((rule) => rule.check(graph).length > 0).map(({ name }) => name)).toContain(policy);
  });

  it("are each broken on purpose by some test", () => {
    expect(new Set(breakages.map(([policy]) => policy))).toEqual(new Set(rules.map(({ name }) => name)));
  });

  it("name the resource that breaks them", () => {
    const graph = structuredClone(production);
    inputs(graph, cluster).storageEncrypted = false;
    const found = rules.flatMap((rule) => rule.check(graph));
    expect(found).toEqual([{ urn: one(graph, cluster).urn, message: expect.stringContaining("paridad-prd-database") }]);
  });
});
