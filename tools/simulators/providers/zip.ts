import { crc32, deflateRawSync } from "node:zlib";

/** A zip archive of one file, as the ECB packs its history. `declared` lies about the size. */
export function zipOf(
  name: string,
  content: Buffer,
  { declared = content.length, method = 8 } = {},
): Uint8Array<ArrayBuffer> {
  const compressed = method === 8 ? deflateRawSync(content) : content;
  const fields = Buffer.alloc(20);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(compressed.length, 14);
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(declared, 0);
  sizes.writeUInt16LE(name.length, 4);
  const local = Buffer.concat([
    Buffer.from("PK\x03\x04"),
    fields.subarray(0, 18),
    sizes,
    Buffer.from(name),
    compressed,
  ]);
  const central = Buffer.concat([
    Buffer.from("PK\x01\x02\x14\x00"),
    fields.subarray(0, 18),
    sizes,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return new Uint8Array(Buffer.concat([local, central, end]));
}
