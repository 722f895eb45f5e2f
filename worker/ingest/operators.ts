import type { EventClient } from "../ops/event-client.ts";
import type { Reporter } from "../ops/reporter.ts";
import type { Scope } from "../ops/scope.ts";
import type { Watch } from "./ports.ts";

/** The operators' ear for one invocation: log and Sentry, and the origin for what is counted. */
export function watchOf(reporter: Reporter, eventClient: Pick<EventClient, "send">, scope: Scope): Watch {
  return {
    exception: (error, where) => reporter.exception(error, where, scope),
    notice: (message, facts) => reporter.notice(message, facts, scope),
    event: (event, name, detail) => eventClient.send(event, name, detail, scope),
  };
}
