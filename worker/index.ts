import type { Hono } from "hono";
import { problemResponse } from "#core/problem.ts";
import { createApp } from "./app.ts";
import { InvalidEnv } from "./env.ts";
import { RequestScope } from "./request-scope.ts";
import { createServices, type Services } from "./services.ts";

interface Isolate {
  services: Services;
  app: Hono<never>;
}

const ENV_RETRY_AFTER_SECONDS = 60;

/** Built at the first event, for the environment is not known before; plain objects, and nothing of a request. */
let isolate: Isolate | undefined;

function isolateOf(bindings: unknown): Isolate {
  if (isolate === undefined) {
    const services = createServices(bindings);
    isolate = { services, app: createApp(services) as unknown as Hono<never> };
  }
  return isolate;
}

export default {
  fetch(request, bindings, context) {
    let current: Isolate;
    try {
      current = isolateOf(bindings);
    } catch (error) {
      return misconfigured(error, request);
    }
    const { services, app } = current;
    const nowMs = services.now();
    if (services.metrics.isDue(nowMs)) {
      context.waitUntil(services.metrics.flush(new RequestScope(services.now, context, request)));
    }
    const hot = services.answers.give(request, nowMs);
    if (hot !== undefined) {
      services.metrics.hot();
      return hot;
    }
    return app.fetch(request, bindings as never, context);
  },
} satisfies ExportedHandler;

function misconfigured(error: unknown, request: Request): Response {
  if (!(error instanceof InvalidEnv)) throw error;
  console.log(JSON.stringify({ level: "error", message: error.message }));
  return problemResponse({ code: "unavailable", retryAfterSeconds: ENV_RETRY_AFTER_SECONDS }, request.url);
}
