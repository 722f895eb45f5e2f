import { afterEach, describe, expect, it, vi } from "vitest";
import { ensureCommands } from "../../tools/servers/packages.ts";
import { type Bench, type Reply, startBench } from "./doubles.ts";
import { graphOf, one } from "./graphs.ts";

vi.setConfig({ testTimeout: 900_000 });

/** AWS's ids have no fewer characters. */
const OLD = "0".repeat(32);
const NEXT = "1".repeat(32);
let bench: Bench;
afterEach(() => bench.close());

/** Runs the migration project's script with doubles of all that it calls, and says what it called. */
async function migrate(pending: Reply[], digest = `sha256:${"e".repeat(64)}`) {
  const { jq = "jq" } = await ensureCommands({ jq: "jq" });
  const source = one(await graphOf("prd"), "aws:codebuild/project:Project").inputs.source as { buildspec: string };
  const [script] = JSON.parse(source.buildspec).phases.build.commands;
  bench = await startBench(
    [
      ...pending,
      { when: /get-secret-value --secret-id master/, say: '{"username":"admin","password":"p@ss"}' },
      { when: /--secret-id user --version-stage AWSCURRENT --query SecretString/, say: "old-password" },
      { when: /--secret-id user --version-stage AWSCURRENT --query VersionId/, say: OLD },
      { when: /get-secret-value --secret-id user --version-stage AWSPENDING/, fail: "ResourceNotFoundException" },
      { when: /./, say: "" },
    ],
    ["aws", "docker", "mysql"],
  );
  const env = {
    REPOSITORY: "1.dkr.ecr/r",
    WRITER_HOST: "writer",
    MASTER_SECRET: "master",
    USER_SECRET: "user",
    IMAGE_DIGEST: digest,
  };
  const result = await bench.shell(script.replaceAll("jq ", `'${jq}' `), env);
  const calls = (await bench.calls()).filter((line) => /^(docker run|mysql|aws.*update-secret)/.test(line));
  return { ...result, calls, text: (await bench.calls()).join("\n") };
}

describe("the migration project", () => {
  it("migrates, then sets the service's password, and moves no version when none waits", async () => {
    const { code, stderr, calls, text } = await migrate([]);
    expect({ code, stderr: stderr.replace(/An error occurred.*\n/, "") }).toEqual({ code: 0, stderr: "" });
    expect(calls.map((line) => line.split(" ")[0])).toEqual(["docker", "docker", "mysql"]);
    // Neither password is an argument that other processes could read.
    expect(text).not.toContain("old-password");
    expect(text).not.toContain("p@ss");
  });

  it("lets the service delete nothing, and takes back what an older release let it", async () => {
    const { buildspec } = one(await graphOf("prd"), "aws:codebuild/project:Project").inputs.source as {
      buildspec: string;
    };
    const [script] = JSON.parse(buildspec).phases.build.commands;
    const grants = script.match(/^(GRANT|REVOKE) .*$/gm);
    expect(grants).toEqual([
      "GRANT SELECT, INSERT, UPDATE ON paridad.* TO 'paridad_app'@'%';",
      "REVOKE IF EXISTS DELETE ON paridad.* FROM 'paridad_app'@'%';",
    ]);
  });

  it("gives the database a waiting password before an instance can read it", async () => {
    const { code, calls } = await migrate([
      { when: /--secret-id user --version-stage AWSPENDING --query VersionId/, say: NEXT },
      { when: /--secret-id user --version-stage AWSPENDING --query SecretString/, say: "new-password" },
    ]);
    expect(code).toBe(0);
    expect(calls.map((line) => line.replace(/^(docker|mysql) .*/, "$1"))).toEqual([
      "docker",
      "docker",
      "mysql",
      `aws secretsmanager update-secret-version-stage --secret-id user --version-stage AWSCURRENT --move-to-version-id ${NEXT} --remove-from-version-id ${OLD}`,
      `aws secretsmanager update-secret-version-stage --secret-id user --version-stage AWSPENDING --remove-from-version-id ${NEXT}`,
    ]);
  });

  it("leaves the waiting password where it is when the database does not take it", async () => {
    const { code, calls } = await migrate([
      { when: /^mysql/, fail: "denied" },
      { when: /AWSPENDING --query VersionId/, say: NEXT },
      { when: /AWSPENDING --query SecretString/, say: "new-password" },
    ]);
    expect(code).not.toBe(0);
    expect(calls.filter((line) => line.includes("update-secret"))).toEqual([]);
  });

  it("touches nothing without an image", async () => {
    expect((await migrate([], "latest")).calls).toEqual([]);
  });
});
