import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface RegistryArgs {
  prefix: string;
  kmsKeyArn: pulumi.Input<string>;
  protect: boolean;
  accountId: pulumi.Input<string>;
  region: string;
  /** Another stack's repository to take images from. */
  existing: string | undefined;
  /** Where images are copied to when they are pushed. */
  replicaRegion: string | undefined;
}

/** Where the origin's images live: a tag never moves, every push is scanned, old images go. */
export class Registry extends pulumi.ComponentResource {
  readonly repositoryUrl: pulumi.Output<string>;
  readonly repositoryArn: pulumi.Output<string>;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Registry", name, {}, opts);
    const repository = new aws.ecr.Repository(
      `${args.prefix}-origin`,
      {
        name: `${args.prefix}/origin`,
        imageTagMutability: "IMMUTABLE",
        // Images can be built again; a repository that holds some would otherwise stop a destroy half-way.
        forceDelete: true,
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.kmsKeyArn }],
      },
      { parent: this, protect: args.protect },
    );
    new aws.ecr.LifecyclePolicy(
      `${args.prefix}-origin`,
      {
        repository: repository.name,
        policy: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: "Images without a tag go after a week",
              selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
              action: { type: "expire" },
            },
            {
              rulePriority: 2,
              description: "The last 50 releases stay, so that any of them can be rolled back to",
              selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 50 },
              action: { type: "expire" },
            },
          ],
        }),
      },
      { parent: this },
    );
    if (args.replicaRegion !== undefined) {
      new aws.ecr.ReplicationConfiguration(
        `${args.prefix}-origin`,
        {
          replicationConfiguration: {
            rules: [
              {
                destinations: [{ region: args.replicaRegion, registryId: args.accountId }],
                repositoryFilters: [{ filter: args.prefix, filterType: "PREFIX_MATCH" }],
              },
            ],
          },
        },
        { parent: this },
      );
    }
    this.repositoryUrl = args.existing
      ? pulumi.interpolate`${args.accountId}.dkr.ecr.${args.region}.amazonaws.com/${args.existing}`
      : repository.repositoryUrl;
    this.repositoryArn = args.existing
      ? pulumi.interpolate`arn:aws:ecr:${args.region}:${args.accountId}:repository/${args.existing}`
      : repository.arn;
    this.registerOutputs({});
  }
}
