import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface EventNotice {
  description: string;
  /** EventBridge's pattern of the events to tell of. */
  pattern: object;
  topicArn: pulumi.Input<string>;
}

/** Tells a topic of events of AWS itself. By EventBridge: RDS's own subscriptions send nothing to an encrypted topic. */
export function tellOfEvents(name: string, notice: EventNotice, opts: pulumi.ResourceOptions): void {
  const { description, pattern, topicArn } = notice;
  const rule = new aws.cloudwatch.EventRule(name, { description, eventPattern: JSON.stringify(pattern) }, opts);
  new aws.cloudwatch.EventTarget(name, { rule: rule.name, arn: topicArn }, opts);
}
