import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Where Route 53's metrics are, whatever region a stack is in; an alarm and its topic must be there too. */
export const outsideCheckRegion = "us-east-1";

/** One or two places on each of the Americas, Europe and Asia. */
const places = ["us-east-1", "us-west-2", "sa-east-1", "eu-west-1", "ap-southeast-1", "ap-northeast-1"];

/** Asks the edge for the newest rate as a reader would, from several continents: all else here sees the origin only. */
export function outsideCheck(prefix: string, host: string, opts: pulumi.ResourceOptions): aws.route53.HealthCheck {
  return new aws.route53.HealthCheck(
    `${prefix}-edge`,
    {
      type: "HTTPS",
      fqdn: host,
      port: 443,
      resourcePath: "/api/v1/rates/current",
      enableSni: true,
      measureLatency: true,
      requestInterval: 30,
      failureThreshold: 3,
      regions: places,
      tags: { Name: `${prefix}-edge` },
    },
    opts,
  );
}
