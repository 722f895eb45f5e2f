import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "hono";
import { notFound } from "#core/api/app.ts";
import { etagOf } from "#core/api/etag.ts";
import { HASHED_FILES, HASHED_FILES_CACHE, SITE_HEADERS } from "#core/api/site-headers.ts";
import type { OriginEnv } from "./app.ts";
import { NegotiatedResponse } from "./negotiated-response.ts";

/** The dashboard's files, as the edge serves them from its assets: beside this file in the bundle, absent in the source. */
const SITE_FOLDER = fileURLToPath(new URL("web", import.meta.url));

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
const REVALIDATED = "public, max-age=0, must-revalidate";
const LIFETIMES = { clientSeconds: 0, edgeSeconds: 0, edgeStaleSeconds: 0, edgeErrorSeconds: 0 };

export interface Site {
  /** The home page, before the current rate is written into it. */
  homePage: string;
  /** By path; that of an HTML file is without its ending. */
  files: ReadonlyMap<string, NegotiatedResponse>;
}

/** Reads all files into memory: they are few, small and change only with a release. undefined: there are none. */
export function readSite(folder: string = SITE_FOLDER): Site | undefined {
  const files = new Map<string, NegotiatedResponse>();
  let homePage: string | undefined;
  for (const path of pathsIn(folder)) {
    const type = TYPES[extname(path)];
    if (type === undefined) continue;
    const body = readFileSync(`${folder}/${path}`, "utf8");
    if (path === "index.html") homePage = body;
    else files.set(`/${path.replace(/[.]html$/, "")}`, fileResponse(`/${path}`, type, body));
  }
  return homePage === undefined ? undefined : { homePage, files };
}

/** Serves a file of the dashboard, or says that there is nothing. */
export async function siteRoute(c: Context<OriginEnv>): Promise<Response> {
  const site = c.req.method === "GET" ? c.var.services.site : undefined;
  const { path } = c.req;
  const file = site?.files.get(path);
  if (!file) {
    // Of two slashes none is one too many: the edge's files do not see such an address either.
    const canonical = path.replace(/[.]html$|(?<!^[/])[/]$/, "").replace(/^[/]index$/, "/");
    const isThere = site?.files.has(canonical) || (site && canonical === "/");
    return isThere ? redirectTo(canonical + new URL(c.req.url).search) : notFound(c);
  }
  const conditions = {
    ifNoneMatch: c.req.header("If-None-Match"),
    acceptEncoding: c.req.header("Accept-Encoding"),
    cacheControl: c.req.header("Cache-Control"),
  };
  return file.respond(conditions, true);
}

function redirectTo(location: string): Response {
  const headers = { ...SITE_HEADERS, "Cache-Control": REVALIDATED, Location: location };
  return new Response(null, { status: 307, headers });
}

function pathsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));
  } catch {
    return [];
  }
}

function fileResponse(path: string, type: string, body: string): NegotiatedResponse {
  const headers = {
    ...SITE_HEADERS,
    "Content-Type": type,
    "Cache-Control": path.startsWith(HASHED_FILES) ? HASHED_FILES_CACHE : REVALIDATED,
    ETag: etagOf(body),
  };
  return new NegotiatedResponse({ body, headers, lifetimes: LIFETIMES, hotUntilMs: 0 });
}
