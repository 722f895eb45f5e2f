import { COMMON_HEADERS } from "#core/api/headers.ts";
import { isProblem } from "./document.ts";
import { complaintsAboutFacade, complaintsAboutFacadeError, isOfFacade } from "./facades.ts";
import { INJECTED_HEADER } from "./hostile.ts";
import type { Exchange, FuzzRequest } from "./request.ts";

/** How a server may respond to invalid HTTP before our code runs. */
const REFUSED_BY_SERVER = new Set([400, 414, 431, 501]);
/** How much of an unknown parameter's name a response repeats. */
const NAME_SHOWN = 60;
const INTERNALS = /\bat \S+ \(|node_modules|file:\/\/|\.ts:\d+|\.js:\d+|SQLITE|ECONN|ZodError|TypeError|RangeError/;
const OF_ONE_REQUEST = ["traceparent", "server-timing", "paridad-tier"];
const TRACE = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What is wrong with a response; empty if it is right. */
export function complaintsAbout(request: FuzzRequest, response: Exchange): string[] {
  const isServers = request.refusable === true && REFUSED_BY_SERVER.has(response.status) && !isProblemType(response);
  if (isServers) return [];
  if (request.isPrivate) return withoutCredential(request, response);
  return [...everyResponse(request, response), ...(response.status === 429 ? [] : ofItsKind(request, response))];
}

/** What differs between the edge's response and the origin's to the same request. */
export function differences(request: FuzzRequest, edge: Exchange, origin: Exchange): string[] {
  const isServers = [edge, origin].some(({ status }) => REFUSED_BY_SERVER.has(status)) && request.refusable === true;
  // Each host's health is its own, and only the origin has something under /internal, behind a token.
  if (isServers || /^\/health/.test(request.target) || origin.status === 401 || edge.status === 429) return [];
  // The edge knows first that there is no token, whatever the endpoint.
  if (request.isPrivate && edge.status === 401) return [];
  const found: string[] = [];
  if (edge.status !== origin.status) found.push(`the edge responds ${edge.status}, the origin ${origin.status}`);
  else if (edge.body !== origin.body) found.push(`bodies differ: ${firstDifference(edge.body, origin.body)}`);
  const [edgeType, originType] = [edge, origin].map(({ headers }) => headers["content-type"]);
  if (edgeType !== originType) found.push(`types differ: ${edgeType}, ${originType}`);
  return found;
}

/** A request without a credential gets nothing, and nobody may keep what it gets. */
function withoutCredential({ target }: FuzzRequest, { status, headers, body }: Exchange): string[] {
  const found: string[] = [];
  const must = (holds: boolean, complaint: string) => void (holds || found.push(complaint));
  must(status >= 400 && status < 500, `status ${status} without a credential`);
  must(/no-store/.test(String(headers["cache-control"])), `Cache-Control is ${headers["cache-control"]}`);
  must(headers["access-control-allow-origin"] === "*", "no CORS");
  must(headers[INJECTED_HEADER] === undefined, "a header was injected");
  must(!INTERNALS.test(body), "shows internals");
  must(!/par_live_|eyJ/.test(body), "repeats a credential");
  must(status !== 401 || headers["www-authenticate"] !== undefined, "401 without WWW-Authenticate");
  const isOauth = target.endsWith("/oauth/token") && headers["content-type"] === "application/json";
  must(isOauth || isProblemType({ headers, status, body }), `an error of type ${headers["content-type"]}`);
  return found;
}

function everyResponse(request: FuzzRequest, response: Exchange): string[] {
  const { method, headers: asked, refusable } = request;
  const { status, headers, body } = response;
  const found: string[] = [];
  const must = (holds: boolean, complaint: string) => void (holds || found.push(complaint));

  must(status < 500, `status ${status}`);
  for (const [name, value] of Object.entries(COMMON_HEADERS))
    must(headers[name.toLowerCase()] === value, `${name} is ${headers[name.toLowerCase()]}`);
  // The edge's files have another address: no cache keeps that of itself.
  must(headers["cache-control"] !== undefined || status === 307, "no Cache-Control");
  must(headers["content-security-policy"] !== undefined || body === "", "no Content-Security-Policy");
  must(headers[INJECTED_HEADER] === undefined, "a header was injected");
  must(headers["x-powered-by"] === undefined, "says what it is made with");
  must(!INTERNALS.test(body), "shows internals");
  if (status === 204 || status === 304 || method === "HEAD") must(body === "", `${status} to ${method} with a body`);
  if (status === 304) must(headers.etag !== undefined, "304 without ETag");
  const trace = headers.traceparent;
  must(trace === undefined || TRACE.test(String(trace)), "an invalid traceparent");
  const isShareable = headers["cache-control"]?.startsWith("public") === true;
  if (isShareable)
    for (const name of OF_ONE_REQUEST) must(headers[name] === undefined, `${name} goes into a shared cache`);
  // Refused by the parser, a request has no headers.
  else must(!asked.Traceparent || refusable === true || trace !== undefined, "no traceparent goes back");
  if (status >= 400) found.push(...aboutError(request, response));
  return found;
}

function aboutError({ method, target }: FuzzRequest, response: Exchange): string[] {
  const { status, headers } = response;
  const found: string[] = [];
  if (headers["cache-control"] !== "no-store") found.push("an error that may be cached");
  if ((status === 429 || status === 503) && headers["retry-after"] === undefined) found.push("no Retry-After");
  return [...found, ...(isOfFacade(target) ? complaintsAboutFacadeError : aboutProblem)(method, response)];
}

function aboutProblem(method: string, { status, headers, body }: Exchange): string[] {
  const found: string[] = [];
  if (headers["content-type"] !== "application/problem+json") found.push(`an error of type ${headers["content-type"]}`);
  if (method === "HEAD") return found;
  const problem = parse(body);
  if (!isProblem(problem)) found.push(`no problem: ${body.slice(0, 100)}`);
  else if ((problem as { status: number }).status !== status) found.push("its own status is another");
  return found;
}

function ofItsKind(request: FuzzRequest, { status, headers, body }: Exchange): string[] {
  const { kind, method, operation, wrong } = request;
  if (kind === "wild" || method === "OPTIONS") return [];
  if (kind === "facade") return complaintsAboutFacade(request, { status, headers, body });
  if (kind === "invalid") {
    if (status !== 400) return [`${status} though ${wrong} is wrong`];
    const { errors = [] } = (parse(body) ?? {}) as { errors?: { parameter: string }[] };
    const isNamed = errors.some(({ parameter }) => parameter === wrong?.toWellFormed().slice(0, NAME_SHOWN));
    return isNamed ? [] : [`${wrong} is not named`];
  }
  if (status === 404) return method === "HEAD" || codeOf(body) === "no_data" ? [] : ["404 without no_data"];
  if (status === 304) return [];
  if (status !== 200) return [`${status} to a valid request: ${body.slice(0, 200)}`];
  const type = String(headers["content-type"]);
  if (!TYPES[formatOf(request)]?.includes(type)) return [`a rate of type ${type}`];
  if (type !== "application/json") return method === "HEAD" ? [] : aboutLines(type, body);
  if (method === "HEAD" || operation === undefined || operation.validate(parse(body))) return [];
  return [`not as documented: ${JSON.stringify(operation.validate.errors?.[0])}`];
}

const [JSON_TYPE, CSV_TYPE, NDJSON_TYPE] = ["application/json", "text/csv; charset=utf-8", "application/x-ndjson"];
/** By `format`; without it, the Accept header may choose. */
const TYPES: Record<string, readonly string[]> = {
  json: [JSON_TYPE],
  csv: [CSV_TYPE],
  ndjson: [NDJSON_TYPE],
  none: [JSON_TYPE, CSV_TYPE, NDJSON_TYPE],
};

function formatOf({ target }: FuzzRequest): string {
  return /[?&]format=(\w+)/.exec(target)?.[1] ?? "none";
}

/** Lines of CSV have as many cells as the header, those of NDJSON are objects. Nothing that we serve needs quotes. */
function aboutLines(type: string, body: string): string[] {
  const lines = body.split(/\r?\n/);
  if (lines.pop() !== "") return ["the last line has no end"];
  if (type === NDJSON_TYPE)
    return lines.every((line) => typeof parse(line) === "object") ? [] : ["a line is no object"];
  const separator = lines[0]?.includes(";") ? ";" : ",";
  const cells = lines.map((line) => line.split(separator).length);
  return new Set(cells).size === 1 ? [] : ["a line has more or fewer cells than the header"];
}

function isProblemType({ headers }: Exchange): boolean {
  return headers["content-type"] === "application/problem+json";
}

function codeOf(body: string): unknown {
  return ((parse(body) ?? {}) as { code?: unknown }).code;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function firstDifference(a: string, b: string): string {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  return `${a.slice(index, index + 40)} / ${b.slice(index, index + 40)}`;
}
