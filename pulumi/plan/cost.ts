import type { Graph, GraphResource } from "../graph.ts";
import { list, object } from "../policies/rule.ts";
import { hoursAMonth, prices } from "./prices.ts";

/** What a month is taken to hold, for one level of traffic at the origin. The edge's own traffic costs nothing here. */
export interface Usage {
  title: string;
  requestsASecond: number;
  /** Where the fleet and the database stand between their least and their most: 0 to 1. */
  size: number;
  databaseGb: number;
  imagesGb: number;
}

export const usages = {
  low: { title: "low traffic", requestsASecond: 1, size: 0, databaseGb: 1, imagesGb: 2 },
  high: { title: "high traffic", requestsASecond: 250, size: 1, databaseGb: 10, imagesGb: 10 },
} satisfies Record<string, Usage>;

/** One answer and its log line, in kilobytes. */
const answerKb = 4;
const logLineKb = 0.4;
/** Requests to the origin that also cost the database a read: the rest are answered from memory. */
const databaseReadShare = 0.2;

export interface CostLine {
  what: string;
  count: number;
  low: number;
  high: number;
}

type Pricer = (resource: GraphResource, usage: Usage, graph: Graph) => number;

const secondsAMonth = hoursAMonth * 3_600;

/** The monthly price of one resource of a type; a type that is not here is free. */
const pricers: Record<string, [what: string, price: Pricer]> = {
  "aws:ec2/natGateway:NatGateway": [
    "NAT gateways",
    (_resource, usage) => hourly(prices.natGatewayHour) + trafficGb(usage) * 0.05 * prices.natGatewayGb,
  ],
  "aws:ec2/eip:Eip": ["Public addresses of NAT gateways", () => hourly(prices.publicAddressHour)],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    "Interface endpoints",
    ({ inputs }) =>
      inputs.vpcEndpointType === "Interface" ? list(inputs.subnetIds).length * hourly(prices.interfaceEndpointHour) : 0,
  ],
  "aws:lb/loadBalancer:LoadBalancer": [
    "Load balancer, its addresses and traffic out",
    ({ inputs }, usage) => {
      const capacityUnits = Math.max(usage.requestsASecond / 25, (trafficGb(usage) / hoursAMonth) * 1, 0.1);
      return (
        hourly(prices.balancerHour + capacityUnits * prices.balancerCapacityUnitHour) +
        list(inputs.subnets).length * hourly(prices.publicAddressHour) +
        trafficGb(usage) * prices.transferOutGb
      );
    },
  ],
  "aws:lb/trustStore:TrustStore": ["Trust store of client certificates", () => hourly(prices.trustStoreHour)],
  "aws:autoscaling/group:Group": ["Instances, their disks and monitoring", fleet],
  "aws:rds/clusterInstance:ClusterInstance": [
    "Aurora capacity",
    (_resource, usage, graph) => {
      const cluster = graph.resources.find(({ type }) => type === "aws:rds/cluster:Cluster");
      const { minCapacity, maxCapacity } = object(cluster?.inputs.serverlessv2ScalingConfiguration);
      return hourly(between(Number(minCapacity), Number(maxCapacity), usage.size) * prices.acuHour);
    },
  ],
  "aws:rds/cluster:Cluster": [
    "Aurora storage and reads",
    (_resource, usage) =>
      usage.databaseGb * prices.databaseStorageGb +
      ((usage.requestsASecond * databaseReadShare * secondsAMonth) / 1e6) * prices.databaseMillionIos * 0.1,
  ],
  "aws:backup/vault:Vault": [
    "Backups and their way to the second region",
    // Aurora's copies are whole each time, hourly and daily.
    ({ inputs }, usage) =>
      usage.databaseGb *
      (83 * prices.snapshotGb + (inputs.region === undefined ? 0 : 25 * 30 * prices.transferRegionGb)),
  ],
  "aws:kms/key:Key": ["KMS keys", () => prices.key],
  "aws:secretsmanager/secret:Secret": [
    "Secrets and their replicas",
    ({ inputs }) => (1 + list(inputs.replicas).length) * prices.secret,
  ],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": ["Alarms of alarms", () => prices.compositeAlarm],
  "aws:route53/healthCheck:HealthCheck": ["Checks from outside", () => prices.healthCheck],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    "Alarms",
    ({ inputs }) =>
      Math.max(list(inputs.metricQueries).filter(({ metric }) => metric !== undefined).length, 1) * prices.alarmMetric,
  ],
  "aws:cloudwatch/dashboard:Dashboard": ["Dashboards", () => prices.dashboard],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": ["Metrics from logs", () => prices.customMetric],
  "aws:cloudwatch/logGroup:LogGroup": [
    "Logs",
    ({ name, inputs }, usage) => {
      const requestLogs = (usage.requestsASecond * secondsAMonth * logLineKb) / 1e6;
      // A connection's flow record weighs about a quarter of a request's line; other groups stay small.
      const share = name.endsWith("-origin") ? 1 : name.endsWith("-flow-logs") ? 0.25 : 0;
      const keptMonths = Number(inputs.retentionInDays) / 30;
      return (requestLogs * share + 0.2) * (prices.logGb + keptMonths * prices.keptLogGb);
    },
  ],
  "aws:cfg/recorder:Recorder": ["Config: some 20 resources that change in a day", () => 600 * prices.dailyRecord],
  "aws:securityhub/account:Account": ["Security Hub: some 300 checks a day", () => 9_000 * prices.securityCheck],
  "aws:wafv2/webAcl:WebAcl": [
    "Firewall",
    ({ inputs }, usage) =>
      prices.firewall +
      list(inputs.rules).length * prices.firewallRule +
      ((usage.requestsASecond * secondsAMonth) / 1e6) * prices.firewallMillionRequests,
  ],
  "aws:s3/bucket:Bucket": ["Log buckets", (_resource, usage) => (1 + usage.requestsASecond) * prices.bucketGb],
  "aws:ecr/repository:Repository": ["Images", (_resource, usage) => usage.imagesGb * prices.imageGb],
  "aws:xray/samplingRule:SamplingRule": [
    "Traces",
    ({ inputs }, usage) =>
      ((usage.requestsASecond * secondsAMonth * Number(inputs.fixedRate)) / 1e6) * prices.millionTraces,
  ],
  "aws:guardduty/detector:Detector": [
    "GuardDuty",
    (_resource, usage) => (2 + usage.requestsASecond / 10) * prices.guardDutyGb,
  ],
  "aws:inspector2/enabler:Enabler": [
    "Inspector",
    (_resource, usage, graph) => instances(graph, usage) * prices.inspectedInstance,
  ],
};

/** What a stack costs a month, by kind, at both levels of traffic. */
export function monthlyCost(graph: Graph): CostLine[] {
  const lines = new Map<string, CostLine>();
  for (const resource of graph.resources) {
    const pricer = pricers[resource.type];
    if (!pricer) continue;
    const [what, price] = pricer;
    const line = lines.get(what) ?? { what, count: 0, low: 0, high: 0 };
    line.count += 1;
    line.low += price(resource, usages.low, graph);
    line.high += price(resource, usages.high, graph);
    lines.set(what, line);
  }
  return [...lines.values()].sort((a, b) => b.high - a.high);
}

function fleet({ inputs }: GraphResource, usage: Usage, graph: Graph): number {
  const template = graph.resources.find(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate");
  const type = String(template?.inputs.instanceType);
  const hour = prices.instanceHour[type];
  if (hour === undefined) throw new Error(`plan/prices.ts has no price for ${type}`);
  const [disk] = list(template?.inputs.blockDeviceMappings);
  const each = hourly(hour) + Number(object(disk?.ebs).volumeSize) * prices.diskGb + prices.instanceMonitoring;
  return between(Number(inputs.minSize), Number(inputs.maxSize), usage.size) * each;
}

function instances(graph: Graph, usage: Usage): number {
  const group = graph.resources.find(({ type }) => type === "aws:autoscaling/group:Group");
  // A stack without an image has no fleet yet.
  return group ? between(Number(group.inputs.minSize), Number(group.inputs.maxSize), usage.size) : 0;
}

function trafficGb(usage: Usage): number {
  return (usage.requestsASecond * secondsAMonth * answerKb) / 1e6;
}

function between(low: number, high: number, share: number): number {
  return low + (high - low) * share;
}

function hourly(price: number): number {
  return price * hoursAMonth;
}
