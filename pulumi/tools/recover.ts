import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SECRET_NAMES } from "../data/secret-names.ts";
import { readStackFile, stackConfig, stackNames, writeStackFile } from "../plan/stack-file.ts";
import { type Aws, AwsError, awsCli, awsCliWithInput, run } from "./aws.ts";
import { HELP, readStack, runMain } from "./main.ts";
import { runMigration } from "./migration.ts";
import { recoveryConfig } from "./recovery-config.ts";

const usage = `Usage: npm run infra:recover -- <${stackNames().join("|")}> [--as dr] [--secrets-provider awskms://…] [--plan]
Builds a stack that has lost its region again in its recovery region: from the newest copy of the database, which it
migrates, with the replicated image and secrets, under another name. Prints how long each step took, and what is left to do by hand.
--plan           says what it would take and writes the new stack's file, but builds nothing`;

const options = {
  as: { type: "string", default: "dr" },
  "secrets-provider": { type: "string" },
  folder: { type: "string", default: fileURLToPath(new URL("..", import.meta.url)) },
  plan: { type: "boolean", default: false },
  "poll-seconds": { type: "string", default: "10" },
  ...HELP,
} as const;

async function main(argv: string[]): Promise<number> {
  const given = readStack(argv, usage, options);
  if (given.stack === undefined) return given.code;
  const { stack: lost, values } = given;
  const stack = values.as;
  const config = stackConfig(lost);
  const region = config["paridad:recoveryRegion"] ?? "us-west-2";
  const aws = awsCli(region);
  const [snapshot, image] = await Promise.all([newestCopy(aws, lost), newestImage(aws, lost)]);
  console.log(`${lost} → ${stack} in ${region}: database of ${snapshot.made}, image ${image}`);
  const path = `${values.folder}/Pulumi.${stack}.yaml`;
  // Pulumi keeps which key encrypts the stack's secrets beside the configuration.
  const saved = existsSync(path) ? readStackFile(path) : {};
  writeStackFile(path, { ...saved, config: recoveryConfig(config, lost, region, snapshot.arn) });
  if (values.plan) return 0;

  const began = Date.now();
  const step = async (what: string, isDone: Promise<boolean>): Promise<void> => {
    if (!(await isDone)) throw new Error(`${what} failed; run this again once it is mended: what is built stays`);
    console.log(`${what}: done after ${Math.round((Date.now() - began) / 1_000)} s`);
  };
  const pulumi = (what: string, args: string[], digest: string): Promise<void> => {
    const options = { cwd: values.folder, env: { PARIDAD_IMAGE_DIGEST: digest }, terminal: true };
    return step(
      what,
      run("pulumi", args, options).then(({ code }) => code === 0),
    );
  };
  const provider = values["secrets-provider"] ? ["--secrets-provider", values["secrets-provider"]] : [];
  await pulumi("a stack", ["stack", "select", "--create", stack, ...provider], "none");
  const up = ["up", "--stack", stack, "--policy-pack", "policies", "--yes", "--non-interactive"];
  await pulumi("the database and all around it", up, "none");
  for (const name of SECRET_NAMES)
    await copySecret(region, `paridad/paridad-${lost}/${name}`, `paridad/paridad-${stack}/${name}`);
  // The copy may be of before the image's last migrations, and the service's user may run none.
  await step("the migrations", runMigration(aws, stack, image, Number(values["poll-seconds"])));
  await pulumi("the instances", up, image);
  console.log(`Left to do, in this order (docs/runbooks/region-loss.md):
  1. declare the database restored, on an instance
  2. ORIGIN_URL = "https://${hostOf(path)}" in wrangler.toml, npx wrangler deploy --env ${lost}
  3. read everything again, replay dead letters, smoke test`);
  return 0;
}

function hostOf(path: string): string {
  const { config } = readStackFile(path) as { config: { "paridad:edge": { host: string } } };
  return config["paridad:edge"].host;
}

async function newestCopy(aws: Aws, lost: string): Promise<{ arn: string; made: string }> {
  const { BackupVaultList } = (await aws("backup", "list-backup-vaults")) as {
    BackupVaultList: { BackupVaultName: string }[];
  };
  const vault = BackupVaultList.find(({ BackupVaultName }) => BackupVaultName.startsWith(`paridad-${lost}-recovery`));
  if (!vault) throw new Error(`there is no vault of ${lost} in its recovery region`);
  const { RecoveryPoints } = (await aws(
    "backup",
    "list-recovery-points-by-backup-vault",
    ...["--backup-vault-name", vault.BackupVaultName],
  )) as { RecoveryPoints: { RecoveryPointArn: string; Status: string; CreationDate: string }[] };
  const [newest] = RecoveryPoints.filter(({ Status }) => Status === "COMPLETED").sort(
    (a, b) => Date.parse(b.CreationDate) - Date.parse(a.CreationDate),
  );
  if (!newest) throw new Error(`${vault.BackupVaultName} holds no copy that is complete`);
  return { arn: newest.RecoveryPointArn, made: newest.CreationDate };
}

async function newestImage(aws: Aws, lost: string): Promise<string> {
  const { imageDetails } = (await aws("ecr", "describe-images", "--repository-name", `paridad-${lost}/origin`)) as {
    imageDetails: { imageDigest: string; imagePushedAt: string }[];
  };
  const [newest] = imageDetails.sort((a, b) => Date.parse(b.imagePushedAt) - Date.parse(a.imagePushedAt));
  if (!newest) throw new Error(`paridad-${lost}/origin has no image in the recovery region`);
  return newest.imageDigest;
}

/** By standard input, so that no secret is an argument that other processes can read. */
async function copySecret(region: string, from: string, to: string): Promise<void> {
  const { SecretString } = await secretValue(region, from);
  const put = ["secretsmanager", "put-secret-value", "--secret-id", to, "--secret-string", "file:///dev/stdin"];
  await awsCliWithInput(region, SecretString, ...put);
}

/** A secret without a value is off, as - is. */
async function secretValue(region: string, id: string): Promise<{ SecretString: string }> {
  const reading = awsCli(region)("secretsmanager", "get-secret-value", "--secret-id", id);
  return (await reading.catch((error: unknown) => {
    if (error instanceof AwsError && error.code === "ResourceNotFoundException") return { SecretString: "-" };
    throw error;
  })) as { SecretString: string };
}

await runMain(main);
