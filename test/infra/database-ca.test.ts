import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildOrigin } from "../../tools/dev/build.ts";
import { all, graphOf } from "./graphs.ts";

it("an image knows whom the databases' certificates are signed by, in both regions", async () => {
  const folder = await mkdtemp(join(tmpdir(), "paridad-image-"));
  try {
    await buildOrigin(join(folder, "origin"));
    const bundle = await readFile(join(folder, "origin/database-ca.pem"), "utf8");
    const authorities = (bundle.match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map(
      (pem) => new X509Certificate(pem),
    );
    const inUse = all(await graphOf("prd"), "aws:rds/clusterInstance:ClusterInstance").map(
      ({ inputs }) => inputs.caCertIdentifier,
    );
    expect(new Set(inUse)).toEqual(new Set(["rds-ca-rsa2048-g1"]));
    const subjects = authorities.map(({ subject }) => subject).join("\n");
    for (const region of ["us-east-1", "us-west-2"]) {
      expect(subjects).toContain(`CN=Amazon RDS ${region} Root CA RSA2048 G1`);
    }
    // The authorities before these ended in 2024, and a trusted one that has ended helps nobody.
    for (const { validTo } of authorities) expect(Date.parse(validTo)).toBeGreaterThan(Date.parse("2060-01-01"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
