import { type GraphResource, ofType } from "../graph.ts";
import { isSet, list, object, type Rule, unless, type Violation, violation } from "./rule.ts";

export const imdsV2: Rule = {
  name: "imds-v2",
  description: "Instances answer metadata questions with a session token only, and not from a container.",
  check: (graph) =>
    unless(
      ofType(graph, "aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"),
      ({ inputs }) => {
        const options = object(inputs.metadataOptions);
        return options.httpTokens === "required" && Number(options.httpPutResponseHopLimit ?? 1) === 1;
      },
      "answers IMDSv1 or lets containers reach the instance's credentials",
    ),
};

export const noSsh: Rule = {
  name: "no-ssh",
  description: "No instance has a key pair and no rule admits port 22: operators use Session Manager.",
  check: (graph) => [
    ...unless(
      ofType(graph, "aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"),
      ({ inputs }) => !isSet(inputs.keyName),
      "has an SSH key",
    ),
    ...unless(
      ofType(graph, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
      ({ inputs }) => {
        const everything = inputs.ipProtocol === "-1" || !isSet(inputs.fromPort);
        return !everything && (Number(inputs.fromPort) > 22 || Number(inputs.toPort) < 22);
      },
      "admits SSH",
    ),
  ],
};

const policyTypes = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:kms/key:Key",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
];
const broadManagedPolicies = /(AdministratorAccess|PowerUserAccess|FullAccess)$/;

export const leastPrivilege: Rule = {
  name: "least-privilege",
  description:
    "No policy allows an action with a wildcard on a resource that is one; no role is given an all-powerful policy.",
  check(graph) {
    const violations: Violation[] = [];
    for (const resource of ofType(graph, ...policyTypes)) {
      for (const statement of statements(resource)) {
        const actions = [statement.Action].flat().map(String);
        const resources = [statement.Resource].flat().map(String);
        const wide = actions.filter((action) => action.includes("*"));
        if (statement.Effect === "Allow" && wide.length > 0 && (resources.includes("*") || wide.includes("*"))) {
          violations.push(violation(resource, `allows ${wide.join(", ")} on ${resources.join(", ")}`));
        }
        if (isSet(statement.NotAction) || isSet(statement.NotResource)) {
          violations.push(violation(resource, "allows all but what it names"));
        }
      }
    }
    violations.push(
      ...unless(
        ofType(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
        ({ inputs }) => !broadManagedPolicies.test(String(inputs.policyArn)),
        "gives a role an all-powerful policy",
      ),
      ...unless(ofType(graph, "aws:iam/accessKey:AccessKey"), () => false, "is a long-lived key"),
    );
    return violations;
  },
};

function statements({ inputs }: GraphResource): Record<string, unknown>[] {
  const document = inputs.policy ?? inputs.policyDocument;
  if (typeof document !== "string") return [];
  return list((JSON.parse(document) as { Statement?: unknown }).Statement);
}

export const closedEndpoints: Rule = {
  name: "closed-endpoints",
  description: "VPC endpoints let through what they are for, and no other account's credentials.",
  check: (graph) =>
    unless(
      ofType(graph, "aws:ec2/vpcEndpoint:VpcEndpoint"),
      (endpoint) => {
        const given = statements(endpoint);
        const isNarrow = ({ Action, Condition, Resource }: Record<string, unknown>) =>
          ![Action].flat().map(String).includes("*") &&
          (![Resource].flat().includes("*") || isSet(object(object(Condition).StringEquals)["aws:PrincipalAccount"]));
        return given.length > 0 && given.every(isNarrow);
      },
      "lets through everything",
    ),
};

export const boundedRoles: Rule = {
  name: "bounded-roles",
  description: "Every role is bounded: who may make roles here cannot make one that may do more.",
  check: (graph) =>
    unless(ofType(graph, "aws:iam/role:Role"), ({ inputs }) => isSet(inputs.permissionsBoundary), "has no boundary"),
};

const secretName = /secret|password|token|dsn|credential|private/i;
const secretValue = /:\/\/[^/\s]*:[^/\s]*@|-----BEGIN/;

export const noSecretOutputs: Rule = {
  name: "no-secret-outputs",
  description: "A stack prints no secret, and no secret's value is part of a stack.",
  check(graph) {
    const outputs = Object.entries(graph.outputs)
      .filter(([name, value]) => secretName.test(name) || secretValue.test(String(value)))
      .map(([name]) => ({ urn: "", message: `the output ${name} looks like a secret` }));
    return [
      ...outputs,
      ...unless(
        ofType(graph, "aws:secretsmanager/secretVersion:SecretVersion"),
        () => false,
        "puts a secret's value into the state",
      ),
      ...unless(
        ofType(graph, "aws:rds/cluster:Cluster"),
        ({ inputs }) => inputs.manageMasterUserPassword === true && !isSet(inputs.masterPassword),
        "has a master password that is in the state",
      ),
    ];
  },
};
