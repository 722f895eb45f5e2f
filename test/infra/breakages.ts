import { resilienceBreakages } from "./breakages-resilience.ts";
import { startBreakages } from "./breakages-start.ts";
import { add, type Breakage, cluster, edit, everything, ingress, inputs, put, remove, template } from "./breaking.ts";
import { one } from "./graphs.ts";

const exposureBreakages: Breakage[] = [
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
    "plain HTTP, even to redirect it",
    put("aws:lb/listener:Listener", { protocol: "HTTP", defaultActions: [{ type: "redirect" }] }, "https"),
  ],
  ["tls-only", "clear text to the instances", put("aws:lb/targetGroup:TargetGroup", { protocol: "HTTP" })],
  [
    "closed-endpoints",
    "AWS's default policy, which lets all through",
    put("aws:ec2/vpcEndpoint:VpcEndpoint", { policy: undefined }, "endpoint-logs"),
  ],
  [
    "known-edge",
    "strangers at the load balancer",
    put("aws:lb/listener:Listener", { mutualAuthentication: undefined }),
  ],
  [
    "known-edge",
    "certificates that nobody verifies",
    put("aws:lb/listener:Listener", { mutualAuthentication: { mode: "passthrough" } }),
  ],
  [
    "tls-only",
    "CBC suites",
    put("aws:lb/listener:Listener", { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }, "https"),
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
    "a disk under the account's default key",
    (graph) => {
      edit(inputs(graph, template), ["blockDeviceMappings", "0", "ebs", "kmsKeyId"], undefined);
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
];

/** Each policy, and at least one way to break it. */
export const breakages: Breakage[] = [...exposureBreakages, ...startBreakages, ...resilienceBreakages];
