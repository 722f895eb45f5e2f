import type { Board } from "#core/pages/board.ts";

/** A board as this isolate holds it. */
export interface HeldBoard {
  board: Board;
  /** When Redis or the origin returned it. */
  readAtMs: number;
}

/** The boards of this isolate, one for each provider, and who is renewing them. */
export class BoardMemory {
  readonly #held = new Map<string, HeldBoard>();
  readonly #renewedUntilMs = new Map<string, number>();

  get(provider: string): HeldBoard | undefined {
    return this.#held.get(provider);
  }

  keep(board: Board, readAtMs: number): void {
    this.#held.set(board.provider, { board, readAtMs });
    this.#renewedUntilMs.delete(board.provider);
  }

  /** Whether the caller is to renew the board: not while another request does, until this instant. */
  claim(provider: string, nowMs: number, untilMs: number): boolean {
    if (nowMs < (this.#renewedUntilMs.get(provider) ?? 0)) return false;
    this.#renewedUntilMs.set(provider, untilMs);
    return true;
  }
}
