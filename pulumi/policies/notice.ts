import { ofType } from "../graph.ts";
import { list, object, type Rule, unless } from "./rule.ts";

const production = "prd";

/** What the worker reports of readers (pulumi/observability/edge-watch.ts), and without which an alarm sees only what caches let through. */
const readersMetrics = ["EdgeErrors", "EdgeP95", "EdgeRateLimited", "EdgeCachedPageReads", "EdgeReports"];

export const readersAreWatched: Rule = {
  name: "readers-are-watched",
  description:
    "Alarms read errors, latency, refusals and cache hits as readers get them, not at the load balancer alone.",
  check(graph) {
    const made = ofType(graph, "aws:cloudwatch/logMetricFilter:LogMetricFilter").map(
      ({ inputs }) => object(inputs.metricTransformation).name,
    );
    const watched = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").flatMap(({ inputs }) => [
      inputs.metricName,
      ...list(inputs.metricQueries).map(({ metric }) => object(metric).metricName),
    ]);
    const unseen = readersMetrics.filter((name) => !made.includes(name) || !watched.includes(name));
    return unless(
      ofType(graph, "aws:lb/loadBalancer:LoadBalancer"),
      () => unseen.length === 0,
      `stands behind an edge whose figures no alarm reads: ${unseen.join(", ")}`,
    );
  },
};

export const someoneIsTold: Rule = {
  name: "someone-is-told",
  description: `In ${production} a person hears of high and critical alarms, and the edge is checked from outside.`,
  check(graph) {
    if (graph.stack !== production) return [];
    const heard = new Set(
      ofType(graph, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => inputs.topic),
    );
    for (const { inputs } of ofType(graph, "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration")) {
      for (const topic of Array.isArray(inputs.snsTopicArns) ? inputs.snsTopicArns : []) heard.add(topic);
    }
    const used = new Set(
      ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm").flatMap(
        ({ inputs }) => list(inputs.alarmActions).map(String),
      ),
    );
    return [
      ...unless(
        ofType(graph, "aws:sns/topic:Topic").filter(({ name }) => /-(high|critical)$/.test(name)),
        ({ inputs }) => [...heard].some((topic) => String(topic).endsWith(`:${inputs.name}`)),
        "has nobody who listens: set observability.pagerDutyUrl, slack or emails",
      ),
      ...unless(
        ofType(graph, "aws:sns/topic:Topic"),
        ({ inputs }) => [...used].some((topic) => topic.endsWith(`:${inputs.name}`)),
        "is told of nothing",
      ),
      ...unless(
        ofType(graph, "aws:lb/loadBalancer:LoadBalancer"),
        () => ofType(graph, "aws:route53/healthCheck:HealthCheck").length > 0,
        "stands behind an edge that nobody checks from outside: set edge.publicHost",
      ),
    ];
  },
};
