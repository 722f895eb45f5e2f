import { isRateValue, type Observation } from "../rates/page.ts";
import { isPlainDate } from "../time/dates.ts";

/**
 * The newest observation of every series of one provider: the other way to cut what pages hold, for tables of all
 * currencies. A series without any value is absent.
 */
export interface Board {
  provider: string;
  /** The highest sequence number among the provider's current revisions; 0 if there are none. */
  version: number;
  /** By series id. */
  values: Readonly<Record<string, Observation>>;
}

const MAX_SERIES = 1_000;

export function encodeBoard(board: Board): string {
  return JSON.stringify(board);
}

/** The board that `text` encodes, or undefined if it is not a valid one of that provider: a corrupt entry is a miss. */
export function decodeBoard(text: string, provider: string): Board | undefined {
  try {
    const board: unknown = JSON.parse(text);
    return isBoard(board) && board.provider === provider ? board : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value from outside is a board: shape, dates that exist, positive decimals. */
export function isBoard(value: unknown): value is Board {
  if (typeof value !== "object" || value === null) return false;
  const { provider, version, values } = value as Partial<Record<keyof Board, unknown>>;
  if (typeof provider !== "string" || !Number.isSafeInteger(version) || (version as number) < 0) return false;
  if (typeof values !== "object" || values === null || Array.isArray(values)) return false;
  const entries = Object.entries(values);
  return entries.length <= MAX_SERIES && entries.every(([id, one]) => id.startsWith(`${provider}.`) && isNewest(one));
}

function isNewest(value: unknown): value is Observation {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [date, rate] = value as unknown[];
  return typeof date === "string" && isPlainDate(date) && isRateValue(rate);
}
