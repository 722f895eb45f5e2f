import fc from "fast-check";
import { PRIVATE_TARGETS } from "./document.ts";
import { hostileHeaders, hostileText } from "./hostile.ts";
import type { FuzzRequest } from "./request.ts";

/** Requests to private endpoints with credentials that are none. */

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const SIGNATURE = "A".repeat(86);

function token(header: object, claims: object, signature = SIGNATURE): string {
  return `Bearer ${part(header)}.${part(claims)}.${signature}`;
}

const HEADER = { alg: "ES256", typ: "at+jwt", kid: "x" };
const LOCAL = { iss: "http://127.0.0.1:8787", aud: "http://127.0.0.1:8787", client_id: "x", scope: "keys:write" };

const AUTHORIZATIONS = [
  "",
  "Bearer",
  "Bearer ",
  "bearer x",
  "Bearer ..",
  "Bearer a.b.c",
  "Basic",
  "Basic Og==",
  "Basic !!!",
  `Basic ${Buffer.from("a:b").toString("base64")}`,
  `Basic ${Buffer.from("%zz:%").toString("base64")}`,
  `Basic ${Buffer.from("\u0000:\u00ff").toString("base64")}`,
  "Digest username=a",
  token(HEADER, LOCAL),
  token({ ...HEADER, alg: "none" }, LOCAL, ""),
  token({ ...HEADER, kid: 5 }, LOCAL),
  token({ ...HEADER, kid: "../../internal" }, LOCAL),
  token({ ...HEADER, crit: ["x"] }, LOCAL),
  token([], []),
  token(HEADER, { ...LOCAL, iss: ["http://127.0.0.1:8787"] }),
  token(HEADER, { ...LOCAL, exp: "tomorrow", iat: -1 }),
  token(HEADER, { __proto__: null, constructor: 1 }),
  `Bearer ${"a".repeat(4_000)}`,
  `Bearer ${"a.".repeat(2_000)}`,
];

const BODIES = [
  "",
  "{}",
  "[]",
  "null",
  "{",
  '{"__proto__":{"polluted":"yes"}}',
  '{"name":"x","scopes":["keys:write"]}',
  "grant_type=client_credentials",
  "grant_type=client_credentials&client_id=a&client_secret=b",
  "grant_type=client_credentials&client_id=%zz&client_secret=%00&scope=%ff",
  `grant_type=client_credentials&client_id=3kTMd9vQxA&client_secret=par_live_3kTMd9vQxA_${"0".repeat(49)}`,
  "a=b&".repeat(3_000),
];

const TYPES = ["application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

export function wildCredentials(): fc.Arbitrary<FuzzRequest> {
  const own = fc.constantFrom(...PRIVATE_TARGETS);
  const target = fc.oneof(
    { weight: 3, arbitrary: own },
    fc.record({ method: fc.constantFrom(...METHODS), path: own.map(({ path }) => path) }),
    fc.record({
      method: fc.constantFrom(...METHODS),
      path: hostileText().map((text) => `/api/v1/keys/${encodeURIComponent(text.toWellFormed())}`),
    }),
  );
  return fc
    .record({
      target,
      headers: hostileHeaders(),
      authorization: fc.constantFrom(...AUTHORIZATIONS),
      type: fc.constantFrom(...TYPES),
      key: fc.constantFrom(undefined, "", "a", "a b", "x".repeat(300)),
      body: fc.constantFrom(...BODIES),
    })
    .map(({ target: { method, path }, headers, authorization, type, key, body }) => ({
      kind: "wild" as const,
      isPrivate: true,
      method,
      target: path,
      headers: {
        ...headers,
        Authorization: authorization,
        ...(type !== "" && { "Content-Type": type }),
        ...(key !== undefined && { "Idempotency-Key": key }),
      },
      ...(method !== "GET" && method !== "HEAD" && { body }),
    }));
}
