import { meantPolicyName } from "#core/policy-names.ts";
import { problemResponse } from "#core/problem.ts";
import { createApp } from "./app.ts";
import { InvalidEnv } from "./env.ts";
import { onDelivery, onTick } from "./events.ts";
import { RequestScope } from "./request-scope.ts";
import { createServices, type Services } from "./services.ts";

interface Isolate {
  services: Services;
  app: ReturnType<typeof createApp>;
}

const ENV_RETRY_AFTER_SECONDS = 60;

/** Built at the first event, for the environment is not known before; plain objects, and nothing of a request. */
let isolate: Isolate | undefined;

function isolateOf(bindings: unknown): Isolate {
  if (isolate === undefined) {
    const services = createServices(bindings);
    warnOfUnknown(services.env.unknownNames);
    isolate = { services, app: createApp(services) };
  }
  return isolate;
}

export default {
  /** Hot answers are given before anything else runs. */
  fetch(request, bindings, context) {
    try {
      isolate ??= isolateOf(bindings);
    } catch (error) {
      return misconfigured(error, request);
    }
    const { services, app } = isolate;
    const nowMs = services.now();
    if (services.metrics.isDue(nowMs)) {
      context.waitUntil(services.metrics.flush(new RequestScope(services.now, context, request)));
    }
    const hot = services.answers.give(request, nowMs);
    if (hot === undefined) return app.fetch(request, {}, context);
    services.metrics.hot();
    return hot;
  },

  async scheduled(_controller, bindings, context) {
    await onTick(isolateOf(bindings).services, context);
  },

  async queue(batch, bindings, context) {
    await onDelivery(batch, isolateOf(bindings).services, context);
  },
} satisfies ExportedHandler;

/** Names what has no effect: a misspelt setting would otherwise be ignored in silence. */
function warnOfUnknown(names: readonly string[]): void {
  for (const name of names) {
    const meant = meantPolicyName(name);
    const advice = meant === undefined ? "" : `; did you mean ${meant}?`;
    console.log(JSON.stringify({ level: "warning", message: `${name} is not a setting${advice}` }));
  }
}

/** Names what is missing, in the log alone. */
function misconfigured(error: unknown, request: Request): Response {
  if (!(error instanceof InvalidEnv)) throw error;
  console.log(JSON.stringify({ level: "error", message: error.message }));
  return problemResponse({ code: "unavailable", retryAfterSeconds: ENV_RETRY_AFTER_SECONDS }, request.url);
}
