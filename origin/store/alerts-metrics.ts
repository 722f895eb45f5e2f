import { sql } from "drizzle-orm";
import { insertIgnore, listOf, type SqlSession } from "./sql-session.ts";

/** The metrics that alerts watch: `alert_metrics`. */
export interface StoredMetric {
  metric: string;
  firstSource: string;
  secondSource: string | null;
  /** Empty if no value was seen yet. */
  date: string;
  version: number;
  value: string;
}

const COLUMNS = {
  metric: sql`metric`,
  firstSource: sql`first_source`,
  secondSource: sql`second_source`,
  date: sql`date`,
  version: sql`version`,
  value: sql`value`,
};

/** The metrics whose values are made of one of these series, or that watch one of these providers. */
export async function metricsOf(session: SqlSession, sources: readonly string[]): Promise<StoredMetric[]> {
  if (sources.length === 0) return [];
  const list = listOf([...new Set(sources)]);
  const rows = await session.select<StoredMetric>(
    COLUMNS,
    sql`FROM alert_metrics WHERE first_source IN ${list} OR second_source IN ${list} ORDER BY metric`,
  );
  return rows.map(numbered);
}

export async function findMetric(session: SqlSession, metric: string): Promise<StoredMetric | undefined> {
  const rows = await session.select<StoredMetric>(COLUMNS, sql`FROM alert_metrics WHERE metric = ${metric}`);
  return rows.map(numbered)[0];
}

/** Nothing changes if the metric is known: its head belongs to the evaluation. */
export async function addMetric(session: SqlSession, metric: StoredMetric): Promise<void> {
  const { firstSource, secondSource, date, version, value } = metric;
  await session.run(sql`${insertIgnore(session)} alert_metrics
    (metric, first_source, second_source, date, version, value)
    VALUES (${metric.metric}, ${firstSource}, ${secondSource}, ${date}, ${version}, ${value})`);
}

export async function moveHead(
  session: SqlSession,
  metric: string,
  { date, version, value }: Pick<StoredMetric, "date" | "version" | "value">,
): Promise<void> {
  await session.run(
    sql`UPDATE alert_metrics SET date = ${date}, version = ${version}, value = ${value} WHERE metric = ${metric}`,
  );
}

function numbered(row: StoredMetric): StoredMetric {
  return { ...row, version: Number(row.version) };
}
