import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { z } from "zod";
import { type ParameterError, problemResponse } from "#core/api/problem.ts";
import { parseJson } from "#core/ops/parse-json.ts";
import type { OriginEnv } from "../app.ts";

/** Bodies of requests to the internal API. */

const MAX_BYTES = 256 * 1024;
const MAX_ERRORS = 20;

/** Middleware: refuses larger bodies. The rest is not read: without `close` the next request on the connection would be lost. */
export const boundedBody = bodyLimit({
  maxSize: MAX_BYTES,
  onError: (c) => {
    const response = problemResponse({ code: "payload_too_large", mostBytes: MAX_BYTES }, c.req.url);
    response.headers.set("Connection", "close");
    return response;
  },
});

/** Responds to a body that the schema accepts; to others with what is wrong with them. */
export async function withBody<T>(
  c: Context<OriginEnv>,
  schema: z.ZodType<T> | ((body: unknown) => z.ZodType<T>),
  answer: (body: T) => Promise<Response>,
): Promise<Response> {
  const body = parseJson(await c.req.text());
  const parsed = (typeof schema === "function" ? schema(body) : schema).safeParse(body);
  if (parsed.success) return answer(parsed.data);
  const errors = parsed.error.issues.slice(0, MAX_ERRORS).map(({ path, message }) => ({
    parameter: path.length === 0 ? "body" : path.join(".").slice(0, 100),
    detail: message.slice(0, 200),
  }));
  return invalid(c, errors);
}

/** The problem of a request with these errors. */
export function invalid(c: Context<OriginEnv>, errors: ParameterError[]): Response {
  return problemResponse({ code: "invalid_parameter", errors }, c.req.url);
}
