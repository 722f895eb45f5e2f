import { type Graph, ofType } from "../graph.ts";
import { list, object, type Rule, unless, violation } from "./rule.ts";

const production = "prd";

/** AWS's auditors by what each is missing for. */
const auditors = {
  "aws:cloudtrail/trail:Trail": "has no record of who did what",
  "aws:cfg/recorderStatus:RecorderStatus": "has no record of what was changed",
  "aws:securityhub/account:Account": "is not checked against AWS's own standard",
  "aws:accessanalyzer/analyzer:Analyzer": "does not notice what is open to other accounts",
  "aws:guardduty/detector:Detector": "does not notice attacks",
};

export const audited: Rule = {
  name: "audited",
  description: `In ${production} the account's own auditors run: trail, Config, Security Hub, Access Analyzer, GuardDuty.`,
  check(graph) {
    const [anchor] = ofType(graph, "aws:ec2/vpc:Vpc");
    if (graph.stack !== production || anchor === undefined) return [];
    return Object.entries(auditors)
      .filter(([type]) => ofType(graph, type).length === 0)
      .map(([, message]) => violation(anchor, `is in an account that ${message}`));
  },
};

/** A metric that an alarm with somebody to tell reads. */
function isWatched(graph: Graph, name: unknown): boolean {
  return ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").some(
    ({ inputs }) => inputs.metricName === name && list(inputs.alarmActions).length > 0,
  );
}

export const trailIsRead: Rule = {
  name: "trail-is-read",
  description:
    "The trail records who reads objects too, somebody is told of what it shows, and of what AWS does with a database.",
  check: (graph) => [
    ...unless(
      ofType(graph, "aws:cloudtrail/trail:Trail"),
      ({ inputs }) =>
        list(inputs.advancedEventSelectors).some(({ fieldSelectors }) =>
          list(fieldSelectors).some(({ equals }) => list(equals).map(String).includes("AWS::S3::Object")),
        ),
      "does not record who reads objects",
    ),
    ...unless(
      ofType(graph, "aws:cloudtrail/trail:Trail"),
      ({ inputs }) =>
        ofType(graph, "aws:cloudwatch/logMetricFilter:LogMetricFilter").some(
          (filter) =>
            String(inputs.cloudWatchLogsGroupArn).endsWith(`:${filter.inputs.logGroupName}:*`) &&
            isWatched(graph, object(filter.inputs.metricTransformation).name),
        ),
      "is written and read by nobody: no alarm counts what its log group shows",
    ),
    ...unless(
      ofType(graph, "aws:rds/cluster:Cluster"),
      () =>
        ofType(graph, "aws:cloudwatch/eventRule:EventRule").some(({ inputs }) =>
          String(inputs.eventPattern).includes('"aws.rds"'),
        ),
      "fails over and is upgraded without a word",
    ),
  ],
};
