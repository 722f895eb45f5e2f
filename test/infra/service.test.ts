import { beforeAll, describe, expect, it } from "vitest";
import type { Graph } from "../../pulumi/graph.ts";
import { all, graphOf, one } from "./graphs.ts";

describe("the service", () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await graphOf("prd");
  });
  const alarm = (name: string) => one(graph, "aws:cloudwatch/metricAlarm:MetricAlarm", `paridad-prd-${name}`);
  const step = (name: string) => one(graph, "aws:autoscaling/policy:Policy", `paridad-prd-${name}`);

  it("is two to ten t3.medium in three zones, in service once they answer", () => {
    expect(one(graph, "aws:ec2/launchTemplate:LaunchTemplate").inputs).toMatchObject({ instanceType: "t3.medium" });
    const group = one(graph, "aws:autoscaling/group:Group").inputs;
    expect(group).toMatchObject({
      minSize: 2,
      maxSize: 10,
      name: "paridad-prd-origin",
      healthCheckType: "EC2",
      minElbCapacity: 2,
      launchTemplate: { version: "1" },
      initialLifecycleHooks: [{ name: "ready", defaultResult: "ABANDON", heartbeatTimeout: 900 }],
    });
    expect(group).not.toHaveProperty("instanceRefresh");
    expect(group.vpcZoneIdentifiers).toHaveLength(3);
    expect(group).not.toHaveProperty("desiredCapacity");
  });

  it("has no fleet before there is an image", async () => {
    const first = await graphOf("prd", { imageDigest: null, firstDeployment: "true" });
    for (const type of ["aws:autoscaling/group:Group", "aws:ec2/launchTemplate:LaunchTemplate"]) {
      expect(all(first, type)).toEqual([]);
    }
    expect(first.outputs.autoScalingGroup).toBe("paridad-prd-origin");
  });

  it("names the image in its template, where a release finds it", () => {
    expect(one(graph, "aws:ec2/launchTemplate:LaunchTemplate").inputs.description).toBe(`sha256:${"0".repeat(64)}`);
  });

  it.each([
    ["scale-busy", "GreaterThanThreshold", 50, 2],
    ["scale-slow", "GreaterThanThreshold", 0.5, 3],
  ])("%s: %s %d changes the number by %d", (name, comparisonOperator, threshold, scalingAdjustment) => {
    expect(alarm(name).inputs).toMatchObject({ comparisonOperator, threshold });
    expect(step(name).inputs).toMatchObject({
      adjustmentType: "ChangeInCapacity",
      stepAdjustments: [{ scalingAdjustment }],
    });
    expect(alarm(name).inputs.alarmActions).toEqual([expect.stringContaining(`paridad-prd-${name}`)]);
  });

  it("gives up one instance each ten minutes under 30 % of CPU, not one a minute while the alarm lasts", () => {
    expect(alarm("scale-idle").inputs).toMatchObject({
      comparisonOperator: "LessThanThreshold",
      threshold: 30,
      evaluationPeriods: 10,
    });
    expect(step("scale-idle").inputs).toMatchObject({
      policyType: "SimpleScaling",
      scalingAdjustment: -1,
      cooldown: 600,
    });
  });

  it("calls a fleet idle only when one instance fewer would be neither busy nor slow", () => {
    const queries = alarm("scale-idle").inputs.metricQueries as {
      id: string;
      expression?: string;
      metric?: { metricName: string };
    }[];
    expect(queries.flatMap(({ metric }) => metric?.metricName ?? [])).toEqual([
      "CPUUtilization",
      "GroupInServiceInstances",
      "RequestCountPerTarget",
      "TargetResponseTime",
    ]);
    // 60 % of the busy rule, on three: two would take 45 each. On two, one would take 60, and be busy.
    expect(queries.find(({ id }) => id === "idle")?.expression).toBe(
      "IF(FILL(requests, 0) / PERIOD(requests) * instances / IF(instances > 1, instances - 1, 1) < 40 AND FILL(p95, 0) <= 0.5, cpu, 100)",
    );
  });

  it("reads P95", () => {
    expect(alarm("scale-slow").inputs).toMatchObject({ metricName: "TargetResponseTime", extendedStatistic: "p95" });
  });

  it("counts requests a second, or a minute when the stack says so", async () => {
    const expression = (of: Graph) =>
      (
        one(of, "aws:cloudwatch/metricAlarm:MetricAlarm", "paridad-prd-scale-busy").inputs.metricQueries as {
          expression?: string;
        }[]
      ).flatMap((query) => query.expression ?? []);
    expect(expression(graph)).toEqual(["requests / PERIOD(requests)"]);
    const perMinute = await graphOf("prd", { service: { scaling: { requestsPer: "minute" } } });
    expect(expression(perMinute)).toEqual(["requests * 60 / PERIOD(requests)"]);
  });

  it("may read its seven secrets, its image and its logs, and nothing by wildcard", () => {
    const policy = JSON.parse(
      String(one(graph, "aws:iam/rolePolicy:RolePolicy", "paridad-prd-origin-policy").inputs.policy),
    );
    const bySid = Object.fromEntries(policy.Statement.map((statement: { Sid: string }) => [statement.Sid, statement]));
    expect(bySid.ReadSecrets.Resource).toHaveLength(7);
    expect(bySid.PullTheImage.Resource).toEqual([expect.stringContaining("paridad-prd/origin")]);
    expect(bySid.WriteLogs.Resource).toHaveLength(3);
    expect(JSON.stringify(bySid.ReadSecrets.Resource)).not.toMatch(/banxico|rds!/);
    const withoutResource = policy.Statement.filter((statement: { Resource: string[] }) =>
      statement.Resource.includes("*"),
    );
    expect(withoutResource.map((statement: { Sid: string }) => statement.Sid).sort()).toEqual([
      "DescribeItself",
      "FindLogGroups",
      "HostMetrics",
      "RegistryLogIn",
      "SessionManager",
      "Traces",
    ]);
  });

  it("stands behind a load balancer that drains, checks readiness and logs", () => {
    expect(one(graph, "aws:lb/targetGroup:TargetGroup").inputs).toMatchObject({
      port: 8443,
      protocol: "HTTPS",
      deregistrationDelay: 30,
      healthCheck: { path: "/health/ready", protocol: "HTTPS", matcher: "200" },
    });
    expect(one(graph, "aws:lb/loadBalancer:LoadBalancer").inputs).toMatchObject({
      internal: false,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: true,
      accessLogs: { enabled: true },
    });
    expect(one(graph, "aws:lb/listener:Listener").inputs).toMatchObject({
      port: 443,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    });
    expect(one(graph, "aws:lb/listenerRule:ListenerRule").inputs.conditions).toEqual([
      { hostHeader: { values: ["origin.aws.example.com"] } },
    ]);
  });

  it("keeps its images immutable, scanned, encrypted and few", () => {
    const repository = one(graph, "aws:ecr/repository:Repository").inputs;
    expect(repository).toMatchObject({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    });
    expect(all(graph, "aws:ecr/lifecyclePolicy:LifecyclePolicy")).toHaveLength(1);
  });

  it("migrates with a role of its own, which alone reads the master password, in the service's group", () => {
    const readers = all(graph, "aws:iam/rolePolicy:RolePolicy").filter(({ inputs }) =>
      String(inputs.policy).includes("rds!"),
    );
    expect(readers.map(({ name }) => name)).toEqual(["paridad-prd-migrate-policy"]);
    expect(one(graph, "aws:codebuild/project:Project").inputs).toMatchObject({
      vpcConfig: { securityGroupIds: [one(graph, "aws:ec2/securityGroup:SecurityGroup", "paridad-prd-service").id] },
      source: { type: "NO_SOURCE" },
    });
  });
});
