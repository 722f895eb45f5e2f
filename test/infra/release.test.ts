import { afterEach, describe, expect, it } from "vitest";
import { type Bench, type Reply, startBench } from "./doubles.ts";

const before = `sha256:${"a".repeat(64)}`;
const after = `sha256:${"b".repeat(64)}`;

const fleetAt = (version: string): Reply => ({
  when: /describe-auto-scaling-groups --auto-scaling-group-names paridad-prd-origin .*--region us-east-1/,
  say: {
    AutoScalingGroups: [
      {
        LaunchTemplate: { LaunchTemplateId: "lt-1", Version: version },
        Instances: [
          { InstanceId: "i-new", LifecycleState: "Pending:Wait" },
          { InstanceId: "i-1", LifecycleState: "InService" },
        ],
      },
    ],
  },
});
const fleet = fleetAt("1");
const noFleet: Reply = { when: /describe-auto-scaling-groups/, say: { AutoScalingGroups: [] } };
const versions: Reply = {
  when: /describe-launch-template-versions --launch-template-id lt-1/,
  say: {
    LaunchTemplateVersions: [
      { VersionNumber: 1, VersionDescription: before },
      { VersionNumber: 2, VersionDescription: after },
    ],
  },
};
const alarms = (state: string): Reply => ({
  when: /cloudwatch describe-alarms --alarm-names paridad-prd-errorRatePercent-critical/,
  say: { MetricAlarms: [{ AlarmName: "paridad-prd-errorRatePercent-critical", StateValue: state }] },
});
const start: Reply = { when: /start-instance-refresh/, say: { InstanceRefreshId: "r-1" } };
const refresh = (...statuses: string[]): Reply => ({
  when: /describe-instance-refreshes .*--instance-refresh-ids r-1/,
  inTurn: statuses.map((Status) => ({ InstanceRefreshes: [{ Status }] })),
});

let bench: Bench;
afterEach(() => bench.close());
const release = async (replies: Reply[], ...args: string[]) => {
  bench = await startBench(replies);
  const result = await bench.run("release", "prd", "--poll-seconds", "0", ...args);
  const started = (await bench.calls()).find((line) => line.includes("start-instance-refresh"));
  const json = (name: string) => JSON.parse(new RegExp(`--${name} (\\{.*?\\}) --`).exec(started ?? "")?.[1] ?? "null");
  return { ...result, desired: json("desired-configuration"), preferences: json("preferences") };
};

describe("infra:release", () => {
  it("asks for the newest version as the desired one, so that the group keeps the old until it is proved", async () => {
    const steps = refresh("Pending", "InProgress", "Baking", "Successful");
    const { code, desired, preferences } = await release([fleet, versions, alarms("OK"), start, steps]);
    expect(code).toBe(0);
    expect(desired).toEqual({ LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "2" } });
    expect(preferences).toMatchObject({
      AutoRollback: true,
      MinHealthyPercentage: 100,
      BakeTime: 180,
      AlarmSpecification: { Alarms: ["paridad-prd-errorRatePercent-critical"] },
    });
  });

  it.each(["Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"])("fails when it ends in %s", async (end) => {
    const steps = refresh("InProgress", "RollbackInProgress", end);
    const { code, stderr } = await release([fleet, versions, alarms("OK"), start, steps]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${end}. paridad-prd-origin stays at version 1`);
  });

  it("goes back while errors ring: an alarm that rings already does not forbid it", async () => {
    const replies = [fleetAt("2"), versions, alarms("ALARM"), start, refresh("Successful")];
    const { code, desired, preferences } = await release(replies, "--image", before);
    expect(code).toBe(0);
    expect(desired.LaunchTemplate.Version).toBe("1");
    expect(preferences).not.toHaveProperty("AlarmSpecification");
  });

  it("does nothing when that image runs, unless told to restart", async () => {
    const { code, stdout } = await release([fleet, versions], "--image", before);
    expect(code).toBe(0);
    expect(stdout).toContain("at version 1 already");
    await bench.close();
    const again = await release(
      [fleet, versions, alarms("OK"), start, refresh("Successful")],
      "--image",
      before,
      "--restart",
    );
    expect(again.desired.LaunchTemplate.Version).toBe("1");
  });

  it("restarts the release that runs, not the newest: it may be the one that was gone back from", async () => {
    const replies = [fleet, versions, alarms("OK"), start, refresh("Successful")];
    const { code, stdout, desired } = await release(replies, "--restart");
    expect(code).toBe(0);
    expect(stdout).toContain(before);
    expect(desired.LaunchTemplate.Version).toBe("1");
  });

  it("names the images there are when it is asked for another", async () => {
    const { code, stderr } = await release([fleet, versions], "--image", `sha256:${"c".repeat(64)}`);
    expect(code).toBe(1);
    expect(stderr).toContain(before);
    expect(stderr).toContain(after);
  });

  it("says so when there is no fleet, and passes AWS's refusal on", async () => {
    expect((await release([noFleet])).stderr).toContain("has no instances yet");
    await bench.close();
    const { code, stderr } = await release([{ when: /./, fail: "AccessDenied" }]);
    expect(code).toBe(1);
    expect(stderr).toContain("AccessDenied");
  });
});

describe("infra:up", () => {
  const up = async (replies: Reply[], ...args: string[]) => {
    bench = await startBench([...replies, { when: /^pulumi/, say: "" }]);
    const result = await bench.run("up", "prd", ...args);
    return { ...result, pulumi: (await bench.calls()).filter((line) => line.startsWith("pulumi")) };
  };

  it("keeps the image that runs, and always asks the policies", async () => {
    expect((await up([fleet, versions])).pulumi).toEqual([
      `pulumi up --stack prd --policy-pack policies image=${before}`,
    ]);
  });

  it("takes an image, or none, without asking AWS", async () => {
    expect((await up([], "--image", after, "--yes")).pulumi).toEqual([
      `pulumi up --stack prd --policy-pack policies --non-interactive --yes image=${after}`,
    ]);
    await bench.close();
    expect((await up([], "--image", "none")).pulumi[0]).toContain("image=none");
  });

  it("shows a preview of the release that runs", async () => {
    expect((await up([fleet, versions], "--preview", "--yes")).pulumi).toEqual([
      `pulumi preview --diff --stack prd --policy-pack policies --non-interactive image=${before}`,
    ]);
  });

  it("stops before Pulumi when there is no image to keep", async () => {
    const { code, stderr, pulumi } = await up([noFleet]);
    expect({ code, pulumi }).toEqual({ code: 2, pulumi: [] });
    expect(stderr).toContain("--image none");
  });
});

describe("infra:migrate", () => {
  const migrate = async (replies: Reply[], ...args: string[]) => {
    bench = await startBench(replies);
    const result = await bench.run("migrate", "prd", "--poll-seconds", "0", ...args);
    return { ...result, started: (await bench.calls()).find((line) => line.includes("start-build")) };
  };
  const build = (...statuses: string[]): Reply[] => [
    { when: /codebuild start-build --project-name paridad-prd-migrate/, say: { build: { id: "b-1" } } },
    { when: /batch-get-builds --ids b-1/, inTurn: statuses.map((buildStatus) => ({ builds: [{ buildStatus }] })) },
  ];

  it("waits for the end, with the image that runs unless it is given one", async () => {
    const running = await migrate([fleet, versions, ...build("IN_PROGRESS", "SUCCEEDED")]);
    expect(running.code).toBe(0);
    expect(running.started).toContain(`name=IMAGE_DIGEST,value=${before},type=PLAINTEXT`);
    await bench.close();
    expect((await migrate(build("SUCCEEDED"), "--image", after)).started).toContain(after);
  });

  it.each(["FAILED", "STOPPED", "TIMED_OUT"])("fails when the build ends in %s", async (end) => {
    expect((await migrate([...build("IN_PROGRESS", end)], "--image", after)).code).toBe(1);
  });
});

describe("infra:tunnel", () => {
  it("goes to an instance in service, and through it to the writer", async () => {
    bench = await startBench([
      fleet,
      {
        when: /describe-db-clusters --db-cluster-identifier paridad-prd/,
        say: { DBClusters: [{ Endpoint: "writer" }] },
      },
      { when: /ssm start-session/, say: "" },
    ]);
    expect((await bench.run("tunnel", "prd", "origin")).code).toBe(0);
    expect((await bench.run("tunnel", "prd", "mysql")).code).toBe(0);
    const [origin, mysql] = (await bench.calls()).filter((line) => line.includes("start-session"));
    expect(origin).toContain("--target i-1 --document-name AWS-StartPortForwardingSession --parameters");
    expect(mysql).toContain(
      'AWS-StartPortForwardingSessionToRemoteHost --parameters {"host":["writer"],"portNumber":["3306"]',
    );
  });

  it("goes to the writer of another cluster that is named, to compare what was restored beside the stack's own", async () => {
    const named = /describe-db-clusters --db-cluster-identifier paridad-prd-then /;
    bench = await startBench([
      fleet,
      { when: named, say: { DBClusters: [{ Endpoint: "then" }] } },
      { when: /ssm start-session/, say: "" },
    ]);
    const { code, stderr } = await bench.run(
      "tunnel",
      "prd",
      "mysql",
      "--cluster",
      "paridad-prd-then",
      "--port",
      "13307",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const session = (await bench.calls()).find((line) => line.includes("start-session"));
    expect(session).toContain('{"host":["then"],"portNumber":["3306"],"localPortNumber":["13307"]}');
  });

  it.each([["prd"], ["prd", "redis"], ["qa", "mysql"]])("explains itself when asked %j", async (...args) => {
    bench = await startBench([]);
    const { code, stderr } = await bench.run("tunnel", ...args.flat());
    expect(code).toBe(2);
    expect(stderr).toContain("Usage");
  });
});
