import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";

export interface FirewallArgs {
  prefix: string;
  balancerArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  logDays: number;
  settings: Settings["edge"];
}

type Rule = aws.types.input.wafv2.WebAclRule;

const rateWindowSeconds = 60;

/**
 * AWS's rule groups, in the order in which they are asked. Its list of ill-reputed addresses is not among them: it looks
 * at who connects, which is always Cloudflare.
 */
const managedGroups: { name: string; count?: string[] }[] = [
  {
    name: "AWSManagedRulesCommonRuleSet",
    // The worker posts batches over 8 kB, and a worker's requests carry no User-Agent: both are counted, not refused.
    count: ["SizeRestrictions_BODY", "NoUserAgent_HEADER"],
  },
  { name: "AWSManagedRulesKnownBadInputsRuleSet" },
  { name: "AWSManagedRulesSQLiRuleSet" },
];

/** The web application firewall before the load balancer. */
export class Firewall extends pulumi.ComponentResource {
  readonly acl: aws.wafv2.WebAcl;

  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Firewall", name, {}, opts);
    const { prefix } = args;
    const child = { parent: this };
    this.acl = new aws.wafv2.WebAcl(
      prefix,
      {
        name: prefix,
        scope: "REGIONAL",
        description: "Before the load balancer of the origin",
        defaultAction: { allow: {} },
        rules: rules(args.settings),
        visibilityConfig: visibility(prefix),
      },
      child,
    );
    new aws.wafv2.WebAclAssociation(prefix, { webAclArn: this.acl.arn, resourceArn: args.balancerArn }, child);
    const group = new aws.cloudwatch.LogGroup(
      `${prefix}-firewall`,
      { name: `aws-waf-logs-${prefix}`, retentionInDays: args.logDays, kmsKeyId: args.logsKeyArn },
      child,
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      prefix,
      {
        resourceArn: this.acl.arn,
        logDestinationConfigs: [group.arn],
        redactedFields: [{ singleHeader: { name: "authorization" } }],
        // Requests let through are in the load balancer's logs already.
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: [{ actionCondition: { action: "BLOCK" } }, { actionCondition: { action: "COUNT" } }],
            },
          ],
        },
      },
      child,
    );
    this.registerOutputs({});
  }
}

/**
 * A client's address is the one that Cloudflare saw. Only Cloudflare reaches the load balancer and it overwrites
 * CF-Connecting-IP, whereas whatever a client puts into X-Forwarded-For stays in front. A worker's request to a host
 * outside Cloudflare carries its reader's address; cron and queue have no reader, and count as one client.
 */
function rules(settings: Settings["edge"]): Rule[] {
  const forwardedIp = { headerName: settings.clientHeader, fallbackBehavior: "MATCH" };
  const rate: Omit<Rule, "priority"> = {
    name: "requests-per-client",
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: {
      rateBasedStatement: {
        limit: settings.requestsPerSecond * rateWindowSeconds,
        evaluationWindowSec: rateWindowSeconds,
        aggregateKeyType: "FORWARDED_IP",
        forwardedIpConfig: forwardedIp,
      },
    },
    visibilityConfig: visibility("requests-per-client"),
  };
  const countries: Omit<Rule, "priority"> = {
    name: "blocked-countries",
    // Not 403: the worker would take it for a refusal of its token, and ask the origin nothing for a minute.
    action: { block: { customResponse: { responseCode: 451 } } },
    statement: {
      geoMatchStatement: {
        countryCodes: settings.blockedCountries,
        forwardedIpConfig: { ...forwardedIp, fallbackBehavior: "NO_MATCH" },
      },
    },
    visibilityConfig: visibility("blocked-countries"),
  };
  const groups = managedGroups.map<Omit<Rule, "priority">>(({ name, count = [] }) => ({
    name,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ruleActionOverrides: count.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  }));
  const ordered = [rate, ...(settings.blockedCountries.length > 0 ? [countries] : []), ...groups];
  return ordered.map((rule, index) => ({ ...rule, priority: index }));
}

function visibility(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
