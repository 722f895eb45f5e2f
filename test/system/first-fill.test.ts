import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { decodePage, type Page } from "#core/rates/page.ts";
import { freePorts } from "../../tools/dev/ports.ts";
import { LOCAL } from "../../tools/dev/stack.ts";
import { PATIENT, System, until } from "../../tools/dev/system.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { Gate } from "./gate.ts";

/** The origin is killed again and again while the first history comes in, over a real MariaDB: nothing is lost, nothing doubled. */
const KILLS = 2;
/** The kills strike while one of so many commits after the last kill is in flight: somewhere new in each run. */
const MAX_COMMITS_BETWEEN = 50;
/** About as long as a commit takes. */
const MAX_DELAY_MS = 20;

let system: System;
let gate: Gate;
beforeAll(async () => {
  const port = await freePorts(4);
  gate = await Gate.start(`http://127.0.0.1:${port + 1}`);
  const databaseUrl = await createDatabaseAt(inject("mariadbUrl"));
  system = await System.start({ port, originUrl: gate.url, databaseUrl, vars: PATIENT });
});
afterAll(async () => {
  await system.stop();
  await gate.stop();
});

test("a first fill outlives kills of the origin at any moment", async () => {
  const published = await system.publishedBySeries();
  const kills = Array.from({ length: KILLS }, () => ({
    afterCommits: 1 + Math.floor(Math.random() * MAX_COMMITS_BETWEEN),
    delayMs: Math.floor(Math.random() * MAX_DELAY_MS),
  }));
  const struck = killOriginAt(kills);
  await system.tick();
  await struck;
  await until("everything is stored", async () => (await system.missing(published)).length === 0);
  expect(await system.missing(published), `killed at ${JSON.stringify(kills)}`).toEqual([]);

  let stored: Page[] = [];
  await until("Redis holds every page that is stored", async () => {
    stored = await storedPages();
    return JSON.stringify(await pagesInRedis()) === JSON.stringify(stored);
  });
  expect(stored.length).toBeGreaterThan(MAX_COMMITS_BETWEEN * KILLS);
});

/**
 * Kills the origin while commits are in flight and starts it again. What comes meanwhile waits at the gate: refused, it
 * would be delivered again after seconds that double with each attempt, more of them the slower the machine is. Resolves
 * once the origin is up after the last.
 */
async function killOriginAt(kills: readonly { afterCommits: number; delayMs: number }[]): Promise<void> {
  const { origin } = system.stack.parts;
  for (const { afterCommits, delayMs } of kills) {
    let commits = 0;
    await new Promise<void>((resolve) => {
      gate.before = async ({ url }) => {
        if (url === "/internal/readings" && ++commits === afterCommits) setTimeout(resolve, delayMs);
      };
    });
    const restarted = origin.kill().then(() => origin.start());
    gate.before = () => restarted;
    await restarted;
  }
}

/** The origin's pages that have observations, as they are served to the edge. */
async function storedPages(): Promise<Page[]> {
  const answers = await Promise.all(
    banxico.series.map(({ id }) =>
      system
        .origin(`/internal/pages/${id}/1991-2023`, { Authorization: `Bearer ${LOCAL.edgeToken}` })
        // On a busy machine the database may take longer than a reader is made to wait.
        .then(({ body }) => (JSON.parse(body) as { pages?: Page[] }).pages ?? []),
    ),
  );
  return answers.flat().filter(({ version }) => version > 0);
}

async function pagesInRedis(): Promise<Page[]> {
  const keys = banxico.series.flatMap(({ id }) =>
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
