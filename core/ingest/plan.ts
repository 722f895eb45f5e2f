import type { Policy } from "../ops/policy.ts";
import { type Budget, type DateRange, type Provider, type ProviderRequest, urlOf } from "../providers/provider.ts";
import type { Series } from "../rates/series.ts";
import { addDays } from "../time/dates.ts";
import type { Publication } from "../time/publication.ts";
import { dateIn, type Zone } from "../time/zones.ts";

/** Series that are announced together. The first of them stands for the others: it is the one that is waited for. */
export interface Group {
  publication: Publication;
  series: readonly string[];
}

/** Minutes between two readings, by what a reading costs and the budget allows. */
export interface Paces {
  /** From an announcement on, for ninety minutes, while a value is awaited. */
  eager: number;
  /** Later, and during long outages. */
  patient: number;
  /** If nothing is awaited. */
  routine: number;
  /** A new value may be corrected within minutes, so it is read again so many minutes after it was taken in. */
  rereads: readonly number[];
}

/** What the schedule goes by: a provider's series, when they are announced, and what reading them costs. */
export interface Plan {
  /** All, those that have ended among them. */
  series: readonly string[];
  /** Those in use, by when they are announced. */
  groups: readonly Group[];
  zone: Zone;
  /** How far ahead of today a date may lie. */
  horizonDays: number;
  /** Under which limits the provider counts requests for ranges, and for the newest values. */
  limitClasses: { range: string; newest: string };
  /** Whether there are requests for ranges: some providers have no history. */
  hasRanges: boolean;
  /** Whether some days cost no more requests than the newest values do. */
  isRangeCheap: boolean;
  /** Whether one series can be requested without the others. */
  isDivisible: boolean;
  budget: Budget;
  paces: Paces;
}

const DEFAULT_CLASS = "all";
export const EAGER_MINUTES = 90;
const PATIENT_PACE = 5;
const HOUR = 60;
const DAY = 24 * HOUR;
const REREAD_MINUTES = [3, 10, 30] as const;
/** Shares of a day's readings that each kind may take; the rest is for audits and corrections. */
const EAGER_SHARE = 1 / 2;
const PATIENT_SHARE = 1 / 3;
const ROUTINE_SHARE = 1 / 3;
/** With fewer readings a day, one more for a correction must do. */
const MIN_READINGS_FOR_REREADS = 50;

/** The plan of a provider at an instant. */
export function planOf(provider: Provider, policy: Policy, nowMs: number): Plan {
  const inUse = seriesInUse(provider);
  const today = dateIn(provider.publication.zone, nowMs);
  const range = { from: addDays(today, -policy.RECONCILE_DAYS), to: today };
  const requests = (series: readonly Series[], span: "newest" | DateRange) =>
    provider.requests({ series, span }, { nowMs, hasSecret: true });
  const [ofRange, newest] = [requests(inUse, range), requests(inUse, "newest")];
  const hasRanges = ofRange.length > 0;
  const isRangeCheap = hasRanges && ofRange.length <= newest.length;
  const costs = Math.max(1, isRangeCheap ? ofRange.length : newest.length);
  return {
    series: provider.series.map(({ id }) => id),
    groups: groupsOf(inUse, provider),
    zone: provider.publication.zone,
    horizonDays: Math.max(provider.horizonDays, ...inUse.map(({ horizonDays = 0 }) => horizonDays)),
    limitClasses: { range: classOf(ofRange[0]), newest: classOf(newest[0]) },
    hasRanges,
    isRangeCheap,
    isDivisible: isDivisible(newest, requests(inUse.slice(0, 1), "newest")),
    budget: provider.budget,
    paces: pacesFor(provider.budget.perDay / costs),
  };
}

/** The series that have not ended. */
export function seriesInUse({ series }: Provider): Series[] {
  return series.filter(({ until }) => until === undefined);
}

/** Under which limits a provider counts a request. */
export function classOf(request: ProviderRequest | undefined): string {
  return request?.limitClass ?? DEFAULT_CLASS;
}

function groupsOf(series: readonly Series[], provider: Provider): Group[] {
  const byPublication = Map.groupBy(series, ({ publication = provider.publication }) => publication);
  return Array.from(byPublication, ([publication, ofGroup]) => ({
    publication,
    series: ofGroup.map(({ id }) => id),
  }));
}

function isDivisible(all: readonly ProviderRequest[], one: readonly ProviderRequest[]): boolean {
  const urls = new Set(all.map((request) => urlOf("", request)));
  return one.some((request) => !urls.has(urlOf("", request)));
}

/** `readings`: how many a day's budget allows. */
function pacesFor(readings: number): Paces {
  const paceFor = (minutes: number, share: number) => Math.ceil(minutes / (readings * share));
  return {
    eager: Math.max(1, paceFor(EAGER_MINUTES, EAGER_SHARE)),
    patient: Math.max(PATIENT_PACE, paceFor(DAY - EAGER_MINUTES, PATIENT_SHARE)),
    routine: Math.max(HOUR, HOUR * Math.ceil(DAY / HOUR / (readings * ROUTINE_SHARE))),
    rereads: readings < MIN_READINGS_FOR_REREADS ? REREAD_MINUTES.slice(-1) : REREAD_MINUTES,
  };
}
