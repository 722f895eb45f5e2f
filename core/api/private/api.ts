import { type Context, type Env, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { TargetRules } from "../../alerts/webhook-target.ts";
import type { RandomBytes } from "../../auth/api-key.ts";
import type { Token } from "../../auth/issuers.ts";
import type { Scope } from "../../auth/scopes.ts";
import { type TrustedIssuer, verifyBearer } from "../../auth/verifier.ts";
import type { Policy } from "../../ops/policy.ts";
import type { Catalogue } from "../../providers/catalogue.ts";
import { PREFIX } from "../endpoint.ts";
import { ApiFailure } from "../failure.ts";
import { type Problem, problemResponse } from "../problem.ts";
import { targetOf } from "../target.ts";
import type { Caller, PrivateContext, PrivateEndpoint } from "./endpoint.ts";
import { PRIVATE_ENDPOINTS } from "./endpoint-list.ts";
import { MAX_BODY_BYTES, PRIVATE_HEADERS, privately } from "./headers.ts";
import { IDEMPOTENCY_MS, isIdempotencyKey, type KeptResponses, keptBody, requestDigest } from "./idempotency.ts";
import { parseInput } from "./input.ts";
import { PRIVATE_ROOTS } from "./paths.ts";
import type { PrivateRows } from "./rows.ts";

/** What a host gives the private API for one request. */
export interface PrivateHost {
  nowMs: number;
  policy: Policy;
  catalogue: Catalogue;
  random: RandomBytes;
  targets: TargetRules;
  signTicket: PrivateContext["signTicket"];
  issuers: readonly TrustedIssuer[];
  /** The client's Authorization header, however it came here. */
  authorization: string | undefined;
  /** Who a token stands for; undefined if its key or account is no longer in force. */
  callerOf(token: Token): Promise<Caller | undefined>;
  read<T>(work: (rows: PrivateRows) => Promise<T>): Promise<T>;
  /** In one transaction that holds the account: its other changes wait, so that quotas are exact. */
  change<T>(accountId: string, work: (rows: PrivateRows, responses: KeptResponses) => Promise<T>): Promise<T>;
}

/** All but OPTIONS, which the public API answers on every path. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** The private API, mounted by the host that has the database. Errors other than the API's own are thrown. */
export function privateApi<E extends Env>(hostOf: (c: Context<E>) => PrivateHost): Hono<E> {
  const app = new Hono<E>();
  for (const root of PRIVATE_ROOTS)
    for (const path of [`${PREFIX}/${root}`, `${PREFIX}/${root}/*`]) {
      app.use(path, async (c, next) => {
        await next();
        if (c.req.method === "OPTIONS") return;
        privately(c.res);
      });
      app.use(path, bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));
    }
  for (const endpoint of PRIVATE_ENDPOINTS)
    app.on(endpoint.method.toUpperCase(), honoPath(endpoint.path), async (c) => {
      try {
        return await respond(c, endpoint, hostOf(c));
      } catch (error) {
        if (error instanceof ApiFailure) return problemResponse(error.problem, c.req.url);
        throw error;
      }
    });
  for (const [path, allow] of methodsByPath())
    app.on(METHODS, honoPath(path), (c) => problemResponse({ code: "method_not_allowed", allow }, c.req.url));
  for (const root of PRIVATE_ROOTS)
    app.on(METHODS, `${PREFIX}/${root}/*`, (c) => problemResponse({ code: "not_found" }, c.req.url));
  return app;
}

/** In this order: who, may they, is it well formed, has it been done before, do it. */
async function respond(c: Context, endpoint: PrivateEndpoint, host: PrivateHost): Promise<Response> {
  const caller = await authenticate(host, endpoint);
  const body = await c.req.text();
  const parsed = parseInput(endpoint, {
    params: c.req.param(),
    query: new URL(c.req.url).searchParams,
    contentType: c.req.header("Content-Type"),
    body,
  });
  if (!parsed.ok) throw new ApiFailure(parsed.problem);
  const { nowMs, policy, catalogue, random, targets, signTicket } = host;
  const context = { caller, nowMs, policy, catalogue, random, targets, signTicket };
  const handle = (rows: PrivateRows) => endpoint.handle({ ...context, rows } satisfies PrivateContext, parsed.input);

  if (endpoint.method === "get") return written(endpoint, JSON.stringify(await host.read(handle)));
  const key = endpoint.method === "post" ? idempotencyKeyOf(c) : undefined;
  const accountId = caller.account.id;
  if (key === undefined) {
    const content = await host.change(accountId, handle);
    return written(endpoint, content === undefined ? "" : JSON.stringify(content));
  }
  const digest = await requestDigest(c.req.method, targetOf(c.req.url) ?? "/", body);
  const sinceMs = nowMs - IDEMPOTENCY_MS;
  return host.change(accountId, async (rows, responses) => {
    const kept = await responses.find(accountId, key, sinceMs);
    if (kept !== undefined) {
      if (kept.digest !== digest) throw new ApiFailure({ code: "idempotency_key_reused" });
      return written({ status: kept.status }, kept.body, { "Idempotent-Replayed": "true" });
    }
    const content = await handle(rows);
    const response = { digest, status: endpoint.status, body: keptBody(endpoint, content) };
    await responses.keep(accountId, key, response, nowMs, sinceMs);
    return written(endpoint, content === undefined ? "" : JSON.stringify(content));
  });
}

/** The caller, if the token is valid, its key in force and its scope right. Throws the problem otherwise. */
async function authenticate(host: PrivateHost, { scope }: Pick<PrivateEndpoint, "scope">): Promise<Caller> {
  const verified = await verifyBearer(host.authorization, host.issuers, host.nowMs);
  if (!verified.ok) throw new ApiFailure(verified.problem);
  const caller = await host.callerOf(verified.token);
  if (caller === undefined) throw new ApiFailure({ code: "unauthorized", reason: "invalid" });
  if (scope !== undefined && !caller.scopes.includes(scope))
    throw new ApiFailure({ code: "insufficient_scope", scope });
  return caller;
}

/** Why a request may not do what needs a scope; undefined if it may. */
export async function refusalOf(host: PrivateHost, scope: Scope): Promise<Problem | undefined> {
  try {
    await authenticate(host, { scope });
    return undefined;
  } catch (error) {
    if (error instanceof ApiFailure) return error.problem;
    throw error;
  }
}

function idempotencyKeyOf(c: Context): string | undefined {
  const key = c.req.header("Idempotency-Key");
  if (key === undefined || isIdempotencyKey(key)) return key;
  const detail = "must have 1 to 200 visible ASCII characters, without spaces";
  throw new ApiFailure({ code: "invalid_parameter", errors: [{ parameter: "Idempotency-Key", detail }] });
}

function written({ status }: { status: number }, body: string, headers: Record<string, string> = {}): Response {
  return new Response(body === "" ? null : body, {
    status,
    headers: { ...PRIVATE_HEADERS, ...(body !== "" && { "Content-Type": "application/json" }), ...headers },
  });
}

/** The rest of the body is not read, so the connection can't be reused. */
function tooLarge(c: Context): Response {
  const problem: Problem = { code: "payload_too_large", mostBytes: MAX_BODY_BYTES };
  const response = problemResponse(problem, c.req.url);
  response.headers.set("Connection", "close");
  return response;
}

/** What `Allow` says of each path. */
function methodsByPath(): Map<string, string> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of PRIVATE_ENDPOINTS) {
    const names = method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()];
    methods.set(path, [...(methods.get(path) ?? []), ...names]);
  }
  return new Map(Array.from(methods, ([path, names]) => [path, [...names, "OPTIONS"].join(", ")]));
}

function honoPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}
