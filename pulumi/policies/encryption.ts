import { type GraphResource, ofType } from "../graph.ts";
import { isSet, list, object, type Rule, unless } from "./rule.ts";

/** By type: whether a resource that keeps data keeps it encrypted. */
const encrypted: Record<string, (inputs: Record<string, unknown>) => boolean> = {
  "aws:rds/cluster:Cluster": (inputs) => inputs.storageEncrypted === true && isSet(inputs.kmsKeyId),
  "aws:rds/clusterInstance:ClusterInstance": (inputs) =>
    inputs.performanceInsightsEnabled !== true || isSet(inputs.performanceInsightsKmsKeyId),
  "aws:ec2/launchTemplate:LaunchTemplate": (inputs) => {
    const disks = list(inputs.blockDeviceMappings);
    return disks.length > 0 && disks.every(({ ebs }) => isTrue(object(ebs).encrypted) && isSet(object(ebs).kmsKeyId));
  },
  "aws:ebs/volume:Volume": (inputs) => isTrue(inputs.encrypted) && isSet(inputs.kmsKeyId),
  "aws:cloudwatch/logGroup:LogGroup": (inputs) => isSet(inputs.kmsKeyId),
  "aws:sns/topic:Topic": (inputs) => isSet(inputs.kmsMasterKeyId),
  "aws:sqs/queue:Queue": (inputs) => isSet(inputs.kmsMasterKeyId),
  "aws:secretsmanager/secret:Secret": (inputs) => isSet(inputs.kmsKeyId),
  "aws:backup/vault:Vault": (inputs) => isSet(inputs.kmsKeyArn),
  "aws:cloudtrail/trail:Trail": (inputs) => isSet(inputs.kmsKeyId),
  "aws:ecr/repository:Repository": (inputs) =>
    list(inputs.encryptionConfigurations).some(({ encryptionType }) => encryptionType === "KMS"),
};

export const encryptedStorage: Rule = {
  name: "encrypted-storage",
  description:
    "Everything that keeps data keeps it encrypted: databases, disks, buckets, logs, queues, secrets, images, backups.",
  check(graph) {
    const configurations = ofType(
      graph,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    const isEncryptedBucket = (bucket: GraphResource) =>
      configurations.some(
        ({ inputs }) =>
          inputs.bucket === bucket.id &&
          list(inputs.rules).some(({ applyServerSideEncryptionByDefault: by }) => isSet(object(by).sseAlgorithm)),
      );
    return [
      ...unless(
        graph.resources.filter(({ type }) => encrypted[type] !== undefined),
        ({ type, inputs }) => encrypted[type]?.(inputs) ?? true,
        "keeps data that is not encrypted under a named key",
      ),
      ...unless(ofType(graph, "aws:s3/bucket:Bucket"), isEncryptedBucket, "has no encryption of its own"),
    ];
  },
};

export const rotatingKeys: Rule = {
  name: "rotating-keys",
  description: "Keys rotate and cannot be deleted at once.",
  check: (graph) =>
    unless(
      ofType(graph, "aws:kms/key:Key"),
      ({ inputs }) => inputs.enableKeyRotation === true && Number(inputs.deletionWindowInDays ?? 30) >= 7,
      "does not rotate",
    ),
};

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}
