import { describe, expect, it } from "vitest";
import { all, graphOf, one } from "./graphs.ts";

const vault = "aws:backup/vault:Vault";
const bucket = "aws:s3/bucket:Bucket";
const repository = "aws:ecr/repository:Repository";

describe("a destroy", () => {
  it("leaves what copies and the audit trail need to be read: every key, the vaults, their lock and the trail", async () => {
    const graph = await graphOf("prd");
    const left = graph.resources.filter(({ retain }) => retain);
    const names = (type: string) => left.filter((resource) => resource.type === type).map(({ name }) => name);
    expect(names("aws:kms/key:Key").sort()).toEqual(
      all(graph, "aws:kms/key:Key")
        .map(({ name }) => name)
        .sort(),
    );
    expect(names(vault)).toEqual(["paridad-prd-backups", "paridad-prd-recovery"]);
    expect(names("aws:backup/vaultLockConfiguration:VaultLockConfiguration")).toHaveLength(1);
    // With the bucket stays what makes it private, encrypted, locked and short-lived.
    const trail = left.filter(({ name, type }) => name.startsWith("paridad-prd-trail") && type.startsWith("aws:s3/"));
    expect(trail.map(({ type }) => type)).toContain("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    expect(trail).toHaveLength(
      graph.resources.filter(({ name, type }) => type.startsWith("aws:s3/") && name.startsWith("paridad-prd-trail"))
        .length,
    );
    expect(names("aws:kms/alias:Alias")).toEqual([]);
  });

  it("keeps a last snapshot and the automated backups by a switch of their own, not by protection", async () => {
    const unprotected = await graphOf("prd", { database: { protect: false } });
    const cluster = one(unprotected, "aws:rds/cluster:Cluster");
    expect(cluster.protect).toBe(false);
    expect(cluster.inputs).toMatchObject({
      deletionProtection: false,
      skipFinalSnapshot: false,
      deleteAutomatedBackups: false,
      finalSnapshotIdentifier: "paridad-prd-final",
    });
    expect(
      all(unprotected, "aws:secretsmanager/secret:Secret").map(({ inputs }) => inputs.recoveryWindowInDays),
    ).toEqual(Array(8).fill(30));
    expect(unprotected.resources.filter(({ retain }) => retain).map(({ urn }) => urn)).toEqual(
      (await graphOf("prd")).resources.filter(({ retain }) => retain).map(({ urn }) => urn),
    );
  });

  it("meets nothing that refuses to go once protection is off", async () => {
    const unprotected = await graphOf("prd", { database: { protect: false }, edge: { protect: false } });
    expect(unprotected.resources.filter(({ protect }) => protect)).toEqual([]);
    expect(one(unprotected, repository).inputs.forceDelete).toBe(true);
    for (const { inputs, retain, name } of [...all(unprotected, bucket), ...all(unprotected, vault)]) {
      expect(retain || inputs.forceDestroy === true, name).toBe(true);
    }
  });

  it("takes everything of dev along, names included", async () => {
    const dev = await graphOf("dev");
    expect(dev.resources.filter(({ retain }) => retain)).toEqual([]);
    expect(one(dev, "aws:rds/cluster:Cluster").inputs).toMatchObject({
      skipFinalSnapshot: true,
      deleteAutomatedBackups: true,
    });
    expect(
      new Set(all(dev, "aws:secretsmanager/secret:Secret").map(({ inputs }) => inputs.recoveryWindowInDays)),
    ).toEqual(new Set([0]));
  });
});
