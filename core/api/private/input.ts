import type { z } from "@hono/zod-openapi";
import { parseJson } from "../../ops/parse-json.ts";
import type { ParameterError, Problem } from "../problem.ts";
import type { PrivateEndpoint } from "./endpoint.ts";

/** A request's parts as text: what clients send. */
export interface RawInput {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  contentType: string | undefined;
  body: string;
}

export type ParsedInput = { ok: true; input: object } | { ok: false; problem: Problem };

/** Keeps the response small, however many errors a request has. */
const MAX_ERRORS = 20;
const MAX_NAME_LENGTH = 60;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** Validates a request against its endpoint; a problem names each parameter and field that is wrong. */
export function parseInput({ params, query, body }: PrivateEndpoint, raw: RawInput): ParsedInput {
  const errors: ParameterError[] = [];
  const input: object[] = [];
  take(params, raw.params, "is not a parameter of this endpoint");
  for (const name of new Set(raw.query.keys()))
    if (raw.query.getAll(name).length > 1)
      errors.push({ parameter: name.slice(0, MAX_NAME_LENGTH), detail: "must be given only once" });
  take(query, Object.fromEntries(raw.query), "is not a parameter of this endpoint");
  if (body !== undefined) {
    if (raw.body !== "" && !JSON_TYPE.test(raw.contentType ?? ""))
      return { ok: false, problem: { code: "unsupported_media_type" } };
    const given = raw.body === "" ? {} : parseJson(raw.body);
    if (typeof given !== "object" || given === null || Array.isArray(given))
      errors.push({ parameter: "body", detail: "must be a JSON object" });
    else take(body, given, "is not a field of this request");
  } else if (raw.body !== "") errors.push({ parameter: "body", detail: "this endpoint takes none" });
  if (errors.length === 0) return { ok: true, input: Object.assign({}, ...input) };
  const named = errors.filter(({ parameter }, at) => at === errors.findIndex((other) => other.parameter === parameter));
  return { ok: false, problem: { code: "invalid_parameter", errors: named.slice(0, MAX_ERRORS) } };

  function take(schema: z.ZodObject, value: object, ifUnknown: string): void {
    const parsed = schema.safeParse(value);
    if (parsed.success) input.push(parsed.data);
    else errors.push(...errorsOf(parsed.error.issues, value, ifUnknown));
  }
}

/** Of what the client sent, only the names of unknown fields come back, cut short. Each parameter is named once. */
function errorsOf(issues: readonly z.core.$ZodIssue[], value: object, ifUnknown: string): ParameterError[] {
  const details = new Map<string, string>();
  for (const issue of issues) {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys")
      for (const key of issue.keys) details.set([...path, key].join(".").slice(0, MAX_NAME_LENGTH), ifUnknown);
    else {
      const name = (path.length === 0 ? "body" : path.join(".")).slice(0, MAX_NAME_LENGTH);
      const isMissing = path.length === 1 && !Object.hasOwn(value, path[0] as string);
      if (!details.has(name)) details.set(name, isMissing ? "is required" : issue.message);
    }
  }
  return Array.from(details, ([parameter, detail]) => ({ parameter, detail }));
}
