/** Where a reader is in the public log and, with private events, in its account's: "1042" or "1042.883". */
export interface Position {
  public: number;
  account?: number | undefined;
}

const POSITION = /^(0|[1-9]\d{0,15})(?:\.(0|[1-9]\d{0,15}))?$/;

/** undefined: it is none. */
export function parsePosition(text: string): Position | undefined {
  const [, first, second] = POSITION.exec(text) ?? [];
  const position = { public: Number(first), ...(second !== undefined && { account: Number(second) }) };
  const isSafe = Number.isSafeInteger(position.public) && Number.isSafeInteger(position.account ?? 0);
  return first !== undefined && isSafe ? position : undefined;
}

export function formatPosition(position: Position): string {
  return position.account === undefined ? String(position.public) : `${position.public}.${position.account}`;
}
