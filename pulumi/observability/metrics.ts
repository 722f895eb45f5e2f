import type * as pulumi from "@pulumi/pulumi";
import { backupMetrics } from "../data/backup-proof.ts";
import { eventMetrics, eventNamespace } from "./observability.ts";

/** One CloudWatch metric with the statistic that is read from it. */
export interface Metric {
  namespace: string;
  metricName: string;
  dimensions?: Record<string, pulumi.Input<string>>;
  stat: string;
}

/** The names by which CloudWatch knows the parts of a stack. */
export interface Parts {
  prefix: string;
  region: string;
  loadBalancer: pulumi.Input<string>;
  targetGroup: pulumi.Input<string>;
  autoScalingGroup: pulumi.Input<string>;
  clusterId: pulumi.Input<string>;
  certificateArn: pulumi.Input<string>;
  webAcl: pulumi.Input<string>;
  healthCheckId: pulumi.Input<string>;
}

export type MetricName = keyof ReturnType<typeof stackMetrics>;

/** Every metric that alarms and dashboards read, by the name that they use for it. */
export function stackMetrics(parts: Parts) {
  const balancer = (metricName: string, stat: string): Metric => ({
    namespace: "AWS/ApplicationELB",
    metricName,
    dimensions: { LoadBalancer: parts.loadBalancer },
    stat,
  });
  const target = (metricName: string, stat: string): Metric => ({
    namespace: "AWS/ApplicationELB",
    metricName,
    dimensions: { LoadBalancer: parts.loadBalancer, TargetGroup: parts.targetGroup },
    stat,
  });
  const database = (metricName: string, stat: string): Metric => ({
    namespace: "AWS/RDS",
    metricName,
    dimensions: { DBClusterIdentifier: parts.clusterId },
    stat,
  });
  const group = (namespace: string, metricName: string, stat: string): Metric => ({
    namespace,
    metricName,
    dimensions: { AutoScalingGroupName: parts.autoScalingGroup },
    stat,
  });
  const event = (name: keyof typeof eventMetrics, stat: string): Metric => ({
    namespace: eventNamespace(parts.prefix),
    metricName: eventMetrics[name].name,
    stat,
  });
  const backup = (name: keyof typeof backupMetrics): Metric => ({
    namespace: eventNamespace(parts.prefix),
    metricName: backupMetrics[name].name,
    stat: "Sum",
  });
  return {
    requests: balancer("RequestCount", "Sum"),
    targetErrors: balancer("HTTPCode_Target_5XX_Count", "Sum"),
    balancerErrors: balancer("HTTPCode_ELB_5XX_Count", "Sum"),
    capacityUnits: balancer("ConsumedLCUs", "Sum"),
    latencyP50: target("TargetResponseTime", "p50"),
    latencyP95: target("TargetResponseTime", "p95"),
    latencyP99: target("TargetResponseTime", "p99"),
    healthyHosts: target("HealthyHostCount", "Minimum"),
    unhealthyHosts: target("UnHealthyHostCount", "Maximum"),
    requestsPerTarget: target("RequestCountPerTarget", "Sum"),
    serviceCpu: group("AWS/EC2", "CPUUtilization", "Average"),
    serviceMemory: group("Paridad/Host", "mem_used_percent", "Maximum"),
    serviceDisk: group("Paridad/Host", "disk_used_percent", "Maximum"),
    instances: group("AWS/AutoScaling", "GroupInServiceInstances", "Average"),
    databaseCpu: database("CPUUtilization", "Maximum"),
    databaseAcu: database("ServerlessDatabaseCapacity", "Average"),
    databaseAcuPercent: database("ACUUtilization", "Maximum"),
    databaseConnections: database("DatabaseConnections", "Maximum"),
    databaseFreeMemory: database("FreeableMemory", "Minimum"),
    replicaLag: database("AuroraReplicaLagMaximum", "Maximum"),
    // The writer's: an average over a cluster divides by the readers, which have none.
    deadlocks: database("Deadlocks", "Maximum"),
    selectLatency: database("SelectLatency", "Average"),
    commitLatency: database("CommitLatency", "Average"),
    ingestionRuns: event("ingestionRuns", "Sum"),
    ingestionFailures: event("ingestionFailures", "Sum"),
    publishesMissed: event("publishesMissed", "Maximum"),
    breakerOpened: event("breakerOpened", "Sum"),
    storeBehind: event("storeBehind", "Sum"),
    commitLag: event("commitLag", "Maximum"),
    eventLag: event("eventLag", "Maximum"),
    deadLetters: event("deadLetters", "Maximum"),
    deliveryLag: event("deliveryLag", "Maximum"),
    deliveriesFailed: event("deliveriesFailed", "Sum"),
    quarantined: event("quarantined", "Sum"),
    corruptPages: event("corruptPages", "Sum"),
    appErrors: event("requestErrors", "Sum"),
    appDuration: event("requestDuration", "p95"),
    edgeReports: event("edgeReports", "Sum"),
    edgeRequests: event("edgeRequests", "Sum"),
    edgeErrors: event("edgeErrors", "Sum"),
    edgeRateLimited: event("edgeRateLimited", "Sum"),
    edgeSlow: event("edgeSlow", "Sum"),
    edgePageReads: event("edgePageReads", "Sum"),
    edgeCachedPageReads: event("edgeCachedPageReads", "Sum"),
    edgeP95: event("edgeP95", "Maximum"),
    wafBlocks: {
      namespace: "AWS/WAFV2",
      metricName: "BlockedRequests",
      dimensions: { WebACL: parts.webAcl, Region: parts.region, Rule: "ALL" },
      stat: "Sum",
    },
    originStarts: event("starts", "Sum"),
    outsideHealthyPercent: {
      namespace: "AWS/Route53",
      metricName: "HealthCheckPercentageHealthy",
      dimensions: { HealthCheckId: parts.healthCheckId },
      stat: "Average",
    },
    certificateDays: {
      namespace: "AWS/CertificateManager",
      metricName: "DaysToExpiry",
      dimensions: { CertificateArn: parts.certificateArn },
      stat: "Minimum",
    },
    copiesCompleted: backup("copiesCompleted"),
    restoresCompleted: backup("restoresCompleted"),
    backupProblems: backup("backupProblems"),
  } satisfies Record<string, Metric>;
}
