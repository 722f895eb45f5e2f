import { type components, isProblem, ProblemError } from "../../src/index.ts";
import { noMore, show } from "./commands.ts";
import { EXIT, UsageError } from "./exit.ts";
import type { Command } from "./run.ts";

/** Commands that watch, or look after the platform. */

const NONE = "—";

/** Each rate as it is published, corrected or taken back, until it is interrupted. */
export const watch: Command = async (context) => {
  const { paridad, values, texts, out, err, signal } = context;
  noMore(context, context.args);
  const pairs = values.pairs?.split(",");
  const onState = (state: "open" | "lost") => err(state === "open" ? texts.connected : texts.lost);
  for await (const event of paridad.stream({ ...(pairs && { pairs }), ...(signal && { signal }), onState })) {
    if (values.json) out(JSON.stringify(event));
    else if (event.type === "resync") {
      const { base, quote, rate, date } = await paridad.current();
      err(texts.resync);
      out([`${base}/${quote}`, rate, date].join("\t"));
    } else if (event.type === "rate.published" || event.type === "rate.revised") {
      const { base, quote, rate, date } = event;
      const revised = event.type === "rate.revised" ? [texts.revised] : [];
      out([`${base}/${quote}`, rate, date, ...revised].join("\t"));
    } else if (event.type === "rate.withdrawn") {
      // There is no rate where one is expected: scripts must not take what no longer holds.
      const { base, quote, date, previous } = event;
      out([`${base}/${quote}`, NONE, date, texts.withdrawn, previous ?? NONE].join("\t"));
    }
  }
  return EXIT.ok;
};

interface Alert {
  id: string;
  /** Of a rate or its change; else the provider is watched. */
  pair?: string;
  provider?: string;
  kind: string;
  condition: string;
  threshold: string;
  state: string;
}

/** The account's alerts. */
export const alerts: Command = async (context) => {
  const { env, texts, values, out, url } = context;
  noMore(context, context.args);
  const [id, ...secret] = (env.PARIDAD_KEY ?? "").split(":");
  if (!id || secret.length === 0) throw new UsageError(texts.key);
  const authorization = `Basic ${Buffer.from(`${id}:${secret.join(":")}`).toString("base64")}`;
  const token = await read(url, "/api/v1/oauth/token", authorization, "grant_type=client_credentials");
  const list: Alert[] = [];
  for (let after: unknown = 0; typeof after === "number"; ) {
    const page = await read(url, `/api/v1/alerts?after=${after}`, `Bearer ${String(token.access_token)}`);
    list.push(...((page.alerts ?? []) as Alert[]));
    after = page.next;
  }
  show(context, { alerts: list, next: null });
  if (values.json) return EXIT.ok;
  if (list.length === 0) out(texts.noAlerts);
  for (const { id: alert, pair, provider, kind, condition, threshold, state } of list)
    out([alert, pair ?? provider, kind, condition, threshold, state].join("\t"));
  return EXIT.ok;
};

async function read(url: string, path: string, authorization: string, form?: string): Promise<Record<string, unknown>> {
  const headers = {
    Authorization: authorization,
    ...(form && { "Content-Type": "application/x-www-form-urlencoded" }),
  };
  const response = await fetch(new URL(path, url), { headers, ...(form && { method: "POST", body: form }) });
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  if (response.ok) return body;
  if (isProblem(body)) throw new ProblemError(response, body);
  // The token endpoint's errors are OAuth's.
  const detail = String(body.error_description ?? body.error ?? response.status);
  throw new ProblemError(response, { ...REFUSED, status: response.status, detail });
}

const REFUSED = { type: "/docs#unauthorized", title: "Unauthorized", instance: "", code: "unauthorized" } as const;

type Health = components["schemas"]["Health"];

/** Beyond this, times that a person compares by hand would mislead. */
const MAX_CLOCK_SECONDS = 30;

/** Whether the platform is well, its rates are fresh, and this machine's clock is right. */
export const doctor: Command = async (context) => {
  const { url, texts, out, nowMs, values } = context;
  noMore(context, context.args);
  const startMs = nowMs();
  const response = await fetch(new URL("/health", url), { headers: { Accept: "application/json" } });
  const serverMs = Date.parse(response.headers.get("Date") ?? "");
  const health = (await response.json().catch(() => ({}))) as Partial<Health>;
  if (!health.level || !health.freshness) throw new ProblemError(response, undefined);
  const clockSeconds = Number.isNaN(serverMs) ? 0 : Math.round(((startMs + nowMs()) / 2 - serverMs) / 1000);
  const isFresh = health.freshness.publishes_missed === 0;
  const isClockRight = Math.abs(clockSeconds) <= MAX_CLOCK_SECONDS;
  if (values.json) out(JSON.stringify({ ...health, clock_seconds: clockSeconds }));
  else {
    const line = (name: string, isWell: boolean, what: string) =>
      out([name, isWell ? texts.well : texts.unwell, what].join("\t"));
    line(texts.platform, health.level === "healthy", health.level);
    line(texts.freshness, isFresh, texts.latestOf(health.freshness.latest ?? NONE, health.freshness.expected));
    line(texts.clock, isClockRight, texts.clockOff(clockSeconds));
  }
  if (health.level === "critical") return EXIT.unavailable;
  if (!isFresh) return EXIT.stale;
  return health.level === "healthy" && isClockRight ? EXIT.ok : EXIT.failed;
};
