import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { NO_IDLE_TIMEOUT } from "../../tools/simulators/server.ts";
import { checks } from "../../tools/smoke/checks.ts";
import { openProbe, type Probe } from "../../tools/smoke/probe.ts";
import { smoke } from "../../tools/smoke/smoke.ts";

const now = new Date("2026-11-20T18:00:00Z");

interface Reply {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** A deployment as it should be; a test spoils one reply. */
function goodReply(request: IncomingMessage): Reply {
  const headers = {
    "content-type": "application/json",
    "cache-control": "public, max-age=60",
    "access-control-allow-origin": "*",
    etag: '"1"',
  };
  const path = request.url ?? "";
  if (request.method === "OPTIONS") return { status: 204, headers, body: undefined };
  if (path === "/health") {
    const body = { status: "healthy", level: "healthy", dependencies: {}, performance: {}, freshness: {} };
    return { status: 200, headers: { ...headers, "cache-control": "no-store" }, body };
  }
  if (path.includes("base=XXX")) {
    return {
      status: 400,
      headers: { ...headers, "content-type": "application/problem+json" },
      body: { code: "unknown_currency" },
    };
  }
  if (request.headers["if-none-match"] === '"1"') return { status: 304, headers, body: undefined };
  if (path.includes("/historical")) {
    const observations = [
      { date: "2026-11-18", rate: "18.3312" },
      { date: "2026-11-19", rate: "18.3450" },
    ];
    return { status: 200, headers, body: { count: 2, observations } };
  }
  if (path.includes("/average/")) return { status: 200, headers, body: { average: "18.338100", observations: 20 } };
  return { status: 200, headers, body: { rate: "18.3450", date: "2026-11-19", stale: false } };
}

describe("smoke", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    return new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
  });

  async function serve(spoil: (request: IncomingMessage, reply: Reply) => void = () => {}): Promise<Probe> {
    server = createServer(NO_IDLE_TIMEOUT, (request: IncomingMessage, response: ServerResponse) => {
      const reply = goodReply(request);
      spoil(request, reply);
      response.writeHead(reply.status, reply.headers);
      response.end(reply.body === undefined || request.method === "HEAD" ? undefined : JSON.stringify(reply.body));
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return openProbe(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** As if Cloudflare stood before it. */
  const behindCloudflare = (probe: Probe, over: Partial<Probe> = {}): Probe => ({
    ...probe,
    local: false,
    tls: async () => ({ protocol: "TLSv1.3", validTo: new Date("2027-02-01T00:00:00Z") }),
    ask: async (path, options) => {
      if (options?.plain)
        return { status: 301, headers: new Headers({ location: "https://host/" }), text: "", elapsedMs: 1 };
      const answer = await probe.ask(path, options);
      const headers = new Headers(answer.headers);
      if (!headers.has("cf-cache-status")) headers.set("cf-cache-status", "HIT");
      return { ...answer, headers };
    },
    ...over,
  });

  async function failures(probe: Probe): Promise<string[]> {
    const lines: string[] = [];
    const failed = await smoke(probe, now, (line) => lines.push(line));
    const named = lines.filter((line) => line.includes("FAIL")).map((line) => line.replace(/^.*FAIL\s+/, ""));
    expect(named).toHaveLength(failed);
    return named;
  }

  it("has ten checks and finds nothing wrong where nothing is", async () => {
    expect(checks).toHaveLength(10);
    expect(await failures(behindCloudflare(await serve()))).toEqual([]);
  });

  it("asks the version of the worker that it was given, at each check", async () => {
    const asked = new Set<string | string[] | undefined>();
    const { host } = await serve((request) => asked.add(request.headers["cloudflare-workers-version-overrides"]));
    await failures(openProbe(`http://${host}`, 'paridad-prd="v2"'));
    expect([...asked]).toEqual(['paridad-prd="v2"']);
  });

  it("says what it cannot check on this machine", async () => {
    const lines: string[] = [];
    expect(await smoke(await serve(), now, (line) => lines.push(line))).toBe(0);
    expect(lines.filter((line) => line.includes("not checked"))).toHaveLength(2);
  });

  it.each<[string, RegExp, (request: IncomingMessage, reply: Reply) => void]>([
    [
      "an unhealthy deployment",
      /health/,
      ({ url }, reply) => url === "/health" && Object.assign(reply.body as object, { status: "unhealthy" }),
    ],
    [
      "health that is cached",
      /health/,
      ({ url }, reply) => url === "/health" && Object.assign(reply.headers, { "cache-control": "max-age=9" }),
    ],
    [
      "a rate that is a number",
      /exact/,
      (_request, reply) =>
        (reply.body as { rate?: unknown })?.rate && Object.assign(reply.body as object, { rate: 18.345 }),
    ],
    [
      "an old rate",
      /fresh/,
      ({ url }, reply) =>
        url?.includes("/current") && reply.body && Object.assign(reply.body as object, { date: "2026-11-01" }),
    ],
    [
      "a rate said to be stale",
      /fresh/,
      ({ url }, reply) =>
        url?.includes("/current") && reply.body && Object.assign(reply.body as object, { stale: true }),
    ],
    [
      "no validation",
      /twice/,
      (_request, reply) => reply.status === 304 && Object.assign(reply, { status: 200, body: {} }),
    ],
    [
      "no CORS",
      /other sites may ask/,
      (_request, reply) => Object.assign(reply.headers, { "access-control-allow-origin": "https://one.example" }),
    ],
    [
      "history that descends",
      /ascends/,
      ({ url }, reply) =>
        url?.includes("/historical") && (reply.body as { observations: unknown[] }).observations.reverse(),
    ],
    [
      "an average cut short",
      /six decimals/,
      ({ url }, reply) => url?.includes("/average") && Object.assign(reply.body as object, { average: "18.34" }),
    ],
    [
      "a mistake that is answered",
      /mistake/,
      ({ url }, reply) => url?.includes("XXX") && Object.assign(reply, { status: 200 }),
    ],
    ["HEAD that fails", /HEAD/, ({ method }, reply) => method === "HEAD" && Object.assign(reply, { status: 405 })],
  ])("finds %s", async (_what, name, spoil) => {
    const found = await failures(behindCloudflare(await serve(spoil)));
    expect(found.join("\n")).toMatch(name);
    // A fault of one route leaves the checks of the others alone.
    expect(found.length).toBeLessThan(4);
  });

  it("finds an edge that caches nothing", async () => {
    const probe = await serve((_request, reply) => Object.assign(reply.headers, { "cf-cache-status": "DYNAMIC" }));
    expect(await failures(behindCloudflare(probe))).toEqual([expect.stringContaining("comes from a cache")]);
  });

  it("finds an old TLS and a certificate about to end", async () => {
    const probe = await serve();
    const old = behindCloudflare(probe, {
      tls: async () => ({ protocol: "TLSv1.1", validTo: new Date("2027-02-01") }),
    });
    const ending = behindCloudflare(probe, {
      tls: async () => ({ protocol: "TLSv1.3", validTo: new Date("2026-11-22") }),
    });
    expect(await failures(old)).toHaveLength(1);
    expect(await failures(ending)).toHaveLength(1);
  });

  it("fails every check where nobody answers", async () => {
    const probe = await serve();
    await new Promise((resolve) => server?.close(resolve));
    expect((await failures(probe)).length).toBeGreaterThanOrEqual(9);
  });

  it("refuses to call plain HTTP a deployment", () => {
    expect(() => openProbe("http://example.com")).toThrow(/only https/);
    expect(() => openProbe("ftp://example.com")).toThrow(/https/);
  });
});
