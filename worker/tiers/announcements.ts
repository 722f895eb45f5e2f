import { CARRY_FORWARD_DAYS, type Policy } from "#core/ops/policy.ts";
import type { Catalogue } from "#core/providers/catalogue.ts";
import type { Moment } from "#core/providers/provider.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import { lastAnnouncement, type Publication } from "#core/time/publication.ts";

interface Announcement {
  date: PlainDate;
  atMs: number;
  /** A series without a value since then has been suspended, or has ended. */
  from: PlainDate;
}

const MINUTE_MS = 60_000;

/** Which values are awaited. What was announced last is worked out once a minute, not for each page that is looked at. */
export class Announcements {
  readonly #catalogue: Pick<Catalogue, "publicationOf">;
  readonly #policy: Pick<Policy, "AWAITED_WINDOW_MS">;
  readonly #last = new Map<Publication, Announcement>();
  #minute = 0;

  constructor(catalogue: Pick<Catalogue, "publicationOf">, policy: Pick<Policy, "AWAITED_WINDOW_MS">) {
    this.#catalogue = catalogue;
    this.#policy = policy;
  }

  /** When a value later than `newest` was announced (epoch milliseconds); undefined if none is awaited, or no longer. */
  awaitedSinceMs(series: string, newest: Moment | undefined, nowMs: number): number | undefined {
    const publication = this.#catalogue.publicationOf(series);
    if (newest === undefined || publication === undefined) return undefined;
    const { date, atMs, from } = this.#lastOf(publication, nowMs);
    return from <= newest && newest < date && nowMs < atMs + this.#policy.AWAITED_WINDOW_MS ? atMs : undefined;
  }

  #lastOf(publication: Publication, nowMs: number): Announcement {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== this.#minute) this.#last.clear();
    this.#minute = minute;
    let last = this.#last.get(publication);
    if (last === undefined) {
      const { date, atMs } = lastAnnouncement(publication, nowMs);
      last = { date, atMs, from: addDays(date, -CARRY_FORWARD_DAYS) };
      this.#last.set(publication, last);
    }
    return last;
  }
}
