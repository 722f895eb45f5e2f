import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { collectGraph } from "../../pulumi/plan/collect.ts";
import { stackConfig } from "../../pulumi/plan/stack-file.ts";
import { recoveryConfig } from "../../pulumi/tools/recovery-config.ts";
import { type Bench, type Reply, startBench } from "./doubles.ts";
import { all, graphOf, one } from "./graphs.ts";

const cluster = "aws:rds/cluster:Cluster";
const copy = "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:awsbackup:copyjob-2";
const digest = `sha256:${"d".repeat(64)}`;

describe("what a second region holds", () => {
  it("is the database's copies, the images and every secret, under a key of that region", async () => {
    const graph = await graphOf("prd");
    const key = one(graph, "aws:kms/key:Key", "paridad-prd-recovery");
    expect(key.inputs.region).toBe("us-west-2");
    for (const { inputs } of all(graph, "aws:secretsmanager/secret:Secret")) {
      expect(inputs.replicas).toEqual([{ region: "us-west-2", kmsKeyId: expect.stringContaining("recovery") }]);
    }
    expect(
      one(graph, "aws:ecr/replicationConfiguration:ReplicationConfiguration").inputs.replicationConfiguration,
    ).toEqual({
      rules: [
        {
          destinations: [{ region: "us-west-2", registryId: "123456789012" }],
          repositoryFilters: [{ filter: "paridad-prd", filterType: "PREFIX_MATCH" }],
        },
      ],
    });
  });

  it("is nothing of dev", async () => {
    const dev = await graphOf("dev");
    expect(all(dev, "aws:ecr/replicationConfiguration:ReplicationConfiguration")).toEqual([]);
    expect(all(dev, "aws:secretsmanager/secret:Secret").flatMap(({ inputs }) => inputs.replicas ?? [])).toEqual([]);
  });
});

describe("a recovery stack", () => {
  it("is production of another name, from a copy, and needs nothing of the lost region", async () => {
    const config = recoveryConfig(stackConfig("prd"), "prd", "us-west-2", copy);
    const raw = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
    const graph = await collectGraph("dr", { ...raw, "paridad:imageDigest": digest });
    expect(one(graph, cluster).inputs).toMatchObject({ clusterIdentifier: "paridad-dr", snapshotIdentifier: copy });
    expect(all(graph, "aws:rds/clusterInstance:ClusterInstance").length).toBeGreaterThan(0);
    const boot = Buffer.from(
      String(one(graph, "aws:ec2/launchTemplate:LaunchTemplate").inputs.userData),
      "base64",
    ).toString();
    expect(boot).toContain("ENVIRONMENT='prd'");
    expect(boot).toContain(`123456789012.dkr.ecr.us-west-2.amazonaws.com/paridad-prd/origin@${digest}`);
    // Budgets, roles and Route 53 have no region.
    expect(graph.resources.filter(({ inputs }) => inputs.region === "us-east-1").map(({ name }) => name)).toEqual([]);
    expect(all(graph, "aws:backup/vault:Vault")).toEqual([]);
  });
});

describe("infra:recover", () => {
  let bench: Bench;
  afterEach(() => bench.close());
  const point = (arn: string, Status: string, CreationDate: string) => ({
    RecoveryPointArn: arn,
    Status,
    CreationDate,
  });
  const replies: Reply[] = [
    {
      when: /list-backup-vaults/,
      say: { BackupVaultList: [{ BackupVaultName: "Default" }, { BackupVaultName: "paridad-prd-recovery-1a2b" }] },
    },
    {
      when: /list-recovery-points-by-backup-vault --backup-vault-name paridad-prd-recovery-1a2b --region us-west-2/,
      say: {
        RecoveryPoints: [
          point(
            "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:awsbackup:copyjob-1",
            "COMPLETED",
            "2026-11-26T08:00:00Z",
          ),
          point(copy, "COMPLETED", "2026-11-26T09:00:00Z"),
          point(
            "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:awsbackup:copyjob-3",
            "PARTIAL",
            "2026-11-26T10:00:00Z",
          ),
        ],
      },
    },
    {
      when: /ecr describe-images --repository-name paridad-prd\/origin --region us-west-2/,
      say: {
        imageDetails: [
          { imageDigest: `sha256:${"0".repeat(64)}`, imagePushedAt: "2026-11-01T00:00:00Z" },
          { imageDigest: digest, imagePushedAt: "2026-11-20T00:00:00Z" },
        ],
      },
    },
    { when: /get-secret-value/, say: { SecretString: "not-an-argument" } },
    { when: /put-secret-value/, say: {} },
    {
      when: /codebuild start-build --project-name paridad-dr-migrate .*--region us-west-2/,
      say: { build: { id: "b-1" } },
    },
    { when: /batch-get-builds --ids b-1/, inTurn: [{ builds: [{ buildStatus: "SUCCEEDED" }] }] },
    { when: /^pulumi/, say: "" },
  ];

  it("builds around the newest complete copy, then secrets, migrations and instances of the newest image", async () => {
    const secrets = all(await graphOf("prd"), "aws:secretsmanager/secret:Secret").map(({ inputs }) =>
      String(inputs.name).replace("-prd/", "-dr/"),
    );
    bench = await startBench(replies);
    const { code, stdout, stderr } = await bench.run("recover", "prd", "--folder", bench.folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const file = parse(await readFile(join(bench.folder, "Pulumi.dr.yaml"), "utf8"));
    expect(file.config).toMatchObject({
      "aws:region": "us-west-2",
      "paridad:environment": "prd",
      "paridad:database": { snapshot: copy },
    });
    const calls = await bench.calls();
    const up = "pulumi up --stack dr --policy-pack policies --yes --non-interactive";
    const order = calls
      .filter((line) => /^pulumi|put-secret-value|start-build/.test(line))
      .map((line) => line.replace(/ --(secret-string|region).*/, ""));
    const copied = order.filter((line) => line.includes("put-secret-value"));
    expect(copied.toSorted()).toEqual(
      secrets.map((name) => `aws secretsmanager put-secret-value --secret-id ${name}`).toSorted(),
    );
    expect(order).toEqual([
      "pulumi stack select --create dr image=none",
      `${up} image=none`,
      ...copied,
      // The copy may be older than the image, whose instances get ready on its own tables only.
      `aws codebuild start-build --project-name paridad-dr-migrate --environment-variables-override name=IMAGE_DIGEST,value=${digest},type=PLAINTEXT`,
      `${up} image=${digest}`,
    ]);
    expect(calls.join("\n")).not.toContain("not-an-argument");
    expect(stdout).toContain('ORIGIN_URL = "https://recovery.aws.example.com"');
  });

  it("only says what it would take when asked for a plan", async () => {
    bench = await startBench(replies);
    const { code, stdout } = await bench.run("recover", "prd", "--plan", "--folder", bench.folder);
    expect(code).toBe(0);
    expect(stdout).toContain("database of 2026-11-26T09:00:00Z");
    expect((await bench.calls()).filter((line) => line.startsWith("pulumi"))).toEqual([]);
  });

  it("stops when there is no copy, and when Pulumi stops", async () => {
    bench = await startBench([{ when: /list-backup-vaults/, say: { BackupVaultList: [] } }, ...replies]);
    expect((await bench.run("recover", "prd", "--folder", bench.folder)).stderr).toContain("there is no vault of prd");
    await bench.close();
    bench = await startBench([{ when: /^pulumi up/, fail: "X" }, ...replies]);
    const { code, stderr } = await bench.run("recover", "prd", "--folder", bench.folder);
    expect(code).toBe(1);
    expect(stderr).toContain("the database and all around it failed");
    expect((await bench.calls()).some((line) => line.includes("put-secret-value"))).toBe(false);
  });

  it("starts no instances on tables that could not be migrated", async () => {
    bench = await startBench([{ when: /batch-get-builds/, say: { builds: [{ buildStatus: "FAILED" }] } }, ...replies]);
    const { code, stderr } = await bench.run("recover", "prd", "--folder", bench.folder);
    expect(code).toBe(1);
    expect(stderr).toContain("the migrations failed");
    expect((await bench.calls()).filter((line) => /^pulumi up .*sha256/.test(line))).toEqual([]);
  });
});
