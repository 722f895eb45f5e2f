import type { BodyEncoding } from "../provider.ts";

/**
 * A response's bytes as text. `maxBytes` bounds the text as well: a zip of a few kilobytes may hold gigabytes. Throws
 * RangeError if it is larger, or if a zip is damaged.
 */
export async function decodeBody(
  bytes: Uint8Array<ArrayBuffer>,
  encoding: BodyEncoding,
  maxBytes: number,
): Promise<string> {
  if (bytes.length > maxBytes) throw new RangeError("body too large");
  if (encoding === "windows-1251") return new TextDecoder("windows-1251").decode(bytes);
  const isZip = encoding === "zip" && viewOf(bytes).getUint32(0, true) === LOCAL_HEADER;
  // An error page comes as text, also to a request for a zip.
  return new TextDecoder().decode(isZip ? await unzipFirst(bytes, maxBytes) : bytes);
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const END_RECORD_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const [STORED, DEFLATED] = [0, 8];

/** The first file of a zip archive, found through its directory and held to the size and checksum that stand there. */
async function unzipFirst(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Uint8Array> {
  const view = viewOf(bytes);
  const directory = view.getUint32(findEndRecord(view) + 16, true);
  if (view.getUint32(directory, true) !== CENTRAL_HEADER) throw new RangeError("zip without a directory");
  const method = view.getUint16(directory + 10, true);
  const checksum = view.getUint32(directory + 16, true);
  const compressedBytes = view.getUint32(directory + 20, true);
  const size = view.getUint32(directory + 24, true);
  if (size > maxBytes) throw new RangeError("body too large");
  const local = view.getUint32(directory + 42, true);
  if (view.getUint32(local, true) !== LOCAL_HEADER) throw new RangeError("zip entry not found");
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const compressed = bytes.subarray(start, start + compressedBytes);
  if (method !== STORED && method !== DEFLATED) throw new RangeError("zip method not supported");
  const content = method === STORED ? compressed : await inflate(compressed, size);
  if (content.length !== size || crc32(content) !== checksum) throw new RangeError("zip entry damaged");
  return content;
}

/** Inflates into exactly `size` bytes; stops as soon as there would be more. */
async function inflate(compressed: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array> {
  const content = new Uint8Array(size);
  let filled = 0;
  const source = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = source.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return content.subarray(0, filled);
      if (filled + value.length > size) throw new RangeError("zip entry larger than declared");
      content.set(value, filled);
      filled += value.length;
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw error instanceof RangeError ? error : new RangeError("zip entry damaged");
  }
}

/** The record at the end, which a comment may follow. */
function findEndRecord(view: DataView): number {
  const last = view.byteLength - END_RECORD_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--)
    if (view.getUint32(at, true) === END_RECORD) return at;
  throw new RangeError("zip without an end");
}

function viewOf(bytes: Uint8Array): DataView {
  // At least four bytes, so that the first word of a short body can be read.
  return bytes.length < 4
    ? new DataView(new ArrayBuffer(4))
    : new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function crc32(bytes: Uint8Array): number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
    return rest;
  });
  let crc = 0xffffffff;
  for (let index = 0; index < bytes.length; index++)
    crc = (table[(crc ^ (bytes[index] as number)) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
