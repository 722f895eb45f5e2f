import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Bucket } from "../audit/bucket.ts";

export interface EdgeTrustArgs {
  /** The certificate, as PEM, of the authority that signed the worker's own. */
  clientCa: string;
  forceDestroy: boolean;
}

/** Whom the load balancer takes for our edge: the addresses that it admits are those of all of Cloudflare's customers. */
export function edgeTrust(prefix: string, args: EdgeTrustArgs, opts: pulumi.ResourceOptions): aws.lb.TrustStore {
  const bucket = new Bucket(
    `${prefix}-edge-ca`,
    { keepDays: 3_653, objectLock: false, forceDestroy: args.forceDestroy, statements: () => [] },
    opts,
  );
  const bundle = new aws.s3.BucketObjectv2(
    `${prefix}-edge-ca`,
    { bucket: bucket.name, key: "edge-ca.pem", content: args.clientCa, contentType: "application/x-pem-file" },
    opts,
  );
  return new aws.lb.TrustStore(
    `${prefix}-edge`,
    {
      name: `${prefix}-edge`,
      caCertificatesBundleS3Bucket: bundle.bucket,
      caCertificatesBundleS3Key: bundle.key,
      caCertificatesBundleS3ObjectVersion: bundle.versionId,
    },
    opts,
  );
}
