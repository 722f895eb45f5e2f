import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { parities } from "#core/providers/parities.ts";
import type { DevOptions } from "./options.ts";
import { listOf, simulatedVars } from "./providers.ts";
import type { Stack } from "./stack.ts";

/** What `npm run dev` says when rates are served. */
export function readyText(stack: Stack, options: DevOptions): string {
  const { edge, origin, banxico, redis, receiver } = stack.urls;
  const isSimulated = options.banxicoToken === undefined;
  const source = isSimulated ? `${banxico}  simulated; faults: PUT /__faults` : "the real Banxico";
  const others = options.providers.filter((id) => id !== "banxico" && id !== parities.id);
  const otherSources = isSimulated ? `${banxico}/ID  simulated; faults: PUT /ID/__faults` : "the real ones";
  const lines = [
    "",
    `Paridad is ready: ${served(options)}`,
    `  pages    ${edge}`,
    `  API      ${edge}/api/v1  docs: ${edge}/docs  health: ${edge}/health`,
    `  origin   ${origin}  the same API, straight from the store`,
    `  Banxico  ${source}`,
    ...(others.length > 0 ? [`  others   ${otherSources}  ID: ${others.join(", ")}`] : []),
    `  Redis    ${redis}  simulated Upstash; faults: PUT /__faults`,
    `  receiver ${receiver}  of webhooks: GET /received; a ready-made account: GET /account`,
    ...(options.inspect ? [`  debug    ${debuggers(stack, options)}`] : []),
    "",
    `Try:  curl ${edge}/api/v1/rates/current`,
    ...alertText(stack),
    "Ctrl-C stops everything.",
  ];
  if ((options.csvFile ?? options.recordedFile ?? options.feeds[0]) !== undefined && options.clockOffsetMs === 0) {
    lines.push(
      "",
      "The rates come from a file. If it ends in the past, --clock sets the day, and current rates are served.",
    );
  }
  return lines.join("\n");
}

/** How to set an alert and see it fire. */
function alertText({ urls: { edge, banxico, redis, receiver } }: Stack): string[] {
  const json = `-H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json"`;
  const field = (name: string) => `node -pe 'JSON.parse(require("fs").readFileSync(0)).${name}'`;
  return [
    "",
    "Set an alert, and see it fire:",
    `  API=${edge}/api/v1`,
    `  TOKEN=$(curl -s --retry 9 ${receiver}/account | node -pe 'const a=JSON.parse(require("fs").readFileSync(0));new URLSearchParams({grant_type:"client_credentials",...a})+""' \\`,
    `    | curl -s --retry 9 -d @- $API/oauth/token | ${field("access_token")})`,
    `  RATE=$(curl -s $API/rates/current | ${field("rate")}) DATE=$(curl -s $API/rates/current | ${field("date")})`,
    `  curl -s ${json} -d '{"url":"${receiver}/hook"}' $API/webhooks`,
    `  curl -s ${json} -d '{"pair":"USD/MXN","condition":"below","threshold":"'$RATE'"}' $API/alerts`,
    "  # Banxico corrects its newest FIX to one that is 1 % lower.",
    `  curl -s -X PUT -d '[{"type":"revision","series":"SF43718","date":"'$DATE'","value":"'$(node -pe "($RATE*0.99).toFixed(4)")'"}]' ${banxico}/__faults`,
    "  # The next reading of the window is up to an hour away; without what it remembers, the cron reads within a minute.",
    `  curl -s -H "Authorization: Bearer local-redis-token" -d '["DEL","paridad:v1:ingest:banxico"]' ${redis}`,
    `  curl -s ${receiver}/received   # the alert is there a second after the reading`,
  ];
}

/** How to start the worker beside the back ends; wrangler.toml holds the URLs of the default ports. */
export function wranglerCommand(
  stack: Stack,
  { port, clockOffsetMs = 0, banxicoToken, providers, vars: secrets = {} }: DevOptions,
): string {
  const vars: Record<string, string> = {};
  if (port !== DEFAULT_PORT) {
    vars.PUBLIC_URL = stack.urls.edge;
    vars.ORIGIN_URL = stack.urls.origin;
    vars.UPSTASH_REDIS_REST_URL = stack.urls.redis;
  }
  if (port !== DEFAULT_PORT || banxicoToken !== undefined) vars.BANXICO_URL = stack.banxicoApi;
  // The shell puts secrets in: they are not printed.
  const names = banxicoToken === undefined ? [] : ["BANXICO_TOKEN", ...Object.keys(secrets)];
  for (const name of names) vars[name] = `$${name}`;
  Object.assign(vars, listOf(providers), banxicoToken === undefined && simulatedVars(stack.urls.banxico, providers));
  if (clockOffsetMs !== 0) vars.CLOCK_OFFSET_MS = String(clockOffsetMs);
  const words = Object.entries(vars).map(([name, value]) => `--var ${name}:${value}`);
  return ["npx wrangler dev", ...(port === DEFAULT_PORT ? [] : [`--port ${port}`]), ...words].join(" ");
}

/** What to do so that webhooks are delivered too: `--var` reaches the first worker only. */
export function deliveryText(command: string, { port }: Pick<DevOptions, "port">): string {
  if (port !== DEFAULT_PORT)
    return "Webhooks are then due, but not delivered: the delivering worker needs the default ports.";
  const both = command.replace("wrangler dev", "wrangler dev -c wrangler.toml -c wrangler.deliver.toml");
  return `With the worker that delivers webhooks beside it:\n\n  ${both}`;
}

const DEFAULT_PORT = 8787;

function debuggers(stack: Stack, { withoutEdge }: DevOptions): string {
  const { edge, origin } = stack.inspectorPorts;
  const originText = `origin 127.0.0.1:${origin}`;
  return withoutEdge ? originText : `worker 127.0.0.1:${edge}, ${originText}`;
}

const MAX_LISTED = 12;

/** The currencies, or how many there are. */
function served({ providers }: DevOptions): string {
  const { currencies } = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: providers });
  return currencies.length <= MAX_LISTED
    ? currencies.join(", ")
    : `${currencies.length} currencies of ${providers.join(", ")}`;
}
