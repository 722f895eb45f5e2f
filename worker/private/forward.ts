import { KEYS_HEADERS, MAX_BODY_BYTES, PRIVATE_HEADERS } from "#core/api/private/headers.ts";
import { TOKEN_PATH } from "#core/api/private/paths.ts";
import { type Problem, problemParts } from "#core/api/problem.ts";
import { pathOf, targetOf } from "#core/api/target.ts";
import { verifyBearer } from "#core/auth/verifier.ts";
import { readBounded } from "#core/ops/body.ts";
import { CLIENT_AUTHORIZATION_HEADER } from "#core/wire/internal.ts";
import { mayMakeDue, wakeUpBy } from "../alerts/evaluate.ts";
import { clientOf, isKeyWithinLimit, PRIVATE_LIMIT } from "../ops/rate-limit.ts";
import type { RequestScope } from "../ops/request-scope.ts";
import type { Services } from "../services.ts";

/** The private API at the edge: refuses what can't be right, and forwards the rest to the origin, which decides. */

const REQUEST_HEADERS = ["Accept", "Content-Type", "Idempotency-Key", "If-None-Match"];
const RESPONSE_HEADERS = [
  "Allow",
  "Content-Disposition",
  "Content-Type",
  "ETag",
  "Idempotent-Replayed",
  "Paridad-Stale",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "WWW-Authenticate",
];
/** What no load balancer says of its error pages, and the origin of each of these responses. */
const NO_STORE = /\bno-store\b/;
const MAX_RESPONSE_BYTES = 4_000_000;
const RETRY_AFTER_SECONDS = 5;
const POLICY = `"burst";q=${PRIVATE_LIMIT.requests};w=${PRIVATE_LIMIT.periodSeconds}`;

/** The response to a request whose path is the private API's. */
export async function forward(services: Services, scope: RequestScope, request: Request): Promise<Response> {
  const { env, originGuard } = services;
  const nowMs = scope.now();
  const authorization = request.headers.get("Authorization");
  const isTokenRequest = pathOf(request.url) === TOKEN_PATH;
  let limitKey = `client:${clientOf(request.headers.get("CF-Connecting-IP") ?? "local")}`;
  if (!isTokenRequest) {
    const verified = await verifyBearer(authorization, services.issuers, nowMs);
    if (!verified.ok) return refused(verified.problem, request.url);
    limitKey = `key:${verified.token.keyId}`;
  }
  if (!(await isKeyWithinLimit(env.privateRateLimiter, limitKey)))
    return refused({ code: "rate_limited", retryAfterSeconds: PRIVATE_LIMIT.periodSeconds }, request.url);
  const body = await readBounded(request as unknown as Response, MAX_BODY_BYTES);
  if (body === undefined) return refused({ code: "payload_too_large", mostBytes: MAX_BODY_BYTES }, request.url);
  const closedForMs = originGuard.closedForMs(nowMs);
  if (closedForMs > 0) return unavailable(Math.ceil(closedForMs / 1_000), request.url);
  const response = await send(services, scope, request, body, authorization);
  if (response?.ok && mayMakeDue(request)) scope.waitUntil(wakeUpBy(env.deliverQueue)?.(1) ?? Promise.resolve());
  return response ?? unavailable(RETRY_AFTER_SECONDS, request.url);
}

/** The keys that verify our access tokens, for others who do. */
export async function jwksResponse({ jwks }: Services, url: string): Promise<Response> {
  const keys = await jwks.load().catch(() => undefined);
  if (keys === undefined) return unavailable(RETRY_AFTER_SECONDS, url);
  return new Response(JSON.stringify(keys), { headers: KEYS_HEADERS });
}

/** The origin's response; undefined if there was none. A request that may have had an effect is sent once. */
async function send(
  { env, originFetch }: Services,
  { traceparent }: RequestScope,
  request: Request,
  body: string,
  authorization: string | null,
): Promise<Response | undefined> {
  const { method, headers, url } = request;
  const isRepeatable = method === "GET" || (method === "POST" && headers.has("Idempotency-Key"));
  const init: RequestInit = {
    method,
    redirect: "manual",
    // Nothing else has the response, and a write that is given up may have had its effect.
    signal: AbortSignal.timeout(env.policy.ORIGIN_PATIENCE_MS),
    headers: {
      ...Object.fromEntries(REQUEST_HEADERS.flatMap((name) => headerOf(headers, name))),
      Authorization: `Bearer ${env.edgeToken}`,
      ...(authorization !== null && { [CLIENT_AUTHORIZATION_HEADER]: authorization }),
      Traceparent: traceparent,
    },
    // fetch refuses to send one with GET; what a client sends of it means nothing.
    ...(body !== "" && method !== "GET" && { body }),
  };
  for (const isLast of isRepeatable ? [false, true] : [true]) {
    try {
      const response = await respond(await originFetch(`${env.originUrl}${targetOf(url) ?? "/"}`, init));
      if (response !== undefined || isLast) return response;
    } catch {
      if (isLast) return undefined;
    }
  }
  return undefined;
}

/** The response for the client; undefined if it is not the origin's own but of something before it. */
async function respond(response: Response): Promise<Response | undefined> {
  const { status, headers } = response;
  const isOurs = NO_STORE.test(headers.get("Cache-Control") ?? "");
  const body = await readBounded(response, MAX_RESPONSE_BYTES);
  if (!isOurs || body === undefined) return undefined;
  const kept = RESPONSE_HEADERS.flatMap((name) => headerOf(headers, name));
  return new Response(body === "" ? null : body, {
    status,
    headers: { ...PRIVATE_HEADERS, "RateLimit-Policy": POLICY, ...Object.fromEntries(kept) },
  });
}

function refused(problem: Problem, url: string): Response {
  const { status, headers, body } = problemParts(problem, url);
  return new Response(body, { status, headers: { ...headers, ...PRIVATE_HEADERS, "RateLimit-Policy": POLICY } });
}

function unavailable(retryAfterSeconds: number, url: string): Response {
  return refused({ code: "unavailable", retryAfterSeconds }, url);
}

function headerOf(headers: Headers, name: string): [string, string][] {
  const value = headers.get(name);
  return value === null ? [] : [[name, value]];
}
