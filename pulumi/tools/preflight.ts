import { resolveNs } from "node:dns/promises";
import { readSettings } from "../config.ts";
import { placeholderDigest } from "../plan/collect.ts";
import { stackConfig, stackNames } from "../plan/stack-file.ts";
import { awsCli } from "./aws.ts";
import { accountChecks } from "./checks/account.ts";
import type { Check, CheckContext, Finding } from "./checks/check.ts";
import { regionChecks } from "./checks/region.ts";
import { workers } from "./checks/workers.ts";
import { HELP, readStack } from "./main.ts";

const usage = `Usage: npm run infra:preflight -- <${stackNames().join("|")}> [--subject SUBJECT] [--no-dns] [--json]
Asks an account, with the credentials of the AWS CLI, what would stop \`pulumi up\`: quotas, the engine's version, zones,
delegation, opt-ins, GitHub's subject, detectors and names that are taken; and compares the workers' settings with the stack's. It changes nothing.
--subject        what GitHub sends: the sub_claim_prefix of
                 \`gh api repos/OWNER/REPOSITORY/actions/oidc/customization/sub\` and ":environment:STACK"
--no-dns         does not look the zone up in public DNS`;

const options = {
  subject: { type: "string" },
  "no-dns": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  ...HELP,
} as const;

/** Runs one check; what cannot be asked is a problem too. */
async function findingsOf(check: Check, context: CheckContext): Promise<Finding[]> {
  try {
    return await check.run(context);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ level: "problem", text: `could not be checked: ${reason}` }];
  }
}

async function main(argv: string[]): Promise<number> {
  const given = readStack(argv, usage, options);
  if (given.stack === undefined) return given.code;
  const { stack, values } = given;
  const settings = readSettings(stack, { "paridad:imageDigest": placeholderDigest, ...stackConfig(stack) });
  const home = awsCli(settings.region);
  const { Account } = (await home("sts", "get-caller-identity")) as { Account: string };
  const context: CheckContext = {
    settings,
    home,
    recovery: awsCli(settings.recoveryRegion),
    accountId: Account,
    nameServers: values["no-dns"] ? undefined : resolveNs,
    subject: values.subject,
  };
  const checks = [...accountChecks, ...regionChecks, workers];
  const results = await Promise.all(
    checks.map(async (check) => ({ name: check.name, findings: await findingsOf(check, context) })),
  );
  if (values.json) console.log(JSON.stringify({ stack, account: Account, results }, null, 2));
  else for (const { name, findings } of results) for (const line of findings) print(name, line);
  const problems = results.flatMap(({ findings }) => findings).filter(({ level }) => level === "problem");
  if (!values.json) console.log(problems.length === 0 ? "Nothing stands in the way." : `${problems.length} problems.`);
  return problems.length === 0 ? 0 : 1;
}

function print(name: string, { level, text }: Finding): void {
  console.log(`${{ ok: "ok     ", note: "note   ", problem: "PROBLEM" }[level]} ${name.padEnd(16)} ${text}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
