import { describe, expect, it } from "vitest";
import { all, graphOf, one } from "./graphs.ts";

describe("the database", () => {
  it("is Aurora MySQL 8.0, serverless, encrypted, protected and backed up for 35 days in prd", async () => {
    const graph = await graphOf("prd");
    const cluster = one(graph, "aws:rds/cluster:Cluster");
    expect(cluster.protect).toBe(true);
    expect(cluster.inputs).toMatchObject({
      engine: "aurora-mysql",
      engineVersion: expect.stringMatching(/^8\.0\.mysql_aurora\.3\./),
      serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 16 },
      backupRetentionPeriod: 35,
      storageEncrypted: true,
      deletionProtection: true,
      skipFinalSnapshot: false,
      manageMasterUserPassword: true,
      enabledCloudwatchLogsExports: ["audit", "error", "slowquery"],
    });
    expect(cluster.inputs).not.toHaveProperty("masterPassword");
  });

  it("has a writer and two readers in three zones, watched", async () => {
    const instances = all(await graphOf("prd"), "aws:rds/clusterInstance:ClusterInstance");
    expect(instances.map(({ inputs }) => inputs.availabilityZone).sort()).toEqual([
      "us-east-1a",
      "us-east-1b",
      "us-east-1c",
    ]);
    for (const { inputs, protect } of instances) {
      expect(protect).toBe(true);
      expect(inputs).toMatchObject({
        instanceClass: "db.serverless",
        publiclyAccessible: false,
        performanceInsightsEnabled: true,
        monitoringInterval: 60,
      });
    }
    expect(instances.map(({ inputs }) => inputs.promotionTier).sort()).toEqual([0, 1, 2]);
  });

  it("speaks UTC and TLS only", async () => {
    const { parameters } = one(await graphOf("prd"), "aws:rds/clusterParameterGroup:ClusterParameterGroup").inputs;
    expect(parameters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "time_zone", value: "UTC" }),
        expect.objectContaining({ name: "require_secure_transport", value: "ON" }),
        expect.objectContaining({ name: "slow_query_log", value: "1" }),
      ]),
    );
  });

  it("exports logs to groups that exist beforehand, encrypted", async () => {
    const graph = await graphOf("prd");
    for (const log of ["audit", "error", "slowquery"]) {
      const group = one(graph, "aws:cloudwatch/logGroup:LogGroup", `paridad-prd-database-${log}`).inputs;
      expect(group).toMatchObject({ name: `/aws/rds/cluster/paridad-prd/${log}`, retentionInDays: 731 });
      expect(group.kmsKeyId).toBeDefined();
    }
  });

  it("is copied to a second region under a key of that region", async () => {
    const graph = await graphOf("prd");
    const vault = one(graph, "aws:backup/vault:Vault", "paridad-prd-recovery");
    expect(vault.inputs.region).toBe("us-west-2");
    expect(one(graph, "aws:kms/key:Key", "paridad-prd-recovery").inputs.region).toBe("us-west-2");
    const { rules } = one(graph, "aws:backup/plan:Plan").inputs as { rules: Record<string, unknown>[] };
    expect(rules.map(({ schedule }) => schedule)).toEqual(["cron(15 * * * ? *)", "cron(45 8 * * ? *)"]);
    for (const rule of rules)
      expect(rule.copyActions).toMatchObject([
        { destinationVaultArn: vault.inputs.arn ?? expect.stringContaining("recovery") },
      ]);
    expect(one(graph, "aws:backup/selection:Selection").inputs.resources).toEqual([
      expect.stringContaining("paridad-prd-database"),
    ]);
  });

  it("follows its configuration", async () => {
    const graph = await graphOf("stg", { database: { readers: 3, maxAcu: 32 } });
    expect(all(graph, "aws:rds/clusterInstance:ClusterInstance")).toHaveLength(4);
    expect(one(graph, "aws:rds/cluster:Cluster").inputs).toMatchObject({
      serverlessv2ScalingConfiguration: { maxCapacity: 32 },
    });
  });
});
