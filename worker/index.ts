import { problemResponse } from "#core/api/problem.ts";
import { meantPolicyName } from "#core/ops/policy-names.ts";
import { createHandler, type Handler } from "./app.ts";
import { type Env, InvalidEnv } from "./env.ts";
import { onDelivery, onTick } from "./events.ts";
import { RequestScope } from "./ops/request-scope.ts";
import { createServices, type Services } from "./services.ts";

export { Hub } from "./live/hub.ts";

interface Isolate {
  services: Services;
  handle: Handler;
}

const ENV_RETRY_AFTER_SECONDS = 60;

/** Built at the first event, because the environment is not known before; nothing in it belongs to a request. */
let isolate: Isolate | undefined;

function isolateOf(bindings: unknown): Isolate {
  if (isolate === undefined) {
    const services = createServices(bindings);
    warnOf(services.env);
    isolate = { services, handle: createHandler(services) };
  }
  return isolate;
}

export default {
  fetch(request, bindings, context) {
    try {
      isolate ??= isolateOf(bindings);
    } catch (error) {
      return misconfigured(error, request);
    }
    const { services, handle } = isolate;
    const nowMs = services.now();
    if (services.metrics.isDue(nowMs)) {
      context.waitUntil(services.metrics.flush(new RequestScope(services.now, context, request)));
    }
    return handle(request, context);
  },

  async scheduled(_controller, bindings, context) {
    await onTick(isolateOf(bindings).services, context);
  },

  async queue(batch, bindings, context) {
    await onDelivery(batch, isolateOf(bindings).services, context);
  },
} satisfies ExportedHandler;

/** Warns of providers that are off, and of unknown settings: a misspelt one would otherwise be ignored silently. */
function warnOf({ warnings, unknownNames }: Env): void {
  const unknown = unknownNames.map((name) => {
    const meant = meantPolicyName(name);
    const advice = meant === undefined ? "" : `; did you mean ${meant}?`;
    return `${name} is not a setting${advice}`;
  });
  for (const message of [...warnings, ...unknown]) console.log(JSON.stringify({ level: "warning", message }));
}

/** Logs what is missing; the response does not say. */
function misconfigured(error: unknown, request: Request): Response {
  if (!(error instanceof InvalidEnv)) throw error;
  console.log(JSON.stringify({ level: "error", message: error.message }));
  return problemResponse({ code: "unavailable", retryAfterSeconds: ENV_RETRY_AFTER_SECONDS }, request.url);
}
