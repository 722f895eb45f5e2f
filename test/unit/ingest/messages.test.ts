import { expect, test } from "vitest";
import { bdi } from "#core/providers/bdi.ts";
import { norges } from "#core/providers/norges.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import { laneOf, type Message, messagesOf } from "../../../worker/ingest/messages.ts";

const readingOf = (series: string, year: number): SeriesReading => ({
  batch_id: `${series}:${year}:0:x`,
  provider: series.split(".", 1).join(),
  fetched_at: "2026-01-02T15:00:00.000Z",
  series,
  year,
  complete: null,
  based_on: null,
  observations: [[`${year}-01-02`, "1.5"]],
});
const readingsOf = (ids: readonly string[], years: readonly number[]) =>
  ids.flatMap((id) => years.map((year) => readingOf(id, year)));
const yearsOf = (messages: readonly Message[]) =>
  messages
    .flatMap((message) => ("readings" in message ? message.readings : "series" in message ? [message] : []))
    .map(({ year }) => year);
const MANY = bdi.series.slice(0, 30).map(({ id }) => id);
const [KRONE = ""] = norges.series.map(({ id }) => id);

test("of a long history the newest years are sent first, of a response over New Year the older one", () => {
  const history = yearsOf(messagesOf(readingsOf(MANY, [2024, 2025, 2026]), bdi));
  expect(history).toEqual(history.toSorted((a, b) => b - a));
  const newYear = yearsOf(messagesOf(readingsOf(MANY, [2025, 2026]), bdi));
  expect(newYear).toEqual(newYear.toSorted((a, b) => a - b));
});

test("the years of a series are committed one after the other", () => {
  for (const [provider, ids] of [
    [bdi, MANY],
    [{ ...norges, series: norges.series.slice(0, 1) }, [KRONE]],
  ] as const)
    expect(new Set(messagesOf(readingsOf(ids, [2025, 2026]), provider).map(laneOf)).size).toBe(1);
});
