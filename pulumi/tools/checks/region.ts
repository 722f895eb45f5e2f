import { interfaceServices } from "../../network/endpoints.ts";
import type { Aws } from "../aws.ts";
import { type Check, expectThat, note, ok, problem } from "./check.ts";

interface Quotas {
  Quotas: { QuotaName: string; Value: number }[];
}

const virtualCpus = 2;

const quotas: Check = {
  name: "quotas",
  async run({ home, settings }) {
    const { minInstances, maxInstances } = settings.service;
    const largest = Math.max(maxInstances, Math.ceil(minInstances * 1.5));
    const needed: [service: string, quota: RegExp, least: number, why: string][] = [
      [
        "ec2",
        /^Running On-Demand Standard/,
        largest * virtualCpus,
        `${largest} instances of ${virtualCpus} processors`,
      ],
      [
        "ec2",
        /^EC2-VPC Elastic IPs$/,
        settings.network.natGateways === "one" ? 1 : settings.network.zones.length,
        "an address for each NAT gateway",
      ],
      ["codebuild", /^Concurrently running builds for Linux\/Small/, 1, "migrations"],
    ];
    const findings = needed.map(async ([service, quota, least, why]) => {
      const { Quotas } = (await home("service-quotas", "list-service-quotas", "--service-code", service)) as Quotas;
      const found = Quotas.find(({ QuotaName }) => quota.test(QuotaName));
      if (!found) return note(`${service}: AWS names no quota like ${quota.source}; look at ${why} in the console`);
      return expectThat(
        found.Value >= least,
        `${found.QuotaName}: ${found.Value}`,
        `${found.QuotaName} is ${found.Value}, and ${why} need ${least}: ask AWS for more (Service Quotas)`,
      );
    });
    return Promise.all(findings);
  },
};

const engine: Check = {
  name: "engine",
  run: async ({ home, recovery, settings }) => {
    const wanted = settings.database.engineVersion;
    const offered = async (aws: Aws, where: string) => {
      const { DBEngineVersions } = (await aws("rds", "describe-db-engine-versions", "--engine", "aurora-mysql")) as {
        DBEngineVersions: { EngineVersion: string }[];
      };
      const versions = DBEngineVersions.map(({ EngineVersion }) => EngineVersion);
      return expectThat(
        versions.includes(wanted),
        `${wanted} is offered in ${where}`,
        `${wanted} is not offered in ${where}, which has ${versions.filter((name) => name.includes("aurora.3.")).join(", ")}`,
      );
    };
    return Promise.all([offered(home, settings.region), offered(recovery, settings.recoveryRegion)]);
  },
};

const zones: Check = {
  name: "zones",
  async run({ home, settings }) {
    const { instanceType } = settings.service;
    const names = settings.network.zones.map((letter) => `${settings.region}${letter}`);
    const { InstanceTypeOfferings } = (await home(
      "ec2",
      "describe-instance-type-offerings",
      ...["--location-type", "availability-zone"],
      ...["--filters", `Name=instance-type,Values=${instanceType}`],
    )) as { InstanceTypeOfferings: { Location: string }[] };
    const having = new Set(InstanceTypeOfferings.map(({ Location }) => Location));
    const missing = names.filter((name) => !having.has(name));
    const { OrderableDBInstanceOptions } = (await home(
      "rds",
      "describe-orderable-db-instance-options",
      ...["--engine", "aurora-mysql", "--engine-version", settings.database.engineVersion],
      ...["--db-instance-class", "db.serverless"],
    )) as { OrderableDBInstanceOptions: { AvailabilityZones: { Name: string }[] }[] };
    const serving = new Set(
      OrderableDBInstanceOptions.flatMap((each) => each.AvailabilityZones.map(({ Name }) => Name)),
    );
    const without = names.filter((name) => !serving.has(name));
    return [
      expectThat(
        missing.length === 0,
        `${instanceType} in ${names.join(", ")}`,
        `no ${instanceType} in ${missing.join(", ")}: choose other letters for network.zones of ${[...having].join(", ")}`,
      ),
      expectThat(
        without.length === 0,
        "Aurora Serverless v2 in each",
        `no Aurora Serverless v2 of this version in ${without.join(", ")}`,
      ),
    ];
  },
};

const endpoints: Check = {
  name: "endpoints",
  async run({ home, settings }) {
    if (settings.network.interfaceEndpoints === "none") return [ok("no interface endpoint is used")];
    const { ServiceDetails } = (await home(
      "ec2",
      "describe-vpc-endpoint-services",
      ...["--filters", "Name=service-type,Values=Interface"],
    )) as { ServiceDetails: { ServiceName: string; AvailabilityZones: string[] }[] };
    const names = settings.network.zones.map((letter) => `${settings.region}${letter}`);
    const lacking = Object.keys(interfaceServices).filter((name) => {
      const found = ServiceDetails.find(({ ServiceName }) => ServiceName.endsWith(`.${name}`));
      return !names.every((zone) => found?.AvailabilityZones.includes(zone));
    });
    return [expectThat(lacking.length === 0, "offered in each zone", `not in each zone: ${lacking.join(", ")}`)];
  },
};

const backupOptIn: Check = {
  name: "backup opt-in",
  async run({ home, recovery, settings }) {
    if (!settings.backup.copies) return [ok("this stack makes no copies")];
    const ask = async (aws: Aws, where: string) => {
      const { ResourceTypeOptInPreference } = (await aws("backup", "describe-region-settings")) as {
        ResourceTypeOptInPreference?: Record<string, boolean>;
      };
      return ResourceTypeOptInPreference?.Aurora === true
        ? ok(`Aurora is opted in to in ${where}`)
        : note(`Aurora is not opted in to in ${where}: the first \`up\` does it; after that it is a problem`);
    };
    return Promise.all([ask(home, settings.region), ask(recovery, settings.recoveryRegion)]);
  },
};

const logPolicies: Check = {
  name: "log policies",
  async run({ home }) {
    const { resourcePolicies } = (await home("logs", "describe-resource-policies")) as {
      resourcePolicies: { policyName: string }[];
    };
    return [
      resourcePolicies.length < 10 || resourcePolicies.some(({ policyName }) => policyName.startsWith("paridad-"))
        ? ok(`${resourcePolicies.length} of 10 resource policies`)
        : problem("all 10 resource policies of CloudWatch Logs are taken"),
    ];
  },
};

const sessions: Check = {
  name: "sessions",
  async run({ home }) {
    const { DocumentIdentifiers } = (await home(
      "ssm",
      "list-documents",
      ...["--filters", "Key=Name,Values=SSM-SessionManagerRunShell"],
    )) as { DocumentIdentifiers: { Tags?: { Key: string; Value: string }[] }[] };
    const [found] = DocumentIdentifiers;
    const ours = found?.Tags?.some(({ Key, Value }) => Key === "Project" && Value === "paridad") ?? true;
    return [
      expectThat(
        ours,
        "Session Manager's preferences are free or ours",
        "Session Manager's preferences are set already: `pulumi import` SSM-SessionManagerRunShell or delete it",
      ),
    ];
  },
};

/** What a region must offer. */
export const regionChecks: readonly Check[] = [quotas, engine, zones, endpoints, backupOptIn, logPolicies, sessions];
