import type * as pulumi from "@pulumi/pulumi";

/** What an operator or a pipeline needs to know of a stack; no secret is among it. */
export interface PlatformOutputs {
  originUrl: string;
  /** What a preview must be given, or it would show another release. */
  imageDigest: string | undefined;
  repositoryUrl: pulumi.Output<string>;
  autoScalingGroup: string;
  migrationProject: pulumi.Output<string>;
  /** EXTERNAL_ISSUER of the worker; undefined without Cognito. */
  externalIssuer: pulumi.Output<string> | undefined;
  /** Where the database's copies are, in the recovery region. */
  recoveryVault: pulumi.Output<string> | undefined;
}
