import { ownIssuer } from "#core/auth/issuers.ts";
import type { Page } from "#core/rates/page.ts";
import { SecretBox } from "../../origin/alerts/secret-box.ts";
import { createApp } from "../../origin/app.ts";
import { trustedIssuers } from "../../origin/auth.ts";
import { type Env, readEnv } from "../../origin/env.ts";
import { originLive } from "../../origin/live.ts";
import { hotResponses } from "../../origin/negotiated-response.ts";
import { Metrics } from "../../origin/ops/metrics.ts";
import { Timings } from "../../origin/ops/timings.ts";
import type { Services } from "../../origin/services.ts";
import { Accounts } from "../../origin/store/accounts.ts";
import { openStore } from "../../origin/store/open.ts";
import type { Store } from "../../origin/store/store.ts";
import { Ticks } from "../../origin/store/ticks.ts";
import { WatchedStore } from "../../origin/store/watched.ts";
import { storeArchive } from "../../origin/store-archive.ts";
import { StoreBoards } from "../../origin/store-boards.ts";
import { storeEvents } from "../../origin/store-events.ts";
import { StorePages } from "../../origin/store-pages.ts";
import { tokenCheck } from "../../origin/tokens.ts";
import { NOW_MS } from "./data.ts";

export const TOKEN = "first-token-of-the-edge-0123456789";
export const SECOND_TOKEN = "second-token-of-the-edge-012345678";

/** A store whose calls can be made to fail, or never to answer. */
export function moodyStore(store: Store): { store: Store; mood: { now: "well" | "fails" | "hangs" } } {
  const mood: { now: "well" | "fails" | "hangs" } = { now: "well" };
  return { store: moodyProxy(store, mood), mood };
}

function moodyProxy<T extends object>(part: T, mood: { now: "well" | "fails" | "hangs" }): T {
  return new Proxy(part, {
    get(target, name) {
      if (name === "pagesRevision" && mood.now !== "well") return undefined;
      const method: unknown = Reflect.get(target, name);
      if (typeof method === "object" && method !== null) return moodyProxy(method, mood);
      if (typeof method !== "function") return method;
      if (name === "close") return method.bind(target);
      return (...args: unknown[]) => {
        if (mood.now === "hangs") return new Promise(() => undefined);
        if (mood.now === "fails") return Promise.reject(new Error("secret-detail of the driver"));
        return method.apply(target, args);
      };
    },
  });
}

/** An origin over a database in memory, without a port. Its clock stands until it is moved. */
export async function createOrigin(settings: Partial<Env> = {}, deadlines = { readMs: 50, writeMs: 100 }) {
  const clock = { ms: NOW_MS };
  const lines: { event: string; [field: string]: unknown }[] = [];
  const now = () => clock.ms;
  const env = { ...readEnv({ EDGE_TOKENS: `${TOKEN},${SECOND_TOKEN}`, PROVIDERS: "banxico" }), ...settings };
  const inMemory = await openStore("file::memory:");
  await inMemory.migrate();
  const { store: moody, mood } = moodyStore(inMemory);
  const metrics = new Metrics();
  const log = metrics.around((event, fields) => void lines.push({ event, ...fields }));
  const store = new WatchedStore(moody, log, deadlines, (...call) => metrics.storeCall(...call));
  const secretBox = env.webhookKey === undefined ? undefined : new SecretBox(env.webhookKey);
  const held = { freshMs: env.pageMemoryMs, horizonMs: env.policy.STALE_HORIZON_MS };
  const services: Services = {
    env,
    log,
    now,
    store,
    pages: new StorePages({ store, now, ...held }),
    boards: new StoreBoards({ store, catalogue: env.catalogue, now, ...held }),
    accounts: new Accounts(store, secretBox),
    ticks: new Ticks(store, now),
    ownIssuer: ownIssuer(env.publicUrl),
    issuers: trustedIssuers(env),
    events: storeEvents(store),
    live: originLive({
      source: storeEvents(store),
      log,
      events: store.events,
      now: Date.now,
      isDraining: () => services.isDraining,
    }),
    archive: storeArchive(store, env.catalogue),
    hotResponses: hotResponses(),
    timings: new Timings(now),
    spans: undefined,
    reports: undefined,
    metrics,
    pools: () => [],
    isEdge: tokenCheck(env.edgeTokens),
    isDeliverer: tokenCheck(env.deliverTokens),
    secretBox,
    site: undefined,
    isDraining: false,
  };
  const app = createApp(services);
  const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
  const internal = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.request(`/internal/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { Authorization: `Bearer ${TOKEN}`, ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const pages = async (response: Response | Promise<Response>) =>
    ((await (await response).json()) as { pages: Page[] }).pages;
  return { app, services, clock, mood, lines, get, internal, pages };
}
