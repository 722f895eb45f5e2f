import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { acceptsGzip } from "#core/api/accept.ts";
import { addDiagnostics, type Diagnostics, wantsDiagnostics } from "#core/api/diagnostics.ts";
import { matchesEtag } from "#core/api/etag.ts";
import type { FinishedResponse } from "#core/api/finished-response.ts";
import { type HotLimits, HotResponses } from "#core/api/hot-responses.ts";
import type { Store } from "./store/store.ts";

/** With its compressed body, an entry takes up to a fifth more. */
const LIMITS: HotLimits = { maxEntries: 1_000, maxBytes: 8_000_000 };

/** The finished responses of this process. */
export function hotResponses(limits: HotLimits = LIMITS): HotResponses<NegotiatedResponse> {
  return new HotResponses(limits);
}

/** The request headers that decide the form of a response. */
export interface Conditions {
  ifNoneMatch: string | undefined;
  acceptEncoding: string | undefined;
  cacheControl: string | undefined;
}

/** Shorter bodies fit into one packet uncompressed. */
const MIN_COMPRESSED_LENGTH = 1_024;

/** Takes a third of the default level's time, for 5 % more bytes. */
const GZIP_LEVEL = 4;
const REUSED: Diagnostics = { tier: "origin", durationMs: 0 };

/** Longer bodies are kept as bytes, outside of the small heap, and are not encoded for each client. */
const MIN_BYTES_LENGTH = 16_384;

const compress = promisify(gzip);

/** The response that is kept for a key, if it still holds: until its time, and until a page may have changed. */
export function keptResponse(
  { hotResponses, store }: { hotResponses: HotResponses<NegotiatedResponse>; store: Pick<Store, "pagesRevision"> },
  key: string,
  nowMs: number,
): NegotiatedResponse | undefined {
  const kept = hotResponses.find(key, nowMs);
  return kept?.madeFor?.revision === store.pagesRevision ? kept : undefined;
}

/** What goes over the wire. */
export interface WireResponse {
  status: 200 | 304;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | null;
}

/** The request that a response was made for. */
export interface MadeFor {
  /** The route's pattern, for the log. */
  route: string;
  /** The store's pagesRevision when the request came in. */
  revision: number | undefined;
}

/** A finished response in every form in which it can be requested. */
export class NegotiatedResponse {
  readonly madeFor: MadeFor | undefined;
  readonly #diagnostics: Diagnostics | undefined;
  readonly #isNegotiated: boolean;
  readonly #plain: WireResponse & { status: 200 };
  #compressed: Promise<WireResponse> | WireResponse | undefined;

  constructor({ body, headers, diagnostics }: FinishedResponse, madeFor?: MadeFor) {
    this.madeFor = madeFor;
    this.#diagnostics = diagnostics;
    this.#isNegotiated = body.length >= MIN_COMPRESSED_LENGTH;
    const vary = [headers.Vary, "Accept-Encoding"].filter((name) => name !== undefined).join(", ");
    const plain = this.#isNegotiated ? { ...headers, Vary: vary } : headers;
    const isText = typeof body === "string" && body.length < MIN_BYTES_LENGTH;
    this.#plain = wireOf(plain, isText ? body : bytesOf(body));
  }

  /** The response: plain, compressed, or 304. `isReused`: it was made for an earlier request. */
  async respond(conditions: Conditions, isReused: boolean): Promise<Response> {
    const { status, headers, body } = await this.wire(conditions);
    const response = new Response(body, { status, headers });
    const made = this.#diagnostics && (isReused ? REUSED : this.#diagnostics);
    if (made && wantsDiagnostics(conditions.cacheControl)) addDiagnostics(response.headers, made);
    return response;
  }

  /** The same without what holds for one request only. */
  wire({ ifNoneMatch, acceptEncoding }: Omit<Conditions, "cacheControl">): WireResponse | Promise<WireResponse> {
    const isCompressed = this.#isNegotiated && acceptsGzip(acceptEncoding);
    const { ETag: own = "" } = this.#plain.headers;
    // A weak tag means the same rates in other bytes; a 304 has the tag that the 200 would have had.
    const tag = isCompressed ? `W/${own}` : own;
    if (matchesEtag(ifNoneMatch, tag)) {
      const { "Content-Type": _, "Content-Length": __, ...kept } = this.#plain.headers;
      return { status: 304, headers: { ...kept, ETag: tag }, body: null };
    }
    if (!isCompressed) return this.#plain;
    this.#compressed ??= this.#compress({ ...this.#plain.headers, ETag: tag });
    return this.#compressed;
  }

  /** Once for all clients. */
  async #compress(headers: Record<string, string>): Promise<WireResponse> {
    const bytes = await compress(this.#plain.body ?? "", { level: GZIP_LEVEL });
    this.#compressed = wireOf({ ...headers, "Content-Encoding": "gzip" }, bytes);
    return this.#compressed;
  }
}

function bytesOf(body: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof body === "string" ? Buffer.from(body) : body;
}

function wireOf(
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer>,
): WireResponse & { status: 200 } {
  return { status: 200, headers: { ...headers, "Content-Length": String(Buffer.byteLength(body)) }, body };
}
