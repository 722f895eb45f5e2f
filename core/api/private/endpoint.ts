import type { RouteConfig, z } from "@hono/zod-openapi";
import type { TargetRules } from "../../alerts/webhook-target.ts";
import type { RandomBytes } from "../../auth/api-key.ts";
import type { TicketGrant } from "../../auth/jwt.ts";
import type { Scope } from "../../auth/scopes.ts";
import type { Policy } from "../../ops/policy.ts";
import type { Catalogue } from "../../providers/catalogue.ts";
import { PREFIX } from "../endpoint.ts";
import type { AccountRow, PrivateRows } from "./rows.ts";

/** Who calls: an account in force, by one of its keys. */
export interface Caller {
  account: AccountRow;
  keyId: string;
  /** Both the token and its key have them. */
  scopes: readonly Scope[];
}

/** What a handler works with. Everything that it does through `rows` happens in one transaction, or not at all. */
export interface PrivateContext {
  caller: Caller;
  rows: PrivateRows;
  /** Epoch milliseconds; no other clock is read. */
  nowMs: number;
  policy: Policy;
  catalogue: Catalogue;
  random: RandomBytes;
  /** Which URLs webhooks may be sent to. */
  targets: TargetRules;
  /** undefined: no key of ours signs at this instant. */
  signTicket(grant: TicketGrant): Promise<string | undefined>;
}

type Method = "get" | "post" | "patch" | "delete";

/** A strict object, by what it is once parsed. */
type InputSchema<Parsed> = z.ZodObject & z.ZodType<Parsed>;

/** All that there is to say of one private endpoint. */
interface Definition<Params, Query, Body, Content> {
  /** The operation's id in the OpenAPI document, and its anchor on the docs page. */
  id: string;
  method: Method;
  /** Without the prefix; path parameters in braces. It begins with one of PRIVATE_ROOTS. */
  path: `/${string}`;
  tag: "Account" | "Alerts" | "Webhooks";
  /** undefined: any valid token will do. */
  scope: Scope | undefined;
  summary: string;
  description?: string;
  /** What a response holds, in one sentence. */
  returns: string;
  /** 204 has no content. */
  status?: 200 | 201 | 202 | 204;
  params: InputSchema<Params>;
  query: InputSchema<Query>;
  /** Absent: the endpoint takes no body. */
  body?: InputSchema<Body>;
  /** Made only for the OpenAPI document and the tests; absent with status 204. */
  response?: () => z.ZodType<Content>;
  /** Fields of the response that are shown once: the copy that is kept for an Idempotency-Key has null in their place. */
  secretFields?: readonly (keyof Content & string)[];
  handle: (context: PrivateContext, input: Params & Query & Body) => Promise<NoInfer<Content>>;
}

/** A private endpoint whose types are settled: what the list of all of them holds. */
export interface PrivateEndpoint {
  id: string;
  method: Method;
  /** With the prefix. */
  path: string;
  tag: string;
  scope: Scope | undefined;
  summary: string;
  description: string | undefined;
  returns: string;
  status: number;
  params: z.ZodObject;
  query: z.ZodObject;
  body: z.ZodObject | undefined;
  response: (() => z.ZodType) | undefined;
  secretFields: readonly string[];
  /** `input` has been parsed by the three schemas. */
  handle: (context: PrivateContext, input: object) => Promise<object | undefined>;
}

/** Defines a private endpoint. `handle` receives its parsed input, and must return what `response` describes. */
export function privateEndpoint<Params, Query, Body, Content extends object | undefined>({
  path,
  description,
  body,
  response,
  status = 200,
  secretFields = [],
  handle,
  ...rest
}: Definition<Params, Query, Body, Content>): PrivateEndpoint {
  return {
    ...rest,
    path: `${PREFIX}${path}`,
    description,
    body,
    response,
    status,
    secretFields,
    handle: (context, input) => handle(context, input as Params & Query & Body),
  };
}

/** The endpoint's part of an OpenAPI document, without its responses to errors. */
export function routeOf({ method, path, params, query, body }: PrivateEndpoint): Omit<RouteConfig, "responses"> {
  const content = body && { "application/json": { schema: body } };
  return { method, path, request: { params, query, ...(content && { body: { required: true, content } }) } };
}
