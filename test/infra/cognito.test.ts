import { expect, it } from "vitest";
import { externalIssuer } from "#core/auth/issuers.ts";
import { ALL_SCOPES } from "#core/auth/scopes.ts";
import { all, graphOf, one } from "./graphs.ts";

it("is not there unless it is asked for", async () => {
  const graph = await graphOf("prd");
  expect(graph.resources.filter(({ type }) => type.startsWith("aws:cognito"))).toEqual([]);
  expect(userData(graph)).toContain(`printf "EXTERNAL_ISSUER='%s'\\n" ''`);
});

it("has our scopes, one client for machines, and nobody who could sign up", async () => {
  const graph = await graphOf("prd", { service: { cognito: true } });
  expect(one(graph, "aws:cognito/userPool:UserPool").inputs).toMatchObject({
    deletionProtection: "ACTIVE",
    adminCreateUserConfig: { allowAdminCreateUserOnly: true },
  });
  const { scopes } = one(graph, "aws:cognito/resourceServer:ResourceServer").inputs as {
    scopes: { scopeName: string }[];
  };
  expect(scopes.map(({ scopeName }) => scopeName)).toEqual(ALL_SCOPES);
  // What a resource server's scope may be called.
  for (const { scopeName } of scopes) expect(scopeName).toMatch(/^[\x21\x23-\x2e\x30-\x5b\x5d-\x7e]{1,256}$/);
  expect(all(graph, "aws:cognito/userPoolClient:UserPoolClient").map(({ inputs }) => inputs.allowedOauthFlows)).toEqual(
    [["client_credentials"]],
  );
});

it("is the issuer that the origin is told of", async () => {
  const text = userData(await graphOf("prd", { service: { cognito: true } }));
  const [, json = ""] = /EXTERNAL_ISSUER='%s'\\n" '(.*)'/.exec(text) ?? [];
  expect(externalIssuer(json).issuer).toMatchObject({
    name: "cognito",
    claims: { token_use: "access" },
    scopePrefix: "paridad/",
    algorithms: ["RS256"],
  });
});

function userData(graph: Awaited<ReturnType<typeof graphOf>>): string {
  return Buffer.from(String(one(graph, "aws:ec2/launchTemplate:LaunchTemplate").inputs.userData), "base64").toString();
}
