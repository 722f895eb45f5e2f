import type { DateRange } from "../providers/provider.ts";
import type { Observation } from "../rates/page.ts";
import { addDays, earlier, later, type PlainDate } from "../time/dates.ts";
import { type Publication, publicationsAfter } from "../time/publication.ts";

/** A response that lacks more announced days than this at either end was cut short. */
const MAX_ABSENT_DAYS = 3;
/** And one that lacks a larger share in between was thinned out. Banks have had other holidays in former years, up to 3 %. */
const MAX_ABSENT_SHARE = 0.05;
/** By a calendar that knows no holidays, of series that may not have been quoted on all days. */
const MAX_ABSENT_SHARE_OF_WEEKDAYS = 0.5;

/** What is known of a response to a request for a range of dates. */
export interface Coverage {
  /** The dates asked for. */
  asked: DateRange;
  /** The dates that the provider's adapter vouches for. */
  vouched: DateRange | null;
  /** Whether several responses make up the range: one of them may have come without its table. */
  isInPieces: boolean;
  publication: Publication;
  /** The newest date that may be out. */
  announced: PlainDate;
}

/**
 * The part of a requested range for which the observations of a response can be taken for all there are: a date in it
 * that has no observation has none at the provider. Null if the response seems cut, by the calendar. If that does not know all
 * holidays, and if several responses were joined, only what the adapter vouches for.
 */
export function completeRange(observations: readonly Observation[], coverage: Coverage): DateRange | null {
  const { publication, asked, vouched, isInPieces } = coverage;
  const likely = byCalendar(observations, asked, coverage);
  if (publication.calendar.isExact && !isInPieces) return likely;
  return likely && vouched && intersection(likely, vouched);
}

function byCalendar(
  observations: readonly Observation[],
  { from, to }: DateRange,
  { publication, announced }: Coverage,
): DateRange | null {
  const [first, last] = [observations[0]?.[0], observations.at(-1)?.[0]];
  const maxShare = publication.calendar.isExact ? MAX_ABSENT_SHARE : MAX_ABSENT_SHARE_OF_WEEKDAYS;
  const isCut = (after: PlainDate, upTo: PlainDate) => publicationsAfter(publication, after, upTo) > MAX_ABSENT_DAYS;
  const end = earlier(to, announced);
  if (first === undefined || last === undefined) return isCut(addDays(from, -1), end) ? null : { from, to };
  const range = {
    from: isCut(addDays(from, -1), addDays(first, -1)) ? first : from,
    to: isCut(last, end) ? last : to,
  };
  const expected = publicationsAfter(publication, addDays(range.from, -1), earlier(range.to, announced));
  const maxAbsent = Math.max(MAX_ABSENT_DAYS, expected * maxShare);
  return expected - observations.length > maxAbsent ? null : range;
}

/** The dates of two ranges, the newer of which comes last, if nothing can have been published between them. */
export function joined(older: DateRange, newer: DateRange, publication: Publication): DateRange | undefined {
  const isAdjacent = publicationsAfter(publication, older.to, addDays(newer.from, -1)) === 0;
  return isAdjacent ? { from: earlier(older.from, newer.from), to: later(older.to, newer.to) } : undefined;
}

/** The dates that two ranges have in common; null if there are none. */
export function intersection(a: DateRange, b: DateRange): DateRange | null {
  const both = { from: later(a.from, b.from), to: earlier(a.to, b.to) };
  return both.from <= both.to ? both : null;
}
