import { AwsError } from "../aws.ts";
import { type Check, expectThat, note, ok, problem } from "./check.ts";

interface Tag {
  Key: string;
  Value: string;
}

const placeholders: Check = {
  name: "settings",
  run: async ({ settings }) => {
    const { edge, observability } = settings;
    const given = [edge.zone, edge.host, edge.publicHost ?? "", ...observability.emails];
    const left = given.filter((value) => /(^|[@.])example\.(com|org|net)$/.test(value));
    return [expectThat(left.length === 0, "no example is left", `still an example: ${left.join(", ")}`)];
  },
};

const ownAccount: Check = {
  name: "account",
  async run({ home, settings, accountId }) {
    const { Vpcs } = (await home("ec2", "describe-vpcs", "--filters", "Name=tag:Project,Values=paridad")) as {
      Vpcs: { Tags?: Tag[] }[];
    };
    const stacks = Vpcs.flatMap(({ Tags = [] }) => Tags.filter(({ Key }) => Key === "Stack").map(({ Value }) => Value));
    const others = stacks.filter((stack) => stack !== settings.stack);
    return [
      expectThat(
        others.length === 0,
        `${accountId} is this stack's own`,
        `${accountId} holds ${others.join(", ")}: detectors, trail and delegated zone are one an account`,
      ),
    ];
  },
};

const detector: Check = {
  name: "GuardDuty",
  async run({ home, settings }) {
    if (!settings.audit.guardDuty) return [ok("this stack makes no detector")];
    const { DetectorIds } = (await home("guardduty", "list-detectors")) as { DetectorIds: string[] };
    const [id] = DetectorIds;
    if (id === undefined) return [ok("no detector yet")];
    const { Tags } = (await home("guardduty", "get-detector", "--detector-id", id)) as {
      Tags?: Record<string, string>;
    };
    return [
      expectThat(
        Tags?.Stack === settings.stack,
        "the detector is this stack's",
        `detector ${id} is there already and a region has one: set audit.guardDuty to false, or \`pulumi import\` it`,
      ),
    ];
  },
};

const recorder: Check = {
  name: "AWS Config",
  async run({ home, settings }) {
    if (!settings.audit.recorder) return [ok("this stack makes no recorder")];
    const { ConfigurationRecorders } = (await home("configservice", "describe-configuration-recorders")) as {
      ConfigurationRecorders: { name: string }[];
    };
    const others = ConfigurationRecorders.map(({ name }) => name).filter(
      (name) => name !== `paridad-${settings.stack}`,
    );
    return [
      expectThat(
        others.length === 0,
        "no recorder of somebody else's",
        `recorder ${others.join(", ")} is there already and a region has one: set audit.recorder and audit.securityHub to false, or \`pulumi import\` it`,
      ),
    ];
  },
};

const delegation: Check = {
  name: "delegation",
  async run({ home, settings, nameServers }) {
    const { zone } = settings.edge;
    const { HostedZones } = (await home("route53", "list-hosted-zones-by-name", "--dns-name", zone)) as {
      HostedZones: { Id: string; Name: string; Config?: { PrivateZone?: boolean } }[];
    };
    const found = HostedZones.filter(({ Name, Config }) => Name === `${zone}.` && !Config?.PrivateZone);
    const [hosted] = found;
    if (!hosted) return [problem(`Route 53 of this account has no public zone ${zone}`)];
    if (found.length > 1) return [problem(`Route 53 has ${found.length} zones ${zone}: only one can be delegated to`)];
    const { DelegationSet } = (await home("route53", "get-hosted-zone", "--id", hosted.Id)) as {
      DelegationSet: { NameServers: string[] };
    };
    if (!nameServers)
      return [note(`${zone} should be delegated to ${DelegationSet.NameServers.join(", ")}: not looked up`)];
    const bare = (names: string[]) => names.map((name) => name.toLowerCase().replace(/\.$/, "")).sort();
    const told = bare(await nameServers(zone).catch(() => []));
    const right = bare(DelegationSet.NameServers);
    return [
      expectThat(
        told.join() === right.join(),
        `${zone} is delegated to this account`,
        `${zone} is delegated to ${told.join(", ") || "nobody"}, not to ${right.join(", ")}: the certificate would never be issued`,
      ),
    ];
  },
};

const subject: Check = {
  name: "GitHub's subject",
  async run({ home, subject: expected }) {
    const { Role } = (await home("iam", "get-role", "--role-name", "paridad-deploy")) as {
      Role: { AssumeRolePolicyDocument: unknown };
    };
    const trusted = /token\.actions\.githubusercontent\.com:sub":\s*"([^"]*)"/.exec(
      JSON.stringify(Role.AssumeRolePolicyDocument),
    )?.[1];
    if (trusted === undefined)
      return [problem("paridad-deploy does not ask for a subject: any repository could take it on")];
    if (trusted.includes("*")) return [problem(`paridad-deploy trusts ${trusted}, which is more than one environment`)];
    if (expected !== undefined) {
      return [
        expectThat(
          trusted === expected,
          `paridad-deploy trusts ${trusted}`,
          `paridad-deploy trusts ${trusted}, and GitHub sends ${expected}`,
        ),
      ];
    }
    return [
      /^repo:[^@]+:environment:/.test(trusted)
        ? note(
            `paridad-deploy trusts ${trusted}: repositories made or renamed since 15 July 2026 send ids too (--subject)`,
          )
        : ok(`paridad-deploy trusts ${trusted}`),
    ];
  },
};

const boundary: Check = {
  name: "boundary",
  run: async ({ home, settings, accountId }) => {
    const arn = `arn:aws:iam::${accountId}:policy/${settings.permissionsBoundary}`;
    await home("iam", "get-policy", "--policy-arn", arn);
    return [ok(arn)];
  },
};

const autoScaling: Check = {
  name: "Auto Scaling",
  run: async ({ home }) => {
    const found = await home("iam", "get-role", "--role-name", "AWSServiceRoleForAutoScaling").then(
      () => true,
      (error: unknown) => {
        if (error instanceof AwsError && error.code === "NoSuchEntity") return false;
        throw error;
      },
    );
    return [
      expectThat(
        found,
        "its role is there",
        "its role is not there, and the volumes' key names it: `aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com`",
      ),
    ];
  },
};

const takenNames: Check = {
  name: "names",
  async run({ home, settings }) {
    const prefix = `paridad-${settings.stack}`;
    const { SecretList } = (await home(
      "secretsmanager",
      "list-secrets",
      ...["--include-planned-deletion", "--filters", `Key=name,Values=paridad/${prefix}/`],
    )) as { SecretList: { Name: string; DeletedDate?: string }[] };
    const going = SecretList.filter(({ DeletedDate }) => DeletedDate !== undefined).map(({ Name }) => Name);
    const snapshot = `${prefix}-final`;
    const isTaken = await home(
      "rds",
      "describe-db-cluster-snapshots",
      ...["--db-cluster-snapshot-identifier", snapshot],
    ).then(
      (found) => (found as { DBClusterSnapshots: unknown[] }).DBClusterSnapshots.length > 0,
      (error: unknown) => {
        if (error instanceof AwsError && error.code === "DBClusterSnapshotNotFoundFault") return false;
        throw error;
      },
    );
    return [
      expectThat(
        going.length === 0,
        "no secret is on its way out",
        `scheduled for deletion, so their names are taken: ${going.join(", ")} (docs/deploy.md, section 8)`,
      ),
      isTaken ? note(`a snapshot ${snapshot} is there: a destroy needs its name`) : ok(`${snapshot} is free`),
    ];
  },
};

const state: Check = {
  name: "state",
  async run({ home, accountId }) {
    const bucket = `paridad-state-${accountId}`;
    const { Status } = (await home("s3api", "get-bucket-versioning", "--bucket", bucket)) as { Status?: string };
    const replicated = await home("s3api", "get-bucket-replication", "--bucket", bucket).then(
      () => true,
      (error: unknown) => {
        if (error instanceof AwsError && error.code === "ReplicationConfigurationNotFoundError") return false;
        throw error;
      },
    );
    return [
      expectThat(Status === "Enabled", `${bucket} keeps versions`, `${bucket} keeps no versions`),
      replicated ? ok("and is replicated") : note(`${bucket} is not replicated: with its region the state is lost`),
    ];
  },
};

const costTag: Check = {
  name: "cost tag",
  async run({ home }) {
    const { CostAllocationTags } = (await home(
      "ce",
      "list-cost-allocation-tags",
      ...["--tag-keys", "Stack", "--status", "Active"],
    )) as { CostAllocationTags: unknown[] };
    return [
      CostAllocationTags.length > 0
        ? ok("Stack is active: the budget counts")
        : note("activate the tag Stack under Billing: until then the budget counts nothing"),
    ];
  },
};

/** What an account must hold, and what must not be in the way. */
export const accountChecks: readonly Check[] = [
  placeholders,
  ownAccount,
  boundary,
  autoScaling,
  subject,
  state,
  delegation,
  detector,
  recorder,
  takenNames,
  costTag,
];
