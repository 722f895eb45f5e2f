import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Bench, startBench } from "./doubles.ts";
import { graphOf, one } from "./graphs.ts";

let bench: Bench;
afterEach(() => bench.close());

/** Runs the instance's watch for as many rounds as there are answers of /health/live, and says what it did. */
async function watch(live: boolean[], ready: boolean[], hookIsOver = false): Promise<string[]> {
  const template = one(await graphOf("prd"), "aws:ec2/launchTemplate:LaunchTemplate").inputs;
  const { write_files } = parse(Buffer.from(String(template.userData), "base64").toString());
  const { content } = write_files.find(({ path }: { path: string }) => path === "/usr/local/bin/paridad-watch");
  const codes = (answers: boolean[]) => answers.map((answer) => (answer ? "" : 22));
  bench = await startBench(
    [
      { when: /^curl .*\/api\/token/, say: "token" },
      { when: /^curl .*instance-id/, say: "i-1" },
      { when: /^curl .*:8788\/health\/live/, inTurn: codes(live) },
      { when: /^curl .*:8788\/health\/ready/, inTurn: codes(ready) },
      hookIsOver ? { when: /complete-lifecycle-action/, fail: "ValidationError" } : { when: /^aws/, say: "" },
      { when: /^aws|^docker/, say: "" },
      // The end of the last round ends the test.
      { when: /^sleep/, inTurn: [...Array(live.length - 1).fill(""), 3] },
    ],
    ["aws", "curl", "docker", "sleep"],
  );
  expect((await bench.shell(content, {})).code).toBe(3);
  return (await bench.calls()).filter((line) => /^(aws|docker)/.test(line));
}

const times = (count: number, value: boolean): boolean[] => Array(count).fill(value);

describe("the watch on an instance", () => {
  it("takes it into service once the origin is ready, and only once", async () => {
    expect(await watch(times(4, true), [false, false, true])).toEqual([
      "aws autoscaling complete-lifecycle-action --region us-east-1 --auto-scaling-group-name paridad-prd-origin --lifecycle-hook-name ready --instance-id i-1 --lifecycle-action-result CONTINUE",
    ]);
  });

  it("leaves it alone while the database is away: live, though not ready", async () => {
    expect(await watch(times(40, true), [false])).toEqual([]);
  });

  it("restarts a dead origin after a minute, and has the instance replaced after five", async () => {
    const done = await watch(times(31, false), [false]);
    expect(done).toEqual([
      "docker restart paridad-origin",
      "aws autoscaling set-instance-health --region us-east-1 --instance-id i-1 --health-status Unhealthy",
      "aws autoscaling set-instance-health --region us-east-1 --instance-id i-1 --health-status Unhealthy",
    ]);
  });

  it("counts from the start again after a sign of life", async () => {
    expect(await watch([...times(5, false), true, ...times(5, false)], [false])).toEqual([]);
  });

  it("goes on after a reboot, when nothing waits for it any more", async () => {
    expect(await watch(times(3, true), [true], true)).toHaveLength(1);
  });
});
