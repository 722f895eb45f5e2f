import { parseArgs } from "node:util";
import { ConfigError } from "../config-values.ts";
import { rules } from "../policies/rules.ts";
import { collectGraph, placeholderDigest } from "./collect.ts";
import { monthlyCost, usages } from "./cost.ts";
import { priceDate, priceSource } from "./prices.ts";
import { printGraph } from "./print.ts";
import { stackConfig, stackNames } from "./stack-file.ts";

const usage = `Usage: npm run infra:plan -- <${stackNames().join("|")}> [--json] [--image sha256:…]
Prints what \`pulumi up\` would create for a stack, without an account. The plan is of a stack that has an image;
--image "" shows the first deployment, before there is one.`;

/** Prints the plan; returns the exit code: 1 when a policy is broken, 2 when the question makes no sense. */
async function main(argv: string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    console.log(usage);
    return 0;
  }
  const { positionals, values } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, image: { type: "string", default: placeholderDigest } },
  });
  const [stack] = positionals;
  if (stack === undefined || positionals.length > 1 || !stackNames().includes(stack)) {
    console.error(usage);
    return 2;
  }
  const image: Record<string, string> =
    values.image === "" ? { "paridad:firstDeployment": "true" } : { "paridad:imageDigest": values.image };
  const graph = await collectGraph(stack, { ...image, ...stackConfig(stack) });
  const violations = rules.flatMap((rule) => rule.check(graph).map((found) => ({ policy: rule.name, ...found })));
  if (values.json) {
    const cost = { currency: "USD", priceDate, priceSource, usages, lines: monthlyCost(graph) };
    process.stdout.write(`${JSON.stringify({ ...graph, violations, cost }, null, 2)}\n`);
  } else {
    console.log(printGraph(graph));
    console.log(`\nPolicies: ${rules.length} checked, ${violations.length} violations`);
    for (const { policy, message } of violations) console.log(`  ${policy}: ${message}`);
  }
  return violations.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
