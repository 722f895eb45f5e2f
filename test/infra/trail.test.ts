import { describe, expect, it } from "vitest";
import { watched } from "../../pulumi/audit/trail-watch.ts";
import { all, graphOf, one } from "./graphs.ts";

describe("the trail", () => {
  it("records calls, and objects of every bucket but its own", async () => {
    const { inputs } = one(await graphOf("prd"), "aws:cloudtrail/trail:Trail");
    expect(inputs.advancedEventSelectors).toEqual([
      { name: "Calls", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
      expect.objectContaining({
        fieldSelectors: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::S3::Object"] },
          { field: "resources.ARN", notStartsWiths: [`arn:aws:s3:::${inputs.s3BucketName}/`] },
        ],
      }),
    ]);
  });

  it("goes to a log group of its own, and may write to no other", async () => {
    const graph = await graphOf("prd");
    const { inputs } = one(graph, "aws:cloudtrail/trail:Trail");
    expect(inputs.cloudWatchLogsGroupArn).toMatch(/:\/paridad\/paridad-prd\/trail:\*$/);
    const { policy } = one(graph, "aws:iam/rolePolicy:RolePolicy", "paridad-prd-trail-policy").inputs;
    const [statement] = JSON.parse(String(policy)).Statement;
    expect(statement.Resource).toEqual([String(inputs.cloudWatchLogsGroupArn).replace(/:\*$/, ":log-stream:*")]);
  });

  it.each(Object.entries(watched))("%s is counted and told of at once", async (name, { pattern, count = 1 }) => {
    const graph = await graphOf("prd");
    const filter = one(graph, "aws:cloudwatch/logMetricFilter:LogMetricFilter", `paridad-prd-${name}`).inputs;
    const alarm = one(graph, "aws:cloudwatch/metricAlarm:MetricAlarm", `paridad-prd-${name}`).inputs;
    const { name: metricName, namespace } = filter.metricTransformation as Record<string, string>;
    expect(filter).toMatchObject({ pattern, logGroupName: "/paridad/paridad-prd/trail" });
    expect(alarm).toMatchObject({ metricName, namespace, threshold: count, treatMissingData: "notBreaching" });
    expect(alarm.alarmActions).toEqual([expect.stringMatching(/-high$/)]);
    // What CloudWatch takes: so long a pattern, balanced, with an asterisk at either end of a value only.
    expect(pattern.length).toBeLessThanOrEqual(1_024);
    expect(pattern.split("(")).toHaveLength(pattern.split(")").length);
    for (const [, value = ""] of pattern.matchAll(/"([^"]*)"/g)) expect(value).toMatch(/^(\*[^*]+|[^*]+\*?)$/);
  });

  it("wakes nobody for what a deployment changes", () => {
    const byPeople = ["rightsChanged", "networkChanged", "bucketOpened", "recordStopped"];
    for (const name of byPeople) expect(watched[name]?.pattern).toContain('sessionIssuer.userName != "paridad-deploy"');
  });

  it("is not the only voice: what AWS does with the database is told of too", async () => {
    const rules = all(await graphOf("prd"), "aws:cloudwatch/eventRule:EventRule");
    const { eventPattern } = rules.find(({ name }) => name === "paridad-prd-database-events")?.inputs ?? {};
    expect(JSON.parse(String(eventPattern))).toMatchObject({
      source: ["aws.rds"],
      detail: { SourceIdentifier: [{ prefix: "paridad-prd" }], EventCategories: expect.arrayContaining(["failover"]) },
    });
  });
});
