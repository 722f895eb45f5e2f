import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../iam.ts";

/**
 * Lets the services that raise alarms use a topic or its key, on behalf of this account alone. EventBridge names the rule
 * to a topic, and neither account nor rule to a key.
 */
export function alarmSenders(
  grant: Pick<Statement, "actions" | "resources">,
  accountId: pulumi.Input<string>,
  use: "topic" | "key",
): Statement[] {
  const byRule = {
    ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:events:*:${accountId}:rule/*` },
  };
  const onBehalfOfAccount = { StringEquals: { "aws:SourceAccount": accountId } };
  return ["cloudwatch", "budgets", "events"].map((service) => ({
    ...grant,
    sid: `Publish${service}`,
    principals: { Service: `${service}.amazonaws.com` },
    ...(service !== "events" ? { conditions: onBehalfOfAccount } : use === "topic" ? { conditions: byRule } : {}),
  }));
}
