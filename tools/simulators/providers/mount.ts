import type { Context, Hono } from "hono";
import { Faults, sufferTransport } from "../faults.ts";
import { createSimulatorApp, RequestLog, type SimulatorEnv } from "../server.ts";
import { simulatedBanrep } from "./banrep.ts";
import { simulatedBcb } from "./bcb.ts";
import { simulatedBcch } from "./bcch.ts";
import { simulatedBcra } from "./bcra.ts";
import { simulatedBdi } from "./bdi.ts";
import { simulatedBoc } from "./boc.ts";
import { Book, type Feed } from "./book.ts";
import { simulatedCbr } from "./cbr.ts";
import { simulatedEcb } from "./ecb.ts";
import { Edition } from "./edition.ts";
import { simulatedExchangeRateApi } from "./exchangerate-api.ts";
import { faultSchemaOf, type ProviderFault } from "./faults.ts";
import { simulatedNbp } from "./nbp.ts";
import { simulatedNorges } from "./norges.ts";
import { simulatedRiksbank } from "./riksbank.ts";
import type { Reply, SimulatedProvider } from "./simulated-provider.ts";

/** What opens the simulated providers that need a secret, by provider. */
export const SECRETS = { bcch: "local:local-password", "exchangerate-api": "local0key" } as const;

export interface ProvidersOptions {
  /** What files say of a provider; without a file its values are made up. */
  feeds?: ReadonlyMap<string, Feed>;
  /** Seconds between two updates of ExchangeRate-API. */
  tickSeconds?: number | undefined;
}

/** All simulated providers but Banxico, which has a simulator of its own. */
export function simulatedProviders(tickSeconds?: number): SimulatedProvider[] {
  return [
    ...[simulatedEcb, simulatedBdi, simulatedNbp, simulatedBoc, simulatedBcb, simulatedBanrep, simulatedBcra],
    ...[simulatedNorges, simulatedRiksbank, simulatedCbr, simulatedBcch(SECRETS.bcch)],
    simulatedExchangeRateApi({ key: SECRETS["exchangerate-api"], tickSeconds }),
  ];
}

/** Adds each provider at `/{id}`, with control routes of its own below it. */
export function mountProviders(app: Hono<SimulatorEnv>, nowMs: () => number, options: ProvidersOptions = {}): void {
  for (const simulated of simulatedProviders(options.tickSeconds)) {
    const { id } = simulated.provider;
    app.route(`/${id}`, appOf(simulated, new Book(simulated, options.feeds?.get(id), nowMs()), nowMs));
  }
}

function appOf(simulated: SimulatedProvider, book: Book, nowMs: () => number): Hono<SimulatorEnv> {
  const faults = new Faults<ProviderFault>();
  const requests = new RequestLog();
  const app = createSimulatorApp({ faults, faultSchema: faultSchemaOf(simulated), requests });
  let turn = 0;
  app.get("*", async (c) => {
    const url = new URL(c.req.url);
    const path = decodeURIComponent(url.pathname).slice(simulated.provider.id.length + 1);
    requests.record("data", path + withoutSecrets(url.searchParams));
    const struck = faults.forRequest();
    const failure = (await sufferTransport(c, struck)) ?? refuse(c, struck);
    if (failure) return failure;
    const edition = new Edition(book, struck, nowMs(), turn);
    if (struck.some(({ type }) => type === "zeros")) turn++;
    const bearer = /^Bearer (.+)$/.exec(c.req.header("Authorization") ?? "")?.[1];
    const reply = simulated.respond({ path, query: url.searchParams, bearer }, edition);
    return reply ? send(c, damaged(reply, struck)) : page(c, 404, "Not found");
  });
  return app;
}

/** What stands in front of a provider's data: firewalls and limits. */
function refuse(c: Context<SimulatorEnv>, struck: readonly ProviderFault[]): Response | undefined {
  for (const fault of struck) {
    if (fault.type === "html") return page(c, 200, "Scheduled maintenance");
    if (fault.type === "forbidden") return page(c, 403, "The requested URL was rejected.");
    if (fault.type === "rate_limit") {
      if (fault.told) c.header("Retry-After", String(fault.seconds));
      return c.text("Too Many Requests", 429);
    }
  }
  return undefined;
}

function page(c: Context<SimulatorEnv>, status: 200 | 403 | 404, words: string): Response {
  return c.html(`<!DOCTYPE html><html><head><title>${words}</title></head><body>${words}</body></html>`, status);
}

/** Half the body, or blanks after it. */
function damaged(reply: Reply, struck: readonly ProviderFault[]): Reply {
  let bytes = typeof reply.body === "string" ? new TextEncoder().encode(reply.body) : reply.body;
  for (const fault of struck) {
    if (fault.type === "truncated") bytes = bytes.slice(0, Math.ceil(bytes.length / 2));
    if (fault.type === "oversized") {
      const longer = new Uint8Array(bytes.length + fault.bytes).fill(0x20);
      longer.set(bytes);
      bytes = longer;
    }
  }
  return { ...reply, body: bytes };
}

function send(c: Context<SimulatorEnv>, { status = 200, type, body }: Reply): Response {
  if (status === 204) return c.body(null, 204);
  return c.body(body as Uint8Array<ArrayBuffer>, status, { "Content-Type": type });
}

/** The query for the log of requests. */
function withoutSecrets(query: URLSearchParams): string {
  const shown = [...query].filter(([name]) => name !== "user" && name !== "pass");
  return shown.length === 0 ? "" : `?${shown.map(([name, value]) => `${name}=${value}`).join("&")}`;
}
