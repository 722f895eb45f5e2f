import { ofType } from "../graph.ts";
import { list, type Rule, unless } from "./rule.ts";

const production = "prd";

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
