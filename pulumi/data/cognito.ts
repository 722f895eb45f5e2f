import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { SCOPES } from "#core/auth/scopes.ts";

export interface CognitoArgs {
  prefix: string;
  region: string;
  protect: boolean;
}

/** What our scopes begin with in this pool's tokens. */
const resourceServer = "paridad";

/**
 * An issuer of access tokens besides the origin, for machines of a customer that has Cognito: a pool without people, our
 * scopes, and one client. Its tokens name no audience, so that `token_use` tells them from ID tokens.
 */
export class Cognito extends pulumi.ComponentResource {
  /** EXTERNAL_ISSUER of origin and worker. */
  readonly externalIssuer: pulumi.Output<string>;

  constructor(name: string, args: CognitoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Cognito", name, {}, opts);
    const { prefix, region, protect } = args;
    const child = { parent: this };
    const pool = new aws.cognito.UserPool(
      `${prefix}-machines`,
      {
        name: `${prefix}-machines`,
        deletionProtection: protect ? "ACTIVE" : "INACTIVE",
        adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      },
      { ...child, protect },
    );
    const server = new aws.cognito.ResourceServer(
      `${prefix}-api`,
      {
        name: "Paridad",
        identifier: resourceServer,
        userPoolId: pool.id,
        scopes: Object.entries(SCOPES).map(([scopeName, scopeDescription]) => ({ scopeName, scopeDescription })),
      },
      child,
    );
    new aws.cognito.UserPoolDomain(`${prefix}-machines`, { domain: `${prefix}-machines`, userPoolId: pool.id }, child);
    new aws.cognito.UserPoolClient(
      `${prefix}-first`,
      {
        name: `${prefix}-first`,
        userPoolId: pool.id,
        generateSecret: true,
        allowedOauthFlows: ["client_credentials"],
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthScopes: server.scopeIdentifiers,
        accessTokenValidity: 10,
        tokenValidityUnits: { accessToken: "minutes" },
        enableTokenRevocation: true,
      },
      child,
    );
    const issuer = pulumi.interpolate`https://cognito-idp.${region}.amazonaws.com/${pool.id}`;
    this.externalIssuer = issuer.apply((url) =>
      JSON.stringify({
        name: "cognito",
        issuer: url,
        jwks_url: `${url}/.well-known/jwks.json`,
        algorithms: ["RS256"],
        claims: { token_use: "access" },
        scope_prefix: `${resourceServer}/`,
      }),
    );
    this.registerOutputs({});
  }
}
