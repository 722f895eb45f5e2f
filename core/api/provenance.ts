import { isPublished, type Parity, type Route } from "../rates/route.ts";
import type { PlainDate } from "../time/dates.ts";
import type { ApiHost } from "./host.ts";
import type { RateReader } from "./rate-reader.ts";

/** The fields that say which published series a rate is made of. */
export function provenanceOf({ catalogue }: ApiHost, route: Route) {
  const { id, attribution, authority, licence } = catalogue.providerOf(route);
  const units = route.legs.filter(({ series }) => series.unit !== 1);
  return {
    source: {
      provider: id,
      series: route.legs.map(({ series }) => series.providerId),
      attribution: attribution.en,
      authority,
      licence_url: licence.url,
    },
    derived: !isPublished(route),
    ...parityOfRoute(route),
    ...(units.length > 0 && { unit: Object.fromEntries(units.map(({ series }) => [series.providerId, series.unit])) }),
  };
}

/** The field with the parities that a rate is computed with; absent if there are none. */
export function parityOfRoute({ parities }: Route) {
  return parities.length === 0 ? {} : { parity: parities.map(({ parity }) => parityFields(parity)) };
}

function parityFields({ code, anchor, perAnchor, authority, source, since, retiredOn, successor }: Parity) {
  return {
    currency: code,
    anchor,
    per_anchor: perAnchor,
    authority,
    source,
    since,
    ...(retiredOn !== undefined && { retired_on: retiredOn }),
    ...(successor !== undefined && { successor }),
  };
}

/** Whether the response is stale, and when it next changes. */
export function stalenessOf(
  reader: RateReader,
  route: Route,
  latest: PlainDate,
): { stale: boolean; next_update: string };
/** The same of a period; `latest` is undefined if it is closed. */
export function stalenessOf(
  reader: RateReader,
  route: Route,
  latest: PlainDate | undefined,
): { stale: boolean; next_update: string | null };
export function stalenessOf(reader: RateReader, route: Route, latest: PlainDate | undefined) {
  const unconfirmed = reader.staleReason !== undefined;
  if (latest === undefined) return { stale: unconfirmed, next_update: null };
  const { stale, nextUpdateMs } = reader.freshnessOf(route, latest);
  return { stale: stale || unconfirmed, next_update: instant(nextUpdateMs) };
}

/** The last instant that was written: most responses have the same. */
let written = { ms: Number.NaN, text: "" };

/** An instant as RFC 3339 without fractions, in UTC. */
function instant(ms: number): string {
  if (written.ms !== ms) written = { ms, text: new Date(ms).toISOString().replace(".000Z", "Z") };
  return written.text;
}
