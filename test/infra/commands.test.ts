import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SECRET_NAMES } from "../../pulumi/data/secret-names.ts";
import { commandFaults, type Replies, recordCommands } from "./recorded-commands.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ACCOUNT = "123456789012";
const SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:master`;
const REPLIES: Replies = [
  ["aws\\ sts\\ *", ACCOUNT],
  ["aws\\ kms\\ create-key*", `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`],
  ["aws\\ route53\\ list-hosted-zones-by-name*", "/hostedzone/Z0123456789"],
  ["aws\\ rds\\ describe-db-clusters*MasterUserSecret*", SECRET],
  ["aws\\ rds\\ describe-db-clusters*", "subnets parameters sg-0123456789abcdef0"],
  ["aws\\ secretsmanager\\ get-random-password*", "p".repeat(40)],
  ["aws\\ secretsmanager\\ get-secret-value*", '{"keys":[{"kid":"a"}],"password":"p"}'],
  ["aws\\ ecr\\ describe-image-scan-findings*", "None"],
  ["aws\\ ecr\\ describe-images*", `sha256:${"a".repeat(64)}`],
  ["npm\\ run\\ accounts*token-key*", '{"kid":"b"}'],
  ["npx\\ pulumi\\ stack\\ output*", `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/paridad-prd/origin`],
  ["npx\\ wrangler\\ deployments\\ status*", '{"versions":[{"version_id":"old","percentage":100}]}'],
  [
    "npx\\ wrangler\\ versions\\ list*",
    '[{"id":"new","metadata":{"created_on":"2026"},"annotations":{"workers/tag":"c0ffee"}}]',
  ],
  ["skopeo\\ inspect*", `sha256:${"a".repeat(64)}`],
  ["git\\ *", "c0ffee"],
  ["gh\\ api*", "repo:o@1/r@2"],
  ["curl\\ *ips-v4*", "173.245.48.0/20"],
  ["curl\\ *mtls_certificates*", '{"result":[{"name":"paridad-prd-202611","expires_on":"2099-01-01T00:00:00Z"}]}'],
];
const read = (path: string) => readFileSync(`${ROOT}${path}`, "utf8");
const blocksOf = (page: string) => [...page.matchAll(/^ *```\n(.*?)^ *```/gms)].map(([, block = ""]) => block);
const pages = ["docs/deploy.md", ...readdirSync(`${ROOT}docs/runbooks`).map((name) => `docs/runbooks/${name}`)];

describe("commands that people are told", () => {
  it("docs/deploy.md runs from its first block to its last, and no tool refuses one of its command lines", async () => {
    const script = blocksOf(read("docs/deploy.md")).join('cd "$HERE"\n');
    const played = await recordCommands(`set -eo pipefail\nHERE=$PWD\n${script}`, {
      input: "token\n",
      replies: REPLIES,
    });
    expect(played.faults).toEqual([]);
    expect(played.code, played.stderr).toBe(0);
    expect(played.calls.filter(([program]) => program === "aws").length).toBeGreaterThan(45);
    const lines = played.calls.map((call) => call.join(" "));
    const put = SECRET_NAMES.map(
      (name) => `aws secretsmanager put-secret-value --secret-id paridad/paridad-prd/${name}`,
    );
    const steps = [
      // A role that may do nothing is of no use, nor is a stack that is lost with its region's state.
      "aws s3api put-bucket-replication",
      "aws iam attach-role-policy --role-name paridad-deploy",
      "aws iam attach-role-policy --role-name paridad-preview",
      "npm run infra:preflight",
      "npm run infra:up -- prd --image none",
      "docker buildx build",
      "npm run infra:migrate -- prd --image sha256:",
      "npm run infra:up -- prd --image sha256:",
      "npx wrangler deploy --env prd",
      "npm run smoke",
    ];
    const places = steps.map((step) => lines.findIndex((line) => line.startsWith(step)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    for (const name of put)
      expect(
        lines.some((line) => line.startsWith(name)),
        name,
      ).toBe(true);
    expect(played.calls.at(-1)).toEqual(["npx", "wrangler", "delete", "--env", "prd"]);
  });

  it.each(pages)("%s names no command that its tool refuses", (page) => {
    const told = [...read(page).matchAll(/`((?:aws|npx wrangler|npm run) [^`\n]+)`/g)].map(([, line = ""]) => line);
    const faults = told.flatMap((line) => {
      const words = line
        .replace(/ [|;&].*/, "")
        .split(/ +/)
        .map((word) => word.replace(/^['"]|['"]$/g, ""));
      const found = commandFaults(words);
      // A command that is only named has no arguments.
      return words.length > 3 ? found : found.filter((fault) => !fault.includes(" lacks "));
    });
    expect(faults).toEqual([]);
  });
});

describe("commands of workflows", () => {
  const steps = readdirSync(`${ROOT}.github/workflows`).flatMap((name) => {
    const { jobs } = parse(read(`.github/workflows/${name}`)) as {
      jobs: Record<string, { steps?: { name?: string; run?: string }[] }>;
    };
    const own = Object.values(jobs).flatMap(({ steps = [] }) => steps);
    return own.flatMap(({ name: step = "", run }) =>
      run === undefined ? [] : [{ name: `${name}: ${step || run}`, run }],
    );
  });
  const env = {
    STACK: "prd",
    GITHUB_SHA: "c0ffee",
    GITHUB_RUN_ID: "1",
    GITHUB_OUTPUT: "output",
    GITHUB_STEP_SUMMARY: "summary",
    GITHUB_REPOSITORY: "o/r",
    RUNNER_TEMP: ".",
    IMAGE_DIGEST: `sha256:${"a".repeat(64)}`,
    EDGE_URL: "https://paridad.test",
    CLOUDFLARE_API_TOKEN: "t",
    CLOUDFLARE_ACCOUNT_ID: "a",
    CURRENT: "c".repeat(32),
  };

  /** A stack whose edge token is version c…, and whose worker is said to have another one. */
  const rotation = (workerHas: string, newest = "new"): Replies => [
    ["aws\\ secretsmanager\\ list-secret-version-ids*", JSON.stringify({ Versions: tokens(workerHas) })],
    ["aws\\ secretsmanager\\ put-secret-value*VersionId*", "d".repeat(32)],
    [
      "npx\\ wrangler\\ versions\\ list*",
      `[{"id":"old","metadata":{"created_on":"1"}},{"id":"${newest}","metadata":{"created_on":"2"}}]`,
    ],
    ["npx\\ wrangler\\ deployments\\ status*", '{"versions":[{"version_id":"new","percentage":100}]}'],
  ];
  const tokens = (workerHas: string) =>
    ["b", "c"].map((letter) => ({
      VersionId: letter.repeat(32),
      VersionStages: [letter === "c" ? "AWSCURRENT" : "AWSPREVIOUS", ...(letter === workerHas ? ["WORKER"] : [])],
    }));

  it.each(steps)("$name", async ({ name, run }) => {
    const replies = [...(name.startsWith("rotate") ? rotation("c") : []), ...REPLIES];
    const played = await recordCommands(`set -eo pipefail\n${run}`, { env, replies });
    expect(played.faults).toEqual([]);
    expect(played.code, played.stderr).toBe(0);
  });

  describe("rotate.yml", () => {
    const play = async (replies: Replies) => {
      const run = steps.filter(({ name }) => /^rotate.yml: (A new|Whether)/.test(name)).map(({ run }) => run);
      const { code, faults, calls } = await recordCommands(`set -eo pipefail\n${run.join("\n")}`, { env, replies });
      expect(faults).toEqual([]);
      const changes = /(put-secret-value|update-secret-version-stage|npm run|secret put) .*/;
      return { code, changes: calls.flatMap((call) => changes.exec(call.join(" "))?.[0].split(" --query")[0] ?? []) };
    };
    const [secret, stage] = [
      "--secret-id paridad/paridad-prd/edge-token",
      "--version-stage WORKER --move-to-version-id",
    ];
    const rotated = [
      "put-secret-value --secret-id paridad/paridad-prd/database-user --version-stages AWSPENDING --secret-string file:///dev/stdin",
      "npm run infra:migrate -- prd",
      `put-secret-value ${secret} --secret-string file:///dev/stdin`,
      "npm run infra:release -- prd --restart",
      "secret put EDGE_TOKEN --env prd",
      `update-secret-version-stage ${secret} ${stage} ${"d".repeat(32)} --remove-from-version-id ${"c".repeat(32)}`,
    ];

    it("says that the worker has the new token once Cloudflare has taken it", async () => {
      expect(await play(rotation("c"))).toEqual({ code: 0, changes: rotated });
    });

    it("takes it the first time that the worker has the current one, and says so before anything changes", async () => {
      const first = `update-secret-version-stage ${secret} ${stage} ${"c".repeat(32)}`;
      expect(await play(rotation(""))).toEqual({ code: 0, changes: [first, ...rotated] });
    });

    it.each([
      ["the worker has the token before: another would take it from the origin", rotation("b")],
      ["the newest version does not run: Cloudflare takes no secret then", rotation("c", "bad")],
    ])("changes nothing while %s", async (_case, replies) => {
      expect(await play(replies)).toEqual({ code: 1, changes: [] });
    });
  });
});

describe("what is refused", () => {
  it.each([
    [["aws", "rds", "failover-db-cluster", "--cluster", "c"], "aws rds failover-db-cluster --cluster is not known"],
    [["aws", "kms", "replicate-key", "--key-id", "k"], "aws kms replicate-key lacks --replica-region"],
    [
      ["aws", "ec2", "describe-vpcs", "--filters", "Name=a,Value=b"],
      "aws ec2 describe-vpcs --filters [0] has no Value",
    ],
    [["aws", "backup", "list-copies"], "aws backup list-copies is not recorded: record-aws-model.py adds it"],
    [["npx", "wrangler", "rollback", "--enviroment", "prd"], "wrangler rollback has no --enviroment"],
    [["npx", "wrangler", "secrets", "put", "A"], "wrangler secrets put A is no command"],
    [["npm", "run", "infra:restore"], "there is no script infra:restore"],
    [["npm", "run", "infra:release", "--", "prd", "--digest", "d"], "infra:release has no --digest"],
  ])("%s", (line, fault) => {
    expect(commandFaults(line)).toContain(fault);
  });

  it("a name that a response has not", () => {
    const line = ["aws", "rds", "describe-db-clusters", "--query", "DBClusters[0].[DBSubnetGroup,DBParameterGroup]"];
    expect(commandFaults(line)).toEqual([
      "aws rds describe-db-clusters --query names DBParameterGroup, which rds.DBCluster has not",
    ]);
  });
});
