import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ensureCommands } from "../../tools/servers/packages.ts";

const folder = fileURLToPath(new URL("../../.github/workflows", import.meta.url));
const execute = promisify(execFile);

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  uses?: string;
  steps?: Step[];
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
}

const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(join(folder, name), "utf8");
  return {
    name,
    text,
    jobs: Object.values(parse(text).jobs as Record<string, Job>),
    permissions: parse(text).permissions,
    shell: parse(text).defaults?.run?.shell,
  };
});
const steps = workflows.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps ?? []));

describe("the repository on GitHub", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));

  it("has an owner for every file, and for what may cost data or access a second one", () => {
    const rules = readFileSync(`${root}/.github/CODEOWNERS`, "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.split(/\s+/));
    expect(rules[0]?.[0]).toBe("*");
    for (const [path = "", ...owners] of rules) {
      expect(owners.length, path).toBeGreaterThan(0);
      for (const owner of owners) expect(owner).toMatch(/^@[\w-]+\/[\w-]+$/);
      if (path !== "*") expect(existsSync(`${root}${path}`), path).toBe(true);
    }
    const owned = rules.map(([path]) => path);
    expect(owned).toEqual(expect.arrayContaining(["/.github/", "/pulumi/", "/wrangler.toml", "/origin/migrations/"]));
  });

  it("pins what npm installs by its content, every entry of the lock file", () => {
    const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8")) as {
      packages: Record<string, { link?: boolean; integrity?: string }>;
    };
    const entries = Object.entries(packages).filter(([path, { link }]) => path.startsWith("node_modules/") && !link);
    expect(entries.length).toBeGreaterThan(400);
    const unpinned = entries.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""));
    expect(unpinned.map(([path]) => path)).toEqual([]);
  });

  it("asks of a pull request what a rolling release needs", () => {
    const template = readFileSync(`${root}/.github/pull_request_template.md`, "utf8");
    for (const asked of ["old worker", "new schema", "API only grows", "CHANGELOG", "secret"]) {
      expect(template).toContain(asked);
    }
  });
});

describe("workflows", () => {
  it.each(workflows)("$name pins every action by commit, with its version beside it", ({ text }) => {
    for (const [line] of text.matchAll(/uses: (?!\.\/).*/g)) {
      expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it.each(workflows)("$name may read the code and nothing more, but for what a job says", ({ permissions, jobs }) => {
    expect(permissions).toEqual({ contents: "read" });
    for (const job of jobs) {
      if (job.permissions)
        expect([
          { contents: "read" },
          { contents: "read", "id-token": "write" },
          // The job that signs an image, and the one that checks its signature.
          { contents: "read", "id-token": "write", attestations: "write" },
          { contents: "read", "id-token": "write", attestations: "read" },
        ]).toContainEqual(job.permissions);
    }
  });

  it.each(workflows)("$name stops at a failure within a pipe", ({ shell }) => {
    expect(shell).toBe("bash");
  });

  it("use one version of each action", () => {
    const versions = new Map<string, Set<string>>();
    for (const { uses } of steps) {
      const [action = "", commit = ""] = (uses ?? "").split("@");
      versions.set(action, (versions.get(action) ?? new Set()).add(commit));
    }
    for (const [action, commits] of versions) expect(commits.size, action).toBe(1);
  });

  it("rotate each quarter what nobody has to be asked for: the password first, then the token, origin before edge", () => {
    const text = workflows.find(({ name }) => name === "rotate.yml")?.text ?? "";
    expect(text).toMatch(/cron: "\d+ \d+ 1 1,4,7,10 \*"/);
    const order = [
      "Whether the last rotation has ended",
      "AWSPENDING",
      "infra:migrate",
      "add-mask",
      "next=$(printf",
      "--restart",
      "secret put EDGE_TOKEN",
      '--move-to-version-id "$next"',
      "smoke --",
    ];
    const places = order.map((step) => text.indexOf(step));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("sign the image, and deploy none whose signature is not that of this workflow and commit", () => {
    const named = (file: string) => workflows.find(({ name }) => name === file);
    const built = named("deploy.yml")?.jobs.flatMap((job) => job.steps ?? []) ?? [];
    const signed = built.findIndex(({ uses }) => uses?.startsWith("actions/attest-build-provenance@"));
    expect(built[signed]?.with?.["subject-path"]).toMatch(/origin\.tar$/);
    const listed = built.find(({ uses }) => uses?.startsWith("actions/attest-sbom@"))?.with;
    expect(listed?.["subject-path"]).toBe(built[signed]?.with?.["subject-path"]);
    const sbom = built.find(({ run }) => run?.includes("npm sbom"))?.run ?? "";
    expect(sbom).toContain(String(listed?.["sbom-path"]).split("/").at(-1));
    expect(built.findIndex(({ uses }) => uses?.startsWith("actions/upload-artifact@"))).toBeGreaterThan(signed);
    const deployed = named("deploy-stack.yml")?.jobs.flatMap((job) => job.steps ?? []) ?? [];
    const verified = deployed.findIndex(({ run }) => run?.includes("gh attestation verify"));
    const loggedIn = deployed.findIndex(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
    expect(verified).toBeGreaterThan(-1);
    expect(verified).toBeLessThan(loggedIn);
    expect(deployed[verified]?.run).toMatch(/--signer-workflow .*deploy\.yml.* --source-digest/s);
  });

  it("build on base images by digest", () => {
    const files = ["origin/Dockerfile", "tools/compose/Dockerfile"].map(
      (path) => new URL(`../../${path}`, import.meta.url),
    );
    const bases = files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/^FROM (\S+)/gm)].map(([, base]) => base),
    );
    expect(new Set(bases).size).toBe(1);
    for (const base of bases) expect(base).toMatch(/^node:24-bookworm-slim@sha256:[0-9a-f]{64}$/);
  });

  it("have no long-lived AWS key, and reach AWS by a role", () => {
    for (const { text } of workflows) expect(text).not.toMatch(/aws-access-key-id|AWS_SECRET_ACCESS_KEY/i);
    const logIns = steps.filter(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials"));
    expect(logIns.length).toBeGreaterThan(0);
    for (const { with: given } of logIns) expect(given?.["role-to-assume"]).toBeDefined();
  });

  it("leave no token in a checkout, and end", () => {
    for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout"))) {
      expect(step.with?.["persist-credentials"]).toBe(false);
    }
    for (const job of workflows.flatMap(({ jobs }) => jobs).filter(({ uses }) => !uses)) {
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
    }
  });

  it("never put an expression into a script: a branch's name would run", () => {
    for (const { run } of steps) expect(run ?? "").not.toContain("${{");
  });

  it("run no package's install script where a job may take on a role", () => {
    const privileged = workflows
      .flatMap(({ jobs }) => jobs)
      .filter((job) => job.permissions?.["id-token"] && job.steps);
    expect(privileged.length).toBeGreaterThan(2);
    for (const { steps: own = [] } of privileged) {
      const installs = own
        .flatMap(({ run = "" }) => run.split("\n"))
        .filter((line) => /npm (ci|i|install|rebuild)\b/.test(line));
      for (const line of installs) expect(line).toContain("--ignore-scripts");
    }
  });

  it("deploy what has been tested: every job that deploys comes after the tests of the same commit", () => {
    const { jobs } = parse(workflows.find(({ name }) => name === "deploy.yml")?.text ?? "") as {
      jobs: Record<string, { needs?: string; uses?: string }>;
    };
    const first = (job: string): string => (jobs[job]?.needs ? first(jobs[job].needs) : job);
    for (const job of Object.keys(jobs)) expect(first(job)).toBe("test");
    expect(jobs.test?.uses).toBe("./.github/workflows/test.yml");
  });

  it("deploy in order: image, migrations, stack, instances, origin's smoke, edge, edge's smoke", () => {
    const text = workflows.find(({ name }) => name === "deploy-stack.yml")?.text ?? "";
    const order = [
      "skopeo copy",
      "infra:migrate",
      "pulumi up",
      "infra:release",
      "smoke -- http://127.0.0.1:18788",
      'split "$new@10" "$old@90"',
      'smoke -- "$EDGE_URL" --version-override',
      'split "$new@100"',
      "wrangler triggers deploy",
      'smoke -- "$EDGE_URL"\n',
    ];
    const places = order.map((step) => `${text}\n`.indexOf(step));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("have scripts that shellcheck finds nothing in", async () => {
    const { shellcheck = "" } = await ensureCommands({ shellcheck: "shellcheck" });
    const scratch = await mkdtemp(join(tmpdir(), "paridad-workflows-"));
    try {
      for (const { run } of steps.filter(({ run }) => run)) {
        const path = join(scratch, "step.sh");
        await writeFile(path, `#!/bin/bash\n${run}\n`);
        await execute(shellcheck, ["--severity=style", path]).catch((error: { stdout: string }) => {
          throw new Error(error.stdout);
        });
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }, 900_000);
});
