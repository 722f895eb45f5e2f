import type { Board } from "#core/pages/board.ts";
import { type BoardCopy, type Boards, PagesUnavailable } from "#core/pages/page-source.ts";
import type { Catalogue } from "#core/providers/catalogue.ts";
import type { Store } from "./store/store.ts";

export interface StoreBoardsSettings {
  store: Pick<Store, "board">;
  catalogue: Catalogue;
  /** Epoch milliseconds. */
  now: () => number;
  /** How long a board is served without reading the store: other instances may have committed since. */
  freshMs: number;
  /** How long a board is served, marked stale, while the store fails. */
  horizonMs: number;
}

interface Held {
  board: Board;
  readAtMs: number;
}

const RETRY_AFTER_SECONDS = 5;

/** Boards from the store, held briefly. */
export class StoreBoards implements Boards {
  readonly #settings: StoreBoardsSettings;
  readonly #held = new Map<string, Held>();
  readonly #underWay = new Map<string, Promise<Held>>();

  constructor(settings: StoreBoardsSettings) {
    this.#settings = settings;
  }

  readBoards(providers: readonly string[]): Promise<BoardCopy[]> {
    return Promise.all(providers.map((id) => this.#read(id)));
  }

  /** What is held of a provider, however old. */
  peek(provider: string): Board | undefined {
    return this.#held.get(provider)?.board;
  }

  /** After a commit: what is held of a provider is read again. */
  forget(provider: string): void {
    this.#held.delete(provider);
    this.#underWay.delete(provider);
  }

  async #read(provider: string): Promise<BoardCopy> {
    const { now, freshMs, horizonMs } = this.#settings;
    const held = this.#held.get(provider);
    if (held && now() < held.readAtMs + freshMs) return copyOf(held, held.readAtMs + freshMs);
    try {
      const { board, readAtMs } = await this.#readStore(provider);
      return copyOf({ board, readAtMs }, readAtMs + freshMs);
    } catch (error) {
      if (held === undefined || now() >= held.readAtMs + horizonMs)
        throw error instanceof PagesUnavailable ? error : new PagesUnavailable(RETRY_AFTER_SECONDS, { cause: error });
      return { ...copyOf(held, now()), stale: "origin_unavailable" };
    }
  }

  /** One query, shared by concurrent requests for the same board. */
  #readStore(id: string): Promise<Held> {
    const shared = this.#underWay.get(id);
    if (shared) return shared;
    const { store, catalogue, now } = this.#settings;
    const readAtMs = now();
    const reading = store.board(catalogue.providerOf({ provider: id })).then((board) => {
      const held = { board, readAtMs };
      // One that a commit has overtaken is used by those who wait for it, and not kept.
      if (this.#underWay.get(id) === reading) {
        this.#held.set(id, held);
        this.#underWay.delete(id);
      }
      return held;
    });
    reading.catch(() => this.#underWay.delete(id));
    this.#underWay.set(id, reading);
    return reading;
  }
}

function copyOf({ board }: Held, freshUntilMs: number): BoardCopy {
  return { board, tier: "origin", freshUntilMs };
}
