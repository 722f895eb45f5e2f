import type { Moment } from "../providers/provider.ts";
import { isRateValue, type Page } from "../rates/page.ts";
import { isPlainDate } from "../time/dates.ts";

/** The newest value of every series of one provider. */
export interface Board {
  provider: string;
  /** The highest sequence number among the provider's observations, withdrawn ones included; 0 if there are none. */
  version: number;
  /** By series; one without a value, or whose values were all withdrawn, is absent. */
  values: Readonly<Record<string, readonly [moment: Moment, value: string]>>;
}

const MAX_SERIES = 500;
const SERIES_ID = /^[a-z][a-z-]*(\.[A-Za-z0-9]+){1,2}$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

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

/**
 * The board to publish while the origin lacks values that readers have seen: of each series the later of its own and the
 * replica's. `pages`: as they are published with it, which say more of their series than the replica does.
 */
export function withSeenValues(origin: Board, replica: Board, pages: readonly Page[]): Board {
  const values: Record<string, readonly [Moment, string]> = { ...origin.values };
  for (const [id, seen] of Object.entries(replica.values)) {
    const [own, [date]] = [origin.values[id], seen];
    if (own !== undefined && own[0] > date) continue;
    const page = pages.find(({ series, year }) => series === id && date.startsWith(`${year}-`));
    const newest = page === undefined ? seen : page.observations.at(-1);
    if (newest !== undefined) values[id] = newest;
  }
  return { ...origin, version: Math.max(origin.version, replica.version), values };
}

/** Whether a value from outside is a board: shape, series of the provider, dates that exist, positive decimals. */
export function isBoard(board: unknown): board is Board {
  if (typeof board !== "object" || board === null) return false;
  const { provider, version, values } = board as Partial<Record<keyof Board, unknown>>;
  if (typeof provider !== "string" || !Number.isSafeInteger(version) || (version as number) < 0) return false;
  if (typeof values !== "object" || values === null || Array.isArray(values)) return false;
  const entries = Object.entries(values);
  if (entries.length > MAX_SERIES || (entries.length > 0 && version === 0)) return false;
  return entries.every(
    ([series, value]) => series.startsWith(`${provider}.`) && SERIES_ID.test(series) && isValue(value),
  );
}

function isValue(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isMoment(value[0]) && isRateValue(value[1]);
}

function isMoment(moment: unknown): boolean {
  return typeof moment === "string" && isPlainDate(INSTANT.exec(moment)?.[1] ?? moment);
}
