/**
 * What AWS asks, in US dollars: on-demand list prices of us-east-1 without free tiers, taxes or discounts, from
 * https://aws.amazon.com/pricing/ and the services' pages below it, as of the date here. Prices change and differ
 * between regions: before a decision, compare with https://calculator.aws.
 */
export const priceDate = "2025-11-01";
export const priceSource = "https://aws.amazon.com/pricing/ (us-east-1, on-demand)";

export const hoursAMonth = 730;

export const prices = {
  natGatewayHour: 0.045,
  natGatewayGb: 0.045,
  interfaceEndpointHour: 0.01,
  publicAddressHour: 0.005,
  balancerHour: 0.0225,
  balancerCapacityUnitHour: 0.008,
  instanceHour: {
    "t3.small": 0.0208,
    "t3.medium": 0.0416,
    "t3.large": 0.0832,
    "t3.xlarge": 0.1664,
    "m7i.large": 0.1008,
    "c7i.large": 0.08925,
    "c7i.xlarge": 0.1785,
  } as Record<string, number>,
  instanceMonitoring: 2.1,
  diskGb: 0.08,
  acuHour: 0.12,
  databaseStorageGb: 0.1,
  databaseMillionIos: 0.2,
  snapshotGb: 0.021,
  key: 1,
  secret: 0.4,
  logGb: 0.5,
  /** A month of what came in as a gigabyte: stored logs are compressed to about 15 %. */
  keptLogGb: 0.0045,
  dailyRecord: 0.012,
  securityCheck: 0.001,
  customMetric: 0.3,
  alarmMetric: 0.1,
  compositeAlarm: 0.5,
  /** To an address outside AWS, over HTTPS, with latency. */
  healthCheck: 4.75,
  trustStoreHour: 0.0056,
  dashboard: 3,
  firewall: 5,
  firewallRule: 1,
  firewallMillionRequests: 0.6,
  bucketGb: 0.023,
  imageGb: 0.1,
  millionTraces: 5,
  transferOutGb: 0.09,
  /** Between regions. */
  transferRegionGb: 0.02,
  guardDutyGb: 1,
  inspectedInstance: 1.2528,
};
