import { businessDaysAfter } from "../time/calendars.ts";
import { addDays, earlier, type PlainDate } from "../time/dates.ts";
import {
  announcedAtMs,
  announcementMs,
  expectedLatest,
  graceMsOf,
  nextDateAfter,
  type Publication,
  publicationsAfter,
} from "../time/publication.ts";
import { dateIn, instantOf } from "../time/zones.ts";

/** What a provider's calendar says at one instant. A request needs it several times, so it is built once and passed on. */
export interface Outlook {
  publication: Publication;
  nowMs: number;
  /** In the provider's zone. */
  today: PlainDate;
  /** The date of the newest value that is due: that of the last publication whose time and grace have passed. */
  expected: PlainDate;
  /**
   * The next instant at which freshness can change without a new observation: today's publication, the end of its grace,
   * or midnight in the provider's zone. No response that depends on the current time may be kept beyond it.
   */
  nextChangeMs: number;
}

/** How a latest observation compares with what the provider should have published by now. */
export interface Freshness {
  expected: PlainDate;
  /** Publications after the latest observation, up to the expected one. */
  publicationsMissed: number;
  stale: boolean;
  /** The provider's business days since the latest observation, today included. */
  ageBusinessDays: number;
  /** When the next observation is, or was, due (epoch milliseconds): in the past while one is awaited. */
  nextUpdateMs: number;
}

/** The last outlook of each publication: between two changes only the time differs, and most requests need one. */
const last = new WeakMap<Publication, Outlook>();

/** The outlook at an instant (epoch milliseconds). */
export function outlookAt(publication: Publication, nowMs: number): Outlook {
  const known = last.get(publication);
  if (known !== undefined && known.nowMs <= nowMs && nowMs < known.nextChangeMs) return { ...known, nowMs };
  const outlook = newOutlook(publication, nowMs);
  last.set(publication, outlook);
  return outlook;
}

function newOutlook(publication: Publication, nowMs: number): Outlook {
  const { zone } = publication;
  const today = dateIn(zone, nowMs);
  const announcedMs = announcementMs(publication, today);
  const changes = [announcedMs, announcedMs + graceMsOf(publication), instantOf(zone, addDays(today, 1), 0)];
  return {
    publication,
    nowMs,
    today,
    // A value may be announced before its day.
    expected: earlier(expectedLatest(publication, nowMs), today),
    nextChangeMs: Math.min(...changes.filter((instant) => instant > nowMs)),
  };
}

type Compared = Pick<Outlook, "today" | "expected"> & { latest: PlainDate; freshness: Freshness };

/** The last comparison of each publication: a response makes three, and most responses the same. */
const lastCompared = new WeakMap<Publication, Compared>();

/** How fresh a series is whose latest observation has the date `latest`. */
export function freshnessOf(latest: PlainDate, { publication, today, expected }: Outlook): Freshness {
  const known = lastCompared.get(publication);
  if (known?.latest === latest && known.today === today && known.expected === expected) return known.freshness;
  const publicationsMissed = missedBy(publication, latest, expected);
  const freshness = {
    expected,
    publicationsMissed,
    stale: publicationsMissed > 0,
    ageBusinessDays: businessDaysAfter(publication.calendar, latest, today),
    nextUpdateMs: announcedAtMs(publication, nextDateAfter(publication, latest)),
  };
  lastCompared.set(publication, { latest, today, expected, freshness });
  return freshness;
}

/** Publications that are missing; none within the tolerance. */
function missedBy(publication: Publication, latest: PlainDate, expected: PlainDate): number {
  const { calendar, toleranceDays } = publication;
  if (latest >= addDays(expected, -toleranceDays)) return 0;
  const missed = publicationsAfter(publication, latest, expected);
  return calendar.isExact && missed <= toleranceDays ? 0 : missed;
}
