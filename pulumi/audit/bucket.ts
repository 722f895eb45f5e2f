import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Keeping } from "../data/keys.ts";
import { policyDocument, type Statement } from "../iam.ts";

export interface BucketArgs {
  /** Without a key the bucket encrypts with S3's own: load balancers cannot write logs under a customer's. */
  kmsKeyArn?: pulumi.Input<string>;
  keepDays: number;
  /** Objects cannot be erased before they expire. Only possible from the bucket's creation on. */
  objectLock: boolean;
  /** A stack that is thrown away takes its logs with it. */
  forceDestroy: boolean;
  /** Pulumi hands neither on to a component's children by itself. */
  keeping?: Keeping;
  statements(bucketArn: pulumi.Output<string>): Statement[];
}

/** A private, encrypted, versioned bucket for logs that answers over TLS only. */
export class Bucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  /** What writes logs must wait for this, or its first write is refused. */
  readonly policy: aws.s3.BucketPolicy;

  constructor(name: string, args: BucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Bucket", name, {}, opts);
    const child = { parent: this, ...args.keeping };
    const bucket = new aws.s3.Bucket(
      name,
      { objectLockEnabled: args.objectLock, forceDestroy: args.forceDestroy },
      child,
    );
    this.name = bucket.bucket;

    const block = new aws.s3.BucketPublicAccessBlock(
      `${name}-private`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-owner`,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: bucket.id,
        rules: [
          {
            applyServerSideEncryptionByDefault: args.kmsKeyArn
              ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.kmsKeyArn }
              : { sseAlgorithm: "AES256" },
            bucketKeyEnabled: args.kmsKeyArn !== undefined,
          },
        ],
      },
      child,
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versions`,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-life`,
      {
        bucket: bucket.id,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: {},
            expiration: { days: args.keepDays },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      { ...child, dependsOn: [versioning] },
    );
    if (args.objectLock) {
      new aws.s3.BucketObjectLockConfiguration(
        `${name}-lock`,
        { bucket: bucket.id, rule: { defaultRetention: { mode: "COMPLIANCE", days: args.keepDays } } },
        { ...child, dependsOn: [versioning] },
      );
    }
    this.policy = new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.id,
        policy: policyDocument([
          {
            sid: "TlsOnly",
            effect: "Deny",
            actions: ["s3:*"],
            resources: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
            principals: "*",
            conditions: { Bool: { "aws:SecureTransport": "false" } },
          },
          ...args.statements(bucket.arn),
        ]),
      },
      { ...child, dependsOn: [block] },
    );
    this.registerOutputs({});
  }
}
