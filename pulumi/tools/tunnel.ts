import { parseArgs } from "node:util";
import { stackConfig, stackNames } from "../plan/stack-file.ts";
import { awsCli, run } from "./aws.ts";
import { findFleet } from "./fleet.ts";
import { runMain } from "./main.ts";

const usage = `Usage: npm run infra:tunnel -- <${stackNames().join("|")}> <origin|mysql> [--port PORT] [--cluster NAME]
Opens a port of this machine to an instance's origin, or through an instance to Aurora's writer, by Session Manager:
no other way in is open to operators. Needs the CLI's session-manager-plugin; ends with Ctrl-C.
origin  http://127.0.0.1:18788    mysql  127.0.0.1:13306
--cluster        with mysql, another cluster of the same network: one that was restored beside the stack's own`;

const localPorts = { origin: "18788", mysql: "13306" } as const;

const options = {
  port: { type: "string" },
  cluster: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

async function main(argv: string[]): Promise<number> {
  const { positionals, values } = parseArgs({ args: argv, allowPositionals: true, options });
  const [stack = "", what = ""] = positionals;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length !== 2 || !stackNames().includes(stack) || !(what === "origin" || what === "mysql")) {
    console.error(usage);
    return 2;
  }
  const region = stackConfig(stack)["aws:region"] ?? "";
  const aws = awsCli(region);
  const instance = (await findFleet(aws, stack))?.instances[0];
  if (instance === undefined) {
    console.error(`${stack} has no instance in service to go through.`);
    return 1;
  }
  const localPortNumber = values.port ?? localPorts[what];
  const [document, parameters] =
    what === "origin"
      ? ["AWS-StartPortForwardingSession", { portNumber: ["8788"], localPortNumber: [localPortNumber] }]
      : [
          "AWS-StartPortForwardingSessionToRemoteHost",
          {
            host: [await writerHost(aws, values.cluster ?? `paridad-${stack}`)],
            portNumber: ["3306"],
            localPortNumber: [localPortNumber],
          },
        ];
  const session = ["--target", instance, "--document-name", document, "--parameters", JSON.stringify(parameters)];
  const { code, stderr } = await run("aws", ["ssm", "start-session", ...session, "--region", region], {
    terminal: true,
  });
  if (stderr) console.error(stderr);
  return code;
}

async function writerHost(aws: ReturnType<typeof awsCli>, name: string): Promise<string> {
  const { DBClusters } = (await aws("rds", "describe-db-clusters", "--db-cluster-identifier", name)) as {
    DBClusters: { Endpoint: string }[];
  };
  const [cluster] = DBClusters;
  if (!cluster) throw new Error(`there is no database ${name}`);
  return cluster.Endpoint;
}

await runMain(main);
