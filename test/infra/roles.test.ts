import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { graphOf, stacks } from "./graphs.ts";

interface Statement {
  Sid: string;
  Effect: string;
  Action?: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

const folder = fileURLToPath(new URL("../../pulumi/roles", import.meta.url));
const textOf = (name: string) => readFileSync(`${folder}/${name}.json`, "utf8");
const statementsOf = (name: string): Statement[] => JSON.parse(textOf(name)).Statement;
const actionsOf = (name: string, effect: string) =>
  statementsOf(name)
    .filter(({ Effect }) => Effect === effect)
    .flatMap(({ Action = [] }) => Action);
const matches = (pattern: string, action: string) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(action);

/** IAM's name of a service where it differs from the SDK's. */
const services: Record<string, string> = {
  accessanalyzer: "access-analyzer",
  alb: "elasticloadbalancing",
  cfg: "config",
  cognito: "cognito-idp",
  lb: "elasticloadbalancing",
  vpc: "ec2",
  cloudwatch: "cloudwatch",
};

describe("the deploying role", () => {
  it("may make everything that a stack holds", async () => {
    const allowed = actionsOf("deploy", "Allow");
    const graphs = [...stacks.map((stack) => graphOf(stack)), graphOf("prd", { service: { cognito: true } })];
    for (const graph of await Promise.all(graphs)) {
      const types = new Set(graph.resources.filter(({ custom }) => custom).map(({ type }) => type));
      for (const type of types) {
        const [, service = ""] = /^aws:(\w+)\//.exec(type) ?? [];
        const iam = services[service] ?? service;
        expect(
          allowed.some((action) => action.startsWith(`${iam}:`)),
          type,
        ).toBe(true);
      }
    }
  });

  it("makes roles only within the boundary, and cannot change its own rights or the boundary", () => {
    const making = statementsOf("deploy").filter(({ Action = [] }) => [Action].flat().includes("iam:CreateRole"));
    expect(making).toHaveLength(1);
    expect(making[0]?.Condition).toEqual({
      StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::ACCOUNT:policy/paridad-boundary" },
    });
    const [own] = statementsOf("guard");
    for (const action of [
      "iam:PutRolePolicy",
      "iam:AttachRolePolicy",
      "iam:UpdateAssumeRolePolicy",
      "iam:CreatePolicyVersion",
    ]) {
      expect(
        [own?.Action ?? []].flat().some((pattern) => matches(pattern, action)),
        action,
      ).toBe(true);
    }
    expect(own?.Resource).toEqual(
      expect.arrayContaining(["arn:aws:iam::ACCOUNT:role/paridad-deploy", "arn:aws:iam::ACCOUNT:policy/paridad-*"]),
    );
  });

  it.each([
    "iam:DeleteRolePermissionsBoundary",
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "kms:DisableKey",
    "kms:ScheduleKeyDeletion",
    "rds:DeleteDBCluster",
    "rds:DeleteDBClusterSnapshot",
    "rds:DeleteDBClusterAutomatedBackup",
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:DeleteRecoveryPoint",
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "config:DeleteConfigurationRecorder",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "s3:DeleteBucket",
    "s3:BypassGovernanceRetention",
  ])("may not %s, whatever a workflow runs", (action) => {
    expect(actionsOf("guard", "Deny")).toContain(action);
  });

  it("is trusted by one subject, compared as a whole", () => {
    expect(statementsOf("trust")[0]?.Condition).toEqual({
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "SUBJECT",
      },
    });
  });
});

describe("the policies of the roles", () => {
  it("fit into what IAM takes, and have no blanks but those that deploy.md fills", () => {
    const blanks = ["ACCOUNT", "SUBJECT", "HOME_REGION", "RECOVERY_REGION", "STATE_KEY", "STATE_BUCKET"];
    for (const file of readdirSync(folder)) {
      const text = readFileSync(`${folder}/${file}`, "utf8");
      expect(JSON.stringify(JSON.parse(text)).length, file).toBeLessThan(6_144);
      for (const [word] of text.matchAll(/\b[A-Z]{4,}(_[A-Z]+)?\b/g)) expect(blanks, file).toContain(word);
    }
  });

  it("let a preview read the state and no other object, log, secret or parameter", () => {
    const denied = actionsOf("preview", "Deny");
    for (const action of ["s3:GetObject", "logs:GetLogEvents", "secretsmanager:GetSecretValue", "ssm:GetParameter"]) {
      expect(denied).toContain(action);
    }
  });
});
