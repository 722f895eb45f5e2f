import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { SECRET_NAMES, SECRET_USES, type SecretUse } from "./secret-names.ts";

export interface SecretsArgs {
  prefix: string;
  kmsKeyArn: pulumi.Input<string>;
  /** How long a deleted secret can be brought back, and its name stays taken; 0: not at all. */
  recoveryDays: number;
  protect: boolean;
  /** Where each secret has a replica, and under which key: with its region a secret would be lost. */
  replica: { region: string; kmsKeyArn: pulumi.Input<string> } | undefined;
}

/**
 * The secrets' names, places and key, not their values: an operator puts those with `aws secretsmanager
 * put-secret-value`, so that they are never in Pulumi's state. Secrets Manager keeps the version before the current
 * one, which is how two edge tokens are valid at once while one takes over from the other.
 */
export class Secrets extends pulumi.ComponentResource {
  readonly edgeToken: aws.secretsmanager.Secret;
  readonly tokenKeys: aws.secretsmanager.Secret;
  readonly deliverToken: aws.secretsmanager.Secret;
  readonly webhookKey: aws.secretsmanager.Secret;
  readonly metricsToken: aws.secretsmanager.Secret;
  readonly sentryDsn: aws.secretsmanager.Secret;
  /** The database user of the service, which may read, add and change rows, and delete none. */
  readonly databaseUser: aws.secretsmanager.Secret;

  constructor(name: string, args: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Secrets", name, {}, opts);
    const secret = (use: SecretUse) =>
      new aws.secretsmanager.Secret(
        `${args.prefix}-${use}`,
        {
          name: `paridad/${args.prefix}/${use}`,
          description: SECRET_USES[use],
          kmsKeyId: args.kmsKeyArn,
          recoveryWindowInDays: args.recoveryDays,
          replicas: args.replica && [{ region: args.replica.region, kmsKeyId: args.replica.kmsKeyArn }],
        },
        { parent: this, protect: args.protect },
      );
    const made = new Map(SECRET_NAMES.map((use) => [use, secret(use)]));
    const of = (use: SecretUse) => made.get(use) as aws.secretsmanager.Secret;
    this.edgeToken = of("edge-token");
    this.tokenKeys = of("token-keys");
    this.deliverToken = of("deliver-token");
    this.webhookKey = of("webhook-key");
    this.metricsToken = of("metrics-token");
    this.sentryDsn = of("sentry-dsn");
    this.databaseUser = of("database-user");
    this.registerOutputs({});
  }
}
