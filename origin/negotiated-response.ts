import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { acceptsGzip } from "#core/api/accept.ts";
import { addDiagnostics, type Diagnostics, wantsDiagnostics } from "#core/api/diagnostics.ts";
import { conditional } from "#core/api/etag.ts";
import type { FinishedResponse } from "#core/api/finished-response.ts";
import { type HotLimits, HotResponses } from "#core/api/hot-responses.ts";

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

const compress = promisify(gzip);

/** A finished response in every form in which it can be requested. */
export class NegotiatedResponse {
  readonly #source: FinishedResponse;
  readonly #isNegotiated: boolean;
  readonly #plain: Record<string, string>;
  #compressed: Promise<Uint8Array> | undefined;

  constructor(response: FinishedResponse) {
    this.#source = response;
    this.#isNegotiated = response.body.length >= MIN_COMPRESSED_LENGTH;
    const vary = [response.headers.Vary, "Accept-Encoding"].filter((name) => name !== undefined).join(", ");
    this.#plain = this.#isNegotiated ? { ...response.headers, Vary: vary } : response.headers;
  }

  /** The response: plain, compressed, or 304. `isReused`: it was made for an earlier request. */
  respond(conditions: Conditions, isReused: boolean): Response | Promise<Response> {
    const isCompressed = this.#isNegotiated && acceptsGzip(conditions.acceptEncoding);
    const made = this.#source.diagnostics && (isReused ? REUSED : this.#source.diagnostics);
    const wanted = wantsDiagnostics(conditions.cacheControl) ? made : undefined;
    // A weak tag means the same rates in other bytes; a 304 has the tag that the 200 would have had.
    const headers = isCompressed ? { ...this.#plain, ETag: `W/${this.#plain.ETag}` } : this.#plain;
    const response = conditional(conditions.ifNoneMatch, this.#source.body, headers);
    if (isCompressed && response.status === 200) return this.#respondCompressed(headers, wanted);
    if (wanted) addDiagnostics(response.headers, wanted);
    return response;
  }

  /** Compressed once for all clients. */
  async #respondCompressed(headers: Record<string, string>, diagnostics: Diagnostics | undefined): Promise<Response> {
    this.#compressed ??= compress(this.#source.body, { level: GZIP_LEVEL });
    const response = new Response(await this.#compressed, { headers: { ...headers, "Content-Encoding": "gzip" } });
    if (diagnostics) addDiagnostics(response.headers, diagnostics);
    return response;
  }
}
