import { announcedAtMs, nextDateAfter } from "../../time/publication.ts";
import type { RateReader } from "../rate-reader.ts";
import { FacadeFailure, type FacadeRequest, type FacadeResponse, type FacadeRoute, objectOf } from "./facade.ts";
import { rateTableOf } from "./rates.ts";

/** The shape of open.er-api.com: the newest rates of one base. */

const DEFAULT_BASE = "USD";

export const ER_API: readonly FacadeRoute[] = ["/v6/latest", "/v6/latest/:base"].map((path) => ({
  path,
  handle: latest,
}));

async function latest(reader: RateReader, { param }: FacadeRequest): Promise<FacadeResponse> {
  const base = (param("base") || DEFAULT_BASE).toUpperCase();
  const { newest, figures, lifetime } = await rateTableOf(reader, base);
  if (newest === undefined) throw new FacadeFailure(404, "unsupported-code");
  const { route, fixing } = newest;
  const updatedMs = announcedAtMs(route.publication, fixing.date);
  const nextMs = announcedAtMs(route.publication, nextDateAfter(route.publication, fixing.date));
  const members = [
    ["result", '"success"'],
    ["provider", '"/docs"'],
    ["documentation", '"/docs"'],
    ["terms_of_use", '"/docs"'],
    ["time_last_update_unix", String(updatedMs / 1_000)],
    ["time_last_update_utc", inWords(updatedMs)],
    ["time_next_update_unix", String(nextMs / 1_000)],
    ["time_next_update_utc", inWords(nextMs)],
    ["time_eol_unix", "0"],
    ["base_code", JSON.stringify(base)],
    ["rates", objectOf(figures)],
  ] as const;
  return { body: objectOf(members), ...lifetime };
}

/** "Fri, 13 Mar 2026 18:00:00 +0000" */
function inWords(ms: number): string {
  return JSON.stringify(new Date(ms).toUTCString().replace("GMT", "+0000"));
}
