import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { decodePage, type Page } from "#core/rates/page.ts";
import { SERIES } from "#core/rates/series.ts";
import { LOCAL } from "../../tools/dev/stack.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { System, until } from "./system.ts";

/** The origin is killed again and again while the first history comes in, over a real MariaDB: nothing is lost, nothing doubled. */
const KILLS = 3;
/** Where, counted in pages stored, the kills strike: somewhere new in each run. */
const PAGES_TO_COME = 150;

let system: System;
beforeAll(async () => {
  system = await System.start({ databaseUrl: await createDatabaseAt(inject("mariadbUrl")) });
}, 120_000);
afterAll(() => system.stop());

test("a first fill outlives kills of the origin at any moment", async () => {
  const { origin } = system.stack.parts;
  const published = await system.publishedBySeries();
  const moments = Array.from({ length: KILLS }, () => Math.ceil(Math.random() * PAGES_TO_COME)).sort((a, b) => a - b);
  await system.stack.tick();
  for (const moment of moments) {
    await until(`${moment} pages are stored`, async () => (await storedPages()).length >= moment);
    await origin.kill();
    await origin.start();
    // Whatever could not be handed on is due again.
    await system.stack.tick();
  }
  await until("everything is stored", async () => (await system.missing(published)).length === 0);
  expect(await system.missing(published), `killed at ${moments.join(", ")} pages`).toEqual([]);

  let stored: Page[] = [];
  await until("Redis holds every page that is stored", async () => {
    stored = await storedPages();
    return (await pagesInRedis()).length === stored.length;
  });
  expect(await pagesInRedis()).toEqual(stored);
}, 300_000);

/** The origin's pages that have observations, as they are served to the edge. */
async function storedPages(): Promise<Page[]> {
  const answers = await Promise.all(
    SERIES.map(({ id }) =>
      system
        .origin(`/internal/pages/${id}/1991-2023`, { Authorization: `Bearer ${LOCAL.edgeToken}` })
        .then(({ body }) => (JSON.parse(body) as { pages?: Page[] }).pages ?? [])
        .catch(() => []),
    ),
  );
  return answers.flat().filter(({ version }) => version > 0);
}

async function pagesInRedis(): Promise<Page[]> {
  const keys = SERIES.flatMap(({ id }) =>
    Array.from({ length: 33 }, (_, index) => ({ series: id, year: 1991 + index })),
  );
  const texts = (await system.redis(
    "MGET",
    ...keys.map(({ series, year }) => `paridad:v1:page:${series}:${year}`),
  )) as (string | null)[];
  return keys.flatMap((key, index) => {
    const page = decodePage(texts[index] ?? "", key);
    return page && page.version > 0 ? [page] : [];
  });
}
