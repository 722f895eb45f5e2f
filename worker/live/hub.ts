import { DurableObject } from "cloudflare:workers";
import { helloOf, resyncOf } from "#core/live/message.ts";
import { HubLog } from "./hub-log.ts";
import {
  type Admission,
  admissionIn,
  attachmentOf,
  isWanted,
  type Subscription,
  subscriptionIn,
  tagsOf,
} from "./subscription.ts";

/** A message as hubs keep and send it. */
export interface HubMessage {
  id: number;
  type: string;
  /** Empty: it is about no series. */
  series: string;
  /** JSON, in one line. */
  text: string;
}

/** What a hub is to send: every message with `after` < id ≤ `through`. */
export interface HubBatch {
  after: number;
  through: number;
  messages: readonly HubMessage[];
  /**
   * history: what a hub without any begins with. reset: the log went back, what was sent until now is not in it.
   * Else what follows on what the hub has.
   */
  kind?: "history" | "reset";
}

/** A hub that has nothing yet needs the history before anything else. */
export const NEEDS_HISTORY = -1;
export const NEEDS_HISTORY_STATUS = 409;
/** There is no room for another connection. */
export const FULL_STATUS = 503;
/** The ticket was used before. */
export const USED_STATUS = 401;

/** How long one reader has to bring the history before another one is asked. */
const HISTORY_WAIT_MS = 2_000;
/** Readers who were asked and for whom a reader waits. */
const MAX_HISTORY_WAITS = 2;
/** Memory allows more; reconnecting readers come at a thousand a second at most. */
export const MAX_SOCKETS = 5_000;
export const POLICY_VIOLATION = 1008;
export const ONLY_PING = "send ping and nothing else";

/**
 * Sends messages to everyone who is connected to this object, and keeps the newest for those who come back. Once it
 * has a history nothing in it is asynchronous: a pending call or timer would keep the object from hibernating. One for each
 * part of a region, and one for each account.
 */
export class Hub extends DurableObject {
  readonly #log: HubLog;
  /** The history that a reader was asked to bring. */
  #coming: PromiseWithResolvers<void> | undefined;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never);
    this.#log = new HubLog(state.storage);
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** Accepts a socket and sends what it missed. */
  override async fetch(request: Request): Promise<Response> {
    const refusal = await this.#refusalWithoutHistory();
    if (refusal !== undefined) return new Response(null, { status: refusal });
    return this.#accept(request);
  }

  /** The first reader brings the history, and the others wait for it: a thousand who come back at once read it once. */
  async #refusalWithoutHistory(): Promise<number | undefined> {
    for (let waits = 0; this.#log.range.isNew; waits++) {
      if (this.#coming === undefined) return this.#requestHistory();
      if (waits === MAX_HISTORY_WAITS) return FULL_STATUS;
      await this.#coming.promise;
    }
    return undefined;
  }

  /** One request at a time: an origin that is away is not called by everyone who waits. */
  #requestHistory(): number {
    const coming = Promise.withResolvers<void>();
    this.#coming = coming;
    void scheduler.wait(HISTORY_WAIT_MS).then(() => {
      if (this.#coming === coming) this.#endWait();
    });
    return NEEDS_HISTORY_STATUS;
  }

  /** Of those who wait the first one goes on before the others; without a history it is asked for it. */
  #endWait(): void {
    this.#coming?.resolve();
    this.#coming = undefined;
  }

  /** No await in between, so there is neither a gap nor a double. */
  #accept(request: Request): Response {
    const url = new URL(request.url);
    const admission = admissionIn(url);
    const maxSockets = admission?.maxSockets ?? MAX_SOCKETS;
    if (this.ctx.getWebSockets().length >= maxSockets) return new Response(null, { status: FULL_STATUS });
    if (admission !== undefined && !this.#isAdmitted(admission)) return new Response(null, { status: USED_STATUS });
    const { 0: client, 1: server } = new WebSocketPair();
    const wanted = subscriptionIn(url);
    const { floor, latest } = this.#log.range;
    const position = wanted.after ?? latest;
    // Told of messages that this object does not have yet: they must not be sent to it again.
    const subscription: Subscription = { ...wanted, after: position > latest ? position : undefined };
    this.ctx.acceptWebSocket(server, tagsOf(subscription));
    server.serializeAttachment(attachmentOf(subscription));
    if (position < floor) {
      server.send(JSON.stringify(helloOf(latest, latest)));
      server.send(JSON.stringify(resyncOf(position, latest)));
    } else {
      server.send(JSON.stringify(helloOf(position, latest)));
      for (const message of this.#log.after(position)) if (isWanted(subscription, message)) server.send(message.text);
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Sends what is new, once, however often it is called. Returns the highest number that it has, or NEEDS_HISTORY. */
  async publish({ after, through, messages, kind }: HubBatch): Promise<number> {
    const { latest, isNew } = this.#log.range;
    if (isNew && kind === undefined) return NEEDS_HISTORY;
    if (isNew) this.#log.restart(after);
    // What lies between was never sent here: readers have to look for themselves.
    else if (kind === "reset" || (kind === undefined && after > latest)) this.#restart(after, kind);
    for (const message of messages) if (this.#log.add(message)) this.#broadcast(message);
    this.#log.moveTo(through);
    this.#endWait();
    return this.#log.range.latest;
  }

  /** Ends the connections that depend on a key, or with null all of them, e.g. of an account that was disabled. */
  async disconnect(reason: string, keyId: string | null): Promise<void> {
    for (const socket of this.ctx.getWebSockets())
      if (keyId === null || (socket.deserializeAttachment() as Subscription).keyId === keyId)
        socket.close(POLICY_VIOLATION, reason);
  }

  /** Anything but `ping`, which the runtime answers. */
  override webSocketMessage(socket: WebSocket): void {
    socket.close(POLICY_VIOLATION, ONLY_PING);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // A close without a code can't be sent on.
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  #isAdmitted({ ticketId, rememberUntilMs, nowMs }: Admission): boolean {
    return this.#log.useTicket(ticketId, rememberUntilMs, nowMs);
  }

  #restart(id: number, kind: HubBatch["kind"]): void {
    const { latest } = this.#log.range;
    this.#log.restart(id);
    const text = JSON.stringify(resyncOf(Math.min(latest, id), id));
    for (const socket of this.ctx.getWebSockets()) {
      // The numbers up to which it was ahead of us are given again.
      if (kind === "reset")
        socket.serializeAttachment({ ...(socket.deserializeAttachment() as Subscription), after: undefined });
      send(socket, text);
    }
  }

  #broadcast(message: HubMessage): void {
    for (const socket of this.ctx.getWebSockets("all")) send(socket, message.text);
    for (const tag of [`s:${message.series}`, "checked"])
      for (const socket of this.ctx.getWebSockets(tag))
        if (isWanted(socket.deserializeAttachment() as Subscription, message)) send(socket, message.text);
  }
}

/** A socket that is closing takes nothing; its reader comes back for it. */
function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    socket.close(1011, "not reachable");
  }
}
