import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";
import { policyDocument } from "../iam.ts";
import { alarmSenders } from "./alarm-senders.ts";
import { type Severity, severities } from "./thresholds.ts";

export interface TopicsArgs {
  prefix: string;
  accountId: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  settings: Settings["observability"];
}

/** Where alarms go, by severity: PagerDuty is woken by high and critical ones, Slack and mail hear of all. */
export class Topics extends pulumi.ComponentResource {
  readonly arns: Record<Severity, pulumi.Output<string>>;

  constructor(name: string, args: TopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Topics", name, {}, opts);
    this.arns = {
      warning: this.topic("warning", args),
      high: this.topic("high", args),
      critical: this.topic("critical", args),
    };
    if (args.settings.slack) this.slack(args, args.settings.slack);
    this.registerOutputs({});
  }

  private topic(severity: Severity, { prefix, accountId, keyArn, settings }: TopicsArgs): pulumi.Output<string> {
    const name = `${prefix}-${severity}`;
    const topic = new aws.sns.Topic(name, { name, kmsMasterKeyId: keyArn }, { parent: this });
    const publish = { actions: ["sns:Publish"], resources: [topic.arn] };
    new aws.sns.TopicPolicy(
      name,
      { arn: topic.arn, policy: policyDocument(alarmSenders(publish, accountId, "topic")) },
      { parent: this },
    );
    settings.emails.forEach((endpoint, index) => {
      new aws.sns.TopicSubscription(
        `${name}-mail-${index + 1}`,
        { topic: topic.arn, protocol: "email", endpoint },
        { parent: this },
      );
    });
    if (settings.pagerDutyUrl && severity !== "warning") {
      new aws.sns.TopicSubscription(
        `${name}-pagerduty`,
        { topic: topic.arn, protocol: "https", endpoint: settings.pagerDutyUrl, endpointAutoConfirms: true },
        { parent: this },
      );
    }
    return topic.arn;
  }

  private slack({ prefix }: TopicsArgs, slack: { teamId: string; channelId: string }): void {
    const role = new aws.iam.Role(
      `${prefix}-slack`,
      {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "chatbot.amazonaws.com" } }],
        }),
      },
      { parent: this },
    );
    // A guard-rail that refuses everything: the channel shows alarms and cannot act on the account.
    new aws.chatbot.SlackChannelConfiguration(
      `${prefix}-slack`,
      {
        configurationName: prefix,
        iamRoleArn: role.arn,
        slackTeamId: slack.teamId,
        slackChannelId: slack.channelId,
        snsTopicArns: severities.map((severity) => this.arns[severity]),
        guardrailPolicyArns: ["arn:aws:iam::aws:policy/AWSDenyAll"],
        loggingLevel: "ERROR",
      },
      { parent: this },
    );
  }
}
