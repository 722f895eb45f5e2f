import { MIXED_READS } from "../chaos/load.ts";
import type { Part } from "../dev/part.ts";
import { freePorts } from "../dev/ports.ts";
import { until } from "../dev/system.ts";
import type { Edge, Release } from "./release.ts";
import type { Observation, Scene } from "./scene.ts";

/** Of the worker's versions a new one gets a tenth of the readers first. */
const OLD_SHARE = 9;

/** What serves readers after a rehearsed release. */
export interface Fleet {
  instances: readonly Part[];
  edge: Edge;
}

/**
 * A release and its way back, as the workflow does them: migrate, replace the instances one by one, then the worker. The
 * way back replaces the instances first, so that both pairings of old and new have served: a correction of Banxico's must
 * reach the readers through each.
 */
export async function rehearseRelease(
  scene: Scene,
  before: Release,
  after: Release,
  databaseUrl: string,
): Promise<Fleet> {
  await scene.step(`migrations of ${before.name}`, () => before.migrate(databaseUrl));
  const old = await startInstances(scene, before, databaseUrl);
  const oldEdge = before.edge(await freePorts(1), scene.origins.url);
  await scene.step(`worker of ${before.name}: in workerd`, () => oldEdge.start());
  scene.readers.route([oldEdge.url]);
  await scene.step("the whole history, from empty stores", () =>
    scene.until(oldEdge, "history is served", async () => {
      const responses = await Promise.all(MIXED_READS.map((path) => fetch(`${scene.readers.url}${path}`)));
      return responses.every(({ ok }) => ok);
    }),
  );
  scene.startReaders();
  await pass(scene, oldEdge, "old worker, old instances", { base: "USD", date: "2023-11-07" });

  await scene.step(`migrations of ${after.name}, while ${before.name} serves`, () => after.migrate(databaseUrl));
  await pass(scene, oldEdge, "old worker, old instances, new tables", { base: "EUR", date: "2023-11-08" });
  const instances = await replaceInstances(scene, old, after, databaseUrl);
  await pass(scene, oldEdge, "old worker, new instances", { base: "GBP", date: "2023-11-09" });
  const edge = after.edge(await freePorts(1), scene.origins.url);
  await scene.step(`worker of ${after.name}: in workerd`, () => edge.start());
  scene.readers.route([edge.url, ...Array<string>(OLD_SHARE).fill(oldEdge.url)]);
  await pass(scene, edge, "a tenth of the readers at the new worker", { base: "USD", date: "2023-11-10" });
  scene.readers.route([edge.url]);

  const back = await replaceInstances(scene, instances, before, databaseUrl);
  await pass(scene, edge, "new worker, old instances", { base: "EUR", date: "2023-11-13" });
  await scene.step("the worker goes back", async () => scene.readers.route([oldEdge.url]));
  await pass(scene, oldEdge, "old worker, old instances again", { base: "GBP", date: "2023-11-14" });

  const forward = await replaceInstances(scene, back, after, databaseUrl);
  scene.readers.route([edge.url]);
  await pass(scene, edge, "new worker, new instances", { base: "USD", date: "2023-11-15" });
  await oldEdge.stop();
  return { instances: forward, edge };
}

/** One instance after the other: a new one is ready before an old one is taken out, and ended after that. */
async function replaceInstances(scene: Scene, running: readonly Part[], release: Release, databaseUrl: string) {
  return scene.step(`instances → ${release.name}, one by one`, async () => {
    const serving = [...running];
    for (const leaving of running) {
      serving.push(await startInstance(release, databaseUrl));
      serving.splice(serving.indexOf(leaving), 1);
      scene.origins.route(serving.map(({ plan }) => plan.url));
      await leaving.stop();
    }
    return serving;
  });
}

async function startInstances(scene: Scene, release: Release, databaseUrl: string): Promise<Part[]> {
  return scene.step(`two instances of ${release.name}: ready`, async () => {
    const instances = [await startInstance(release, databaseUrl), await startInstance(release, databaseUrl)];
    scene.origins.route(instances.map(({ plan }) => plan.url));
    return instances;
  });
}

/** An instance that the balancer may use. */
export async function startInstance(release: Release, databaseUrl: string): Promise<Part> {
  const instance = release.instance(await freePorts(1), databaseUrl);
  await instance.start();
  await until("an instance is ready", async () => (await fetch(`${instance.plan.url}/health/ready`)).ok);
  return instance;
}

/** A correction reaches the readers. */
async function pass(scene: Scene, cron: Edge, what: string, observation: Observation): Promise<void> {
  await scene.step(`a correction, from bank to readers: ${what}`, async () => {
    await scene.correct(observation);
    await scene.corrected(cron, observation);
  });
}
