import { describe, expect, it } from "vitest";
import { all, graphOf, one } from "./graphs.ts";

describe("the audit", () => {
  it("records every region, validated and encrypted, where nobody can erase it in prd", async () => {
    const graph = await graphOf("prd");
    expect(one(graph, "aws:cloudtrail/trail:Trail").inputs).toMatchObject({
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      kmsKeyId: expect.stringContaining("audit"),
    });
    expect(one(graph, "aws:s3/bucket:Bucket", "paridad-prd-trail").inputs).toMatchObject({
      objectLockEnabled: true,
      forceDestroy: false,
    });
    expect(one(graph, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration").inputs.rule).toEqual({
      defaultRetention: { mode: "COMPLIANCE", days: 731 },
    });
    expect(all(await graphOf("stg"), "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")).toEqual([]);
  });

  it("lets CloudTrail decrypt the bucket key that it writes under", async () => {
    const { policy } = one(await graphOf("prd"), "aws:kms/key:Key", "paridad-prd-audit").inputs;
    const trail = JSON.parse(String(policy)).Statement.find(({ Sid }: { Sid: string }) => Sid === "TrailOfThisStack");
    expect(trail.Action).toEqual(expect.arrayContaining(["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"]));
  });

  it("lets EventBridge publish for rules of this account only", async () => {
    const { policy } = one(await graphOf("prd"), "aws:sns/topicPolicy:TopicPolicy", "paridad-prd-high").inputs;
    const events = JSON.parse(String(policy)).Statement.find(({ Sid }: { Sid: string }) => Sid === "Publishevents");
    expect(events.Condition).toEqual({
      ArnLike: { "aws:SourceArn": "arn:aws:events:*:123456789012:rule/*" },
    });
  });

  it("can be switched part by part", async () => {
    const types = ["aws:guardduty/detector:Detector", "aws:inspector2/enabler:Enabler", "aws:cloudtrail/trail:Trail"];
    const on = await graphOf("prd");
    const off = await graphOf("prd", { audit: { guardDuty: false, inspector: false, trail: false } });
    for (const type of types) {
      expect(all(on, type)).toHaveLength(1);
      expect(all(off, type)).toEqual([]);
    }
  });

  it("warns before the budget is spent", async () => {
    const budget = one(await graphOf("prd"), "aws:budgets/budget:Budget").inputs;
    expect(budget).toMatchObject({ limitAmount: "1500.00", limitUnit: "USD", timeUnit: "MONTHLY" });
    expect(budget.notifications).toHaveLength(3);
  });

  it("lets Auto Scaling start instances under the volumes' key, and grant it to nothing but AWS's own resources", async () => {
    const { policy } = one(await graphOf("prd"), "aws:kms/key:Key", "paridad-prd-disks").inputs;
    const role = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
    const granted = JSON.parse(String(policy)).Statement.filter(
      ({ Principal }: { Principal: { AWS: string } }) => Principal.AWS === `arn:aws:iam::123456789012:${role}`,
    );
    const actions = granted.flatMap(({ Action }: { Action: string[] }) => Action);
    const asked = [
      "Encrypt",
      "Decrypt",
      "ReEncryptFrom",
      "ReEncryptTo",
      "GenerateDataKeyWithoutPlaintext",
      "DescribeKey",
    ];
    expect(actions).toEqual(expect.arrayContaining(asked.map((action) => `kms:${action}`)));
    const grants = granted.filter(({ Action }: { Action: string[] }) => Action.includes("kms:CreateGrant"));
    expect(grants).toMatchObject([{ Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } }]);
  });

  it("lets only the services that must use each key", async () => {
    const graph = await graphOf("prd");
    const services = (use: string) =>
      JSON.parse(String(one(graph, "aws:kms/key:Key", `paridad-prd-${use}`).inputs.policy))
        .Statement.flatMap(({ Principal }: { Principal: { Service?: string } }) => Principal.Service ?? [])
        .sort();
    expect(services("data")).toEqual([]);
    expect(services("secrets")).toEqual([]);
    expect(services("images")).toEqual([]);
    expect(services("recovery")).toEqual([]);
    expect(services("disks")).toEqual([]);
    expect(services("logs")).toEqual(["logs.us-east-1.amazonaws.com"]);
    expect(services("audit")).toEqual(["cloudtrail.amazonaws.com"]);
    expect(services("messages")).toEqual(["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com"]);
  });
});
