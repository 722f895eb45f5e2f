import { CARRY_FORWARD_DAYS } from "../ops/policy.ts";
import { addDays } from "../time/dates.ts";
import type { RateEvent, RateEventData, RateEventType } from "../wire/events.ts";

/** What live updates send: the same JSON over server-sent events and WebSockets. */

/** Proxies cut connections that are silent for a minute or more. */
export const HEARTBEAT_SECONDS = 25;

export interface RateMessage extends RateEventData {
  type: RateEventType;
  /** The event's number, the same from every host and after every reconnection. */
  id: number;
}

/** The first message of a connection: where it begins, and the highest number so far. */
export interface Hello {
  type: "hello";
  id: number;
  latest: number;
  heartbeat_seconds: number;
}

/** Events since `after` are no longer kept here: read them from /events, which has all of them. */
export interface Resync {
  type: "resync";
  id: number;
  after: number;
  latest: number;
}

export function messageOf({ seq, type, data }: RateEvent): RateMessage {
  return { type, id: seq, ...data };
}

/**
 * Whether an event is sent to who listens now. The first values of dates long past are a history that is being loaded:
 * the log has them, and nobody waits for them.
 */
export function isNews({ type, data, occurred_at }: RateEvent): boolean {
  return type !== "rate.published" || data.date >= addDays(occurred_at.slice(0, 10), -CARRY_FORWARD_DAYS);
}

export function helloOf(position: number, latest: number): Hello {
  return { type: "hello", id: position, latest, heartbeat_seconds: HEARTBEAT_SECONDS };
}

export function resyncOf(after: number, latest: number): Resync {
  return { type: "resync", id: latest, after, latest };
}
