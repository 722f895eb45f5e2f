import type { Hello } from "./message.ts";
import { formatPosition, type Position } from "./position.ts";

export type Part = keyof Position;

/** A message on its way to a reader. */
export interface Outgoing {
  /** Where its reader is once it has it. */
  position: string;
  type: string;
  json: string;
}

/**
 * Merges the hub of public events and an account's into one order with one position. Nothing is passed on before every part
 * has said where it begins: until then there is no position to come back to.
 */
export class Merge {
  readonly #parts: readonly Part[];
  /** Where each part is, once it has said so. */
  readonly #position: Partial<Position> = {};
  #held: { part: Part; id: number; type: string; json: string }[] = [];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** What a reader is to be sent for a message of one part. */
  take(part: Part, json: string): Outgoing[] {
    const { id, type } = JSON.parse(json) as Pick<Hello, "id"> & { type: string };
    if (type === "hello") this.#position[part] = id;
    // Of several, the public hello speaks for all.
    if (type !== "hello" || part === "public") this.#held.push({ part, id, type, json });
    if (this.#parts.some((one) => this.#position[one] === undefined)) return [];
    const out = this.#held.map((one) => {
      this.#position[one.part] = one.id;
      // Which log it is that has to be read again.
      const isAccountResync = one.type === "resync" && one.part === "account";
      const json = isAccountResync ? `{"log":"account",${one.json.slice(1)}` : one.json;
      return { position: formatPosition(this.#position as Position), type: one.type, json };
    });
    this.#held = [];
    return out;
  }
}
