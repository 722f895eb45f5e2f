import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One statement of a policy document, in the terms of IAM. */
export interface Statement {
  sid: string;
  effect?: "Allow" | "Deny";
  actions: string[];
  resources: pulumi.Input<pulumi.Input<string>[]>;
  principals?: "*" | { AWS?: pulumi.Input<string>; Service?: pulumi.Input<string> | string[] };
  conditions?: Record<string, Record<string, pulumi.Input<string | string[]>>>;
}

/** A policy document as IAM reads it. */
export function policyDocument(statements: Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({
      Sid: statement.sid,
      Effect: statement.effect ?? "Allow",
      ...(statement.principals ? { Principal: statement.principals } : {}),
      Action: statement.actions,
      Resource: statement.resources,
      ...(statement.conditions ? { Condition: statement.conditions } : {}),
    })),
  });
}

export interface RoleArgs {
  /** The AWS service that may take the role on, for example `ec2.amazonaws.com`. */
  service: string;
  statements?: Statement[];
  /** The account whose resources the service may act for: stops another account from borrowing the role. */
  sourceAccount?: pulumi.Input<string>;
  managedPolicies?: string[];
}

/** What uses a role waits for its policies with the ARN: AWS tries some roles out when they are handed on. */
export interface ServiceRole {
  arn: pulumi.Output<string>;
  name: pulumi.Output<string>;
}

/** A role for one AWS service with one inline policy that says all it may do. */
export function serviceRole(name: string, args: RoleArgs, opts: pulumi.ResourceOptions): ServiceRole {
  const role = new aws.iam.Role(
    name,
    {
      assumeRolePolicy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: args.service },
            ...(args.sourceAccount ? { Condition: { StringEquals: { "aws:SourceAccount": args.sourceAccount } } } : {}),
          },
        ],
      }),
    },
    opts,
  );
  const policies: pulumi.CustomResource[] = [];
  if (args.statements) {
    const policy = policyDocument(args.statements);
    policies.push(new aws.iam.RolePolicy(`${name}-policy`, { role: role.id, policy }, opts));
  }
  for (const arn of args.managedPolicies ?? []) {
    const short = arn.slice(arn.lastIndexOf("/") + 1).toLowerCase();
    policies.push(new aws.iam.RolePolicyAttachment(`${name}-${short}`, { role: role.name, policyArn: arn }, opts));
  }
  const given = pulumi.all(policies.map(({ id }) => id));
  return { arn: pulumi.all([role.arn, given]).apply(([arn]) => arn), name: role.name };
}
