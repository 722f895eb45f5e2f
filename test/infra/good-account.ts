const engine = "8.0.mysql_aurora.3.10.5";
const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
const interfaces = ["ecr.api", "ecr.dkr", "logs", "monitoring", "secretsmanager", "ssm", "ssmmessages"];
/** The name servers of its zone. */
export const servers = ["ns-1.awsdns-01.org", "ns-2.awsdns-02.com"];

/** An account in which nothing stands in the way, by the command that asks. */
export const good: Record<string, unknown> = {
  "sts get-caller-identity": { Account: "123456789012" },
  "service-quotas list-service-quotas": {
    Quotas: [
      { QuotaName: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", Value: 64 },
      { QuotaName: "EC2-VPC Elastic IPs", Value: 5 },
      { QuotaName: "Concurrently running builds for Linux/Small environment", Value: 20 },
    ],
  },
  "rds describe-db-engine-versions": { DBEngineVersions: [{ EngineVersion: engine }] },
  "rds describe-orderable-db-instance-options": {
    OrderableDBInstanceOptions: [{ AvailabilityZones: zones.map((Name) => ({ Name })) }],
  },
  "ec2 describe-instance-type-offerings": { InstanceTypeOfferings: zones.map((Location) => ({ Location })) },
  "ec2 describe-vpc-endpoint-services": {
    ServiceDetails: interfaces.map((name) => ({
      ServiceName: `com.amazonaws.us-east-1.${name}`,
      AvailabilityZones: zones,
    })),
  },
  "backup describe-region-settings": { ResourceTypeOptInPreference: { Aurora: true } },
  "logs describe-resource-policies": { resourcePolicies: [] },
  "ssm list-documents": { DocumentIdentifiers: [] },
  "ec2 describe-vpcs": { Vpcs: [{ Tags: [{ Key: "Stack", Value: "prd" }] }] },
  "guardduty list-detectors": { DetectorIds: [] },
  "configservice describe-configuration-recorders": { ConfigurationRecorders: [{ name: "paridad-prd" }] },
  "guardduty get-detector": { Tags: { Stack: "other" } },
  "route53 list-hosted-zones-by-name": { HostedZones: [{ Id: "/hostedzone/Z1", Name: "aws.paridad.test." }] },
  "route53 get-hosted-zone": { DelegationSet: { NameServers: servers } },
  "iam get-role": {
    Role: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Condition: {
              StringEquals: { "token.actions.githubusercontent.com:sub": "repo:o@1/r@2:environment:prd" },
            },
          },
        ],
      },
    },
  },
  "iam get-policy": {},
  "secretsmanager list-secrets": { SecretList: [{ Name: "paridad/paridad-prd/edge-token" }] },
  "rds describe-db-cluster-snapshots": { DBClusterSnapshots: [] },
  "s3api get-bucket-versioning": { Status: "Enabled" },
  "s3api get-bucket-replication": {},
  "ce list-cost-allocation-tags": { CostAllocationTags: [{}] },
};
