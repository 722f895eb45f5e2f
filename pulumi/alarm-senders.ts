import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./iam.ts";

/**
 * Lets the services that raise alarms use a topic or its key, on behalf of this account alone. EventBridge passes no
 * source account along, so it cannot be asked for one.
 */
export function alarmSenders(
  grant: Pick<Statement, "actions" | "resources">,
  accountId: pulumi.Input<string>,
): Statement[] {
  const onBehalfOfAccount = { StringEquals: { "aws:SourceAccount": accountId } };
  return ["cloudwatch", "budgets", "events"].map((service) => ({
    ...grant,
    sid: `Publish${service}`,
    principals: { Service: `${service}.amazonaws.com` },
    ...(service === "events" ? {} : { conditions: onBehalfOfAccount }),
  }));
}
