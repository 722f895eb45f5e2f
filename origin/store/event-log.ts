import {
  CONSUMERS,
  type CursorName,
  EVENT_TYPES,
  type EventPage,
  type EventType,
  type LogEvent,
  MAX_EVENTS_PER_PAGE,
} from "#core/wire/events.ts";
import type { NewEvent } from "./events.ts";

/** Which events are wanted: of these types, and of these series or providers; undefined: of all. */
export interface EventFilter {
  types: readonly EventType[];
  series?: readonly string[] | undefined;
  providers?: readonly string[] | undefined;
}

export interface EventQuery extends EventFilter {
  after: number;
  limit: number;
}

/** How far a consumer has come. */
export interface ConsumerLag {
  consumer: string;
  seq: number;
  /** How many numbers it has not read, and how long ago the first of them was given. */
  behind: number;
  ageSeconds: number;
}

/** The log of events, outside of commits. */
export interface EventLog {
  /** Events after a number, ascending. */
  read(query: EventQuery): Promise<EventPage>;
  /** Where a consumer goes on; 0 if it never began. */
  cursor(consumer: CursorName): Promise<number>;
  /** Moves a cursor if it is still where its consumer found it, so that a replay is not undone. Returns where it is now. */
  moveCursor(consumer: CursorName, from: number, to: number, nowMs: number): Promise<number>;
  /** Has a consumer read the log from a number on. */
  setCursor(consumer: CursorName, to: number, nowMs: number): Promise<void>;
  /** The highest number given so far. */
  latest(): Promise<number>;
  /** How far the consumers that ever began are behind. */
  lag(nowMs: number): Promise<ConsumerLag[]>;
}

/** A row of the table, with its number. */
export type StoredEvent = NewEvent & { seq: number };

/** What a dialect does for the log. */
export interface EventStatements {
  latest(): Promise<number>;
  /** At most `limit` events with `after` < seq ≤ `through`, ascending. */
  rows(filter: EventFilter, range: { after: number; through: number; limit: number }): Promise<StoredEvent[]>;
  /** The lowest number above another; undefined if there is none. */
  firstAfter(seq: number): Promise<number | undefined>;
  cursors(): Promise<Pick<ConsumerLag, "consumer" | "seq">[]>;
  /** Makes the row of a consumer that has none. */
  addCursor(consumer: string, at: string): Promise<void>;
  /** `from`: only if it is there; undefined: in any case. */
  writeCursor(consumer: string, from: number | undefined, to: number, at: string): Promise<void>;
}

/** Numbers that one page looks at, so that a filter that matches little costs little. */
const MAX_SCANNED = 10_000;

/** The log over a dialect's statements. */
export class StoredEvents implements EventLog {
  readonly #statements: EventStatements;

  constructor(statements: EventStatements) {
    this.#statements = statements;
  }

  async read({ after, limit, ...filter }: EventQuery): Promise<EventPage> {
    // Read first: every event up to it can be seen by what follows.
    const latest = await this.#statements.latest();
    const through = Math.min(after + MAX_SCANNED, latest);
    const most = Math.min(limit, MAX_EVENTS_PER_PAGE);
    const rows = through > after ? await this.#statements.rows(filter, { after, through, limit: most }) : [];
    const isFull = rows.length === most;
    let next = isFull ? (rows.at(-1)?.seq ?? after) : through;
    // A restored database goes on far above the numbers that it had.
    if (rows.length === 0 && next < latest) next = ((await this.#statements.firstAfter(next)) ?? latest + 1) - 1;
    return { events: rows.map(eventOf), next, latest };
  }

  async cursor(consumer: CursorName): Promise<number> {
    return (await this.#statements.cursors()).find((row) => row.consumer === consumer)?.seq ?? 0;
  }

  async moveCursor(consumer: CursorName, from: number, to: number, nowMs: number): Promise<number> {
    await this.#write(consumer, from, to, nowMs);
    return this.cursor(consumer);
  }

  setCursor(consumer: CursorName, to: number, nowMs: number): Promise<void> {
    return this.#write(consumer, undefined, to, nowMs);
  }

  latest(): Promise<number> {
    return this.#statements.latest();
  }

  async lag(nowMs: number): Promise<ConsumerLag[]> {
    const latest = await this.latest();
    const ofLog: readonly string[] = CONSUMERS;
    const known = (await this.#statements.cursors()).filter(({ consumer }) => ofLog.includes(consumer));
    return Promise.all(
      known.map(async ({ consumer, seq }) => {
        const range = { after: seq, through: latest, limit: 1 };
        const [first] = await this.#statements.rows({ types: EVENT_TYPES }, range);
        const ageMs = first === undefined ? 0 : Math.max(0, nowMs - Date.parse(first.occurredAt));
        return { consumer, seq, behind: Math.max(0, latest - seq), ageSeconds: Math.round(ageMs / 1_000) };
      }),
    );
  }

  async #write(consumer: CursorName, from: number | undefined, to: number, nowMs: number): Promise<void> {
    const at = new Date(nowMs).toISOString();
    await this.#statements.addCursor(consumer, at);
    await this.#statements.writeCursor(consumer, from, to, at);
  }
}

function eventOf({ seq, type, subject, version, data, occurredAt }: StoredEvent): LogEvent {
  const common = { series: subject, ...data, at: occurredAt };
  const full = version === null ? common : { ...common, version };
  return { seq, type, subject, data: full, occurred_at: occurredAt } as LogEvent;
}
