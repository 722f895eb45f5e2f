import { CommandError } from "./backend.ts";

/** What may follow `SET key value`. */
export interface SetOptions {
  only?: "NX" | "XX";
  get: boolean;
  keepTtl: boolean;
  expiresAt?: number;
}

const unitsMs: Record<string, { ms: number; isInstant: boolean }> = {
  EX: { ms: 1_000, isInstant: false },
  PX: { ms: 1, isInstant: false },
  EXAT: { ms: 1_000, isInstant: true },
  PXAT: { ms: 1, isInstant: true },
};

/** Reads the options of SET; throws Redis's own errors. */
export function parseSet(words: readonly string[], now: number): SetOptions {
  const options: SetOptions = { get: false, keepTtl: false };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]?.toUpperCase() ?? "";
    const unit = unitsMs[word];
    if ((word === "NX" || word === "XX") && options.only === undefined) options.only = word;
    else if (word === "GET") options.get = true;
    else if (word === "KEEPTTL") options.keepTtl = true;
    else if (unit !== undefined && options.expiresAt === undefined) {
      const amount = words[++i] ?? "";
      if (!/^\d+$/.test(amount)) throw new CommandError("ERR value is not an integer or out of range");
      if (Number(amount) === 0) throw new CommandError("ERR invalid expire time in 'set' command");
      options.expiresAt = Number(amount) * unit.ms + (unit.isInstant ? 0 : now);
    } else throw new CommandError("ERR syntax error");
  }
  return options;
}
