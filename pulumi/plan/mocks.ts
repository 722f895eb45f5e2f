/** The account that the mocks play. */
const accountId = "123456789012";

/** What AWS would answer to the few questions that the program asks. */
export function answer(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId, arn: `arn:aws:iam::${accountId}:user/plan`, id: accountId, userId: "plan" };
    case "aws:route53/getZone:getZone":
      return {
        ...inputs,
        id: "Z0000000PLAN",
        zoneId: "Z0000000PLAN",
        arn: "arn:aws:route53:::hostedzone/Z0000000PLAN",
      };
    case "aws:ssm/getParameter:getParameter":
      return { ...inputs, id: inputs.name, insecureValue: "ami-00000000000000000", type: "String", version: 1 };
    default:
      throw new Error(`the program asks ${token}, which plan/mocks.ts does not answer`);
  }
}

/** What AWS would add to a resource when it makes it: only what other resources read. */
export function mockState(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const [service = "aws"] = (type.split(":")[1] ?? "").split("/");
  const physicalName = typeof inputs.name === "string" ? inputs.name : name;
  const arn = `arn:aws:${service}:us-east-1:${accountId}:${physicalName}`;
  return { arn, name: physicalName, ...inputs, ...(extras[type]?.(name, inputs) ?? {}) };
}

const extras: Record<string, (name: string, inputs: Record<string, unknown>) => Record<string, unknown>> = {
  "aws:kms/key:Key": (name) => ({ keyId: `${name}-key` }),
  "aws:s3/bucket:Bucket": (name) => ({ bucket: `${name}-bucket`, arn: `arn:aws:s3:::${name}-bucket` }),
  "aws:ec2/vpc:Vpc": (name) => ({ defaultRouteTableId: `${name}-default-routes` }),
  "aws:rds/cluster:Cluster": (name, inputs) => ({
    endpoint: `${String(inputs.clusterIdentifier)}.cluster.us-east-1.rds.amazonaws.com`,
    readerEndpoint: `${String(inputs.clusterIdentifier)}.cluster-ro.us-east-1.rds.amazonaws.com`,
    masterUserSecrets: [{ secretArn: `arn:aws:secretsmanager:us-east-1:${accountId}:secret:rds!${name}` }],
  }),
  "aws:ecr/repository:Repository": (_name, inputs) => ({
    repositoryUrl: `${accountId}.dkr.ecr.us-east-1.amazonaws.com/${String(inputs.name)}`,
  }),
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({
    arnSuffix: `app/${name}/0000000000000000`,
    dnsName: `${name}.us-east-1.elb.amazonaws.com`,
    zoneId: "Z0000000BALANCER",
  }),
  "aws:lb/targetGroup:TargetGroup": (name) => ({ arnSuffix: `targetgroup/${name}/0000000000000000` }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "aws:acm/certificate:Certificate": (_name, inputs) => ({
    domainValidationOptions: [
      {
        domainName: inputs.domainName,
        resourceRecordName: `_proof.${String(inputs.domainName)}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_proof.acm-validations.aws.",
      },
    ],
  }),
  "aws:route53/record:Record": (_name, inputs) => ({ fqdn: inputs.name }),
};
