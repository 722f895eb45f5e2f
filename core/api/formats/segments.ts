import { hashesOf } from "../../ops/hash.ts";

/** A part of a body that is kept from response to response, as bytes, so that it is encoded and hashed once. */
export interface KeptPart {
  bytes: Uint8Array;
  /** Stands for the bytes where content is compared: the same for the same content, and shorter. */
  digest: string;
}

/** A body in parts: text that is written for one response, and what is kept. */
export type Segment = string | KeptPart;

/** A body as bytes. Two are the same if their fingerprints are. */
export interface JoinedBody {
  bytes: Uint8Array<ArrayBuffer>;
  fingerprint: string;
}

const encoder = new TextEncoder();

/** 64 bits of a text's hash, as four characters. */
export function digestOf(text: string): string {
  const [a, b] = hashesOf(text);
  return String.fromCharCode(a & 0xffff, (a >>> 16) & 0xffff, b & 0xffff, (b >>> 16) & 0xffff);
}

/** All segments in one piece: as text if they are text, and else as bytes. */
export function joinedBody(segments: readonly Segment[]): string | JoinedBody {
  if (segments.every((segment) => typeof segment === "string")) return segments.join("");
  const parts: Uint8Array[] = [];
  let fingerprint = "";
  let text = "";
  for (const segment of segments) {
    if (typeof segment === "string") {
      text += segment;
      continue;
    }
    if (text !== "") parts.push(encoder.encode(text));
    parts.push(segment.bytes);
    fingerprint += text + segment.digest;
    text = "";
  }
  parts.push(encoder.encode(text));
  fingerprint += text;
  return { bytes: concatenated(parts), fingerprint };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
