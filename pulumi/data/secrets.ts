import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

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
    const secret = (use: string, description: string) =>
      new aws.secretsmanager.Secret(
        `${args.prefix}-${use}`,
        {
          name: `paridad/${args.prefix}/${use}`,
          description,
          kmsKeyId: args.kmsKeyArn,
          recoveryWindowInDays: args.recoveryDays,
          replicas: args.replica && [{ region: args.replica.region, kmsKeyId: args.replica.kmsKeyArn }],
        },
        { parent: this, protect: args.protect },
      );
    this.edgeToken = secret("edge-token", "Bearer token between worker and origin; the previous version stays valid");
    this.tokenKeys = secret("token-keys", "Keys that sign access tokens; no value, or -, turns the private API off");
    this.deliverToken = secret("deliver-token", "Bearer token of the delivering worker; no value, or -: no webhooks");
    this.webhookKey = secret("webhook-key", "Key that webhooks' secrets are stored under; no value, or -: no webhooks");
    this.metricsToken = secret("metrics-token", "What GET /metrics requires; no value, or -, turns it off");
    this.sentryDsn = secret("sentry-dsn", "Where the origin reports errors; the value - turns reports off");
    this.databaseUser = secret("database-user", "Password of the service's own database user");
    // The worker alone asks Banxico; its token is kept here so that the edge's deployment can take it from one place.
    secret("banxico-token", "Token of the Banxico SIE API, for the worker");
    this.registerOutputs({});
  }
}
