import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "../audit/bucket.ts";
import type { Settings } from "../config.ts";
import { edgeTrust } from "./edge-trust.ts";

export interface BalancerArgs {
  prefix: string;
  accountId: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  /** The load balancer's own group; its rules are made by EdgeAccess and Service. */
  groupId: pulumi.Input<string>;
  certificateArn: pulumi.Input<string>;
  port: number;
  settings: Settings["edge"];
}

/** The load balancer: TLS 1.2 or newer on 443 for one host name, and no other port. */
export class Balancer extends pulumi.ComponentResource {
  readonly balancer: aws.lb.LoadBalancer;
  readonly targetGroup: aws.lb.TargetGroup;

  constructor(name: string, args: BalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Balancer", name, {}, opts);
    const { prefix, settings } = args;
    const child = { parent: this };

    const logs = this.logBucket(args);
    this.balancer = new aws.lb.LoadBalancer(
      prefix,
      {
        loadBalancerType: "application",
        internal: false,
        subnets: args.subnetIds,
        securityGroups: [args.groupId],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "strictest",
        enableDeletionProtection: settings.protect,
        enableHttp2: true,
        idleTimeout: 60,
        accessLogs: { bucket: logs.name, prefix: "requests", enabled: true },
        connectionLogs: { bucket: logs.name, prefix: "connections", enabled: true },
      },
      { parent: this, dependsOn: [logs.policy] },
    );
    this.targetGroup = new aws.lb.TargetGroup(
      `${prefix}-origin`,
      {
        vpcId: args.vpcId,
        port: args.port,
        // The balancer does not verify an instance's certificate: who may listen there, the security group says.
        protocol: "HTTPS",
        targetType: "instance",
        deregistrationDelay: settings.drainSeconds,
        loadBalancingAlgorithmType: "least_outstanding_requests",
        healthCheck: {
          path: "/health/ready",
          protocol: "HTTPS",
          matcher: "200",
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
      },
      child,
    );
    const { clientCa } = settings;
    const trust = clientCa && edgeTrust(prefix, { clientCa, forceDestroy: !settings.protect }, child);
    const https = new aws.lb.Listener(
      `${prefix}-https`,
      {
        loadBalancerArn: this.balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: settings.tlsPolicy,
        certificateArn: args.certificateArn,
        mutualAuthentication: trust ? { mode: "verify", trustStoreArn: trust.arn } : undefined,
        // A request for another name did not come through the worker.
        defaultActions: [
          { type: "fixed-response", fixedResponse: { statusCode: "421", contentType: "text/plain", messageBody: "" } },
        ],
      },
      child,
    );
    new aws.lb.ListenerRule(
      `${prefix}-origin-host`,
      {
        listenerArn: https.arn,
        priority: 1,
        conditions: [{ hostHeader: { values: [settings.host] } }],
        actions: [{ type: "forward", targetGroupArn: this.targetGroup.arn }],
      },
      child,
    );
    this.registerOutputs({});
  }

  private logBucket({ prefix, accountId, settings }: BalancerArgs): Bucket {
    return new Bucket(
      `${prefix}-balancer-logs`,
      {
        keepDays: settings.accessLogDays,
        objectLock: false,
        forceDestroy: !settings.protect,
        statements: (bucketArn) => [
          {
            sid: "BalancerWritesLogs",
            actions: ["s3:PutObject"],
            resources: ["requests", "connections"].map(
              (folder) => pulumi.interpolate`${bucketArn}/${folder}/AWSLogs/${accountId}/*`,
            ),
            principals: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          },
        ],
      },
      { parent: this },
    );
  }
}
