import { parities } from "#core/providers/parities.ts";
import { PROVIDERS } from "#core/providers/provider-list.ts";
import { isListening } from "./ports.ts";
import { LOCAL, type Stack } from "./stack.ts";

const POLL_MS = 500;
const FIRST_DATA_TIMEOUT_MS = 120_000;
/** History counts as loaded when no further year has come for so long. */
const SETTLED_MS = 2_000;
const PORT_POLL_MS = 2_000;

export interface Progress {
  stack: Stack;
  print: (line: string) => void;
  isStopping: () => boolean;
}

/** Waits until rates are served and history has come in, telling how far each provider's is; false if none came in time. */
export async function firstData({ stack, print, isStopping }: Progress): Promise<boolean> {
  const deadlineMs = Date.now() + FIRST_DATA_TIMEOUT_MS;
  let stored = "";
  let sinceMs = Date.now();
  while (!isStopping() && Date.now() < deadlineMs) {
    const text = textOf(await storedPages(stack));
    if (text !== stored) {
      print(`Loading history, pages stored (one per series and year): ${text}`);
      stored = text;
      sinceMs = Date.now();
    }
    if (stored !== "" && Date.now() - sinceMs >= SETTLED_MS && (await isServed(stack))) return true;
    await pause(POLL_MS);
  }
  // History of a provider that is asked day by day goes on coming in.
  return !isStopping() && stored !== "" && (await isServed(stack));
}

/** Resolves when a worker listens at the edge's port, or no longer does; false if the stack is stopped before. */
export async function edgeChanges({ stack, isStopping }: Progress, isUp: boolean): Promise<boolean> {
  while (!isStopping()) {
    if ((await isListening(Number(new URL(stack.urls.edge).port))) === isUp) return true;
    await pause(PORT_POLL_MS);
  }
  return false;
}

/** How many pages the origin has of each provider. */
async function storedPages({ urls, providers }: Stack): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  // Parities are law: nothing is stored of them.
  const publishing = providers.filter((id) => id !== parities.id);
  const response = await fetch(`${urls.origin}/internal/versions?providers=${publishing.join(",")}`, {
    headers: { Authorization: `Bearer ${LOCAL.edgeToken}` },
  }).catch(() => undefined);
  if (!response?.ok) return counts;
  const { versions } = (await response.json()) as { versions: Record<string, Record<string, number>> };
  for (const [series, byYear] of Object.entries(versions)) {
    const [provider = ""] = series.split(".");
    const pages = Object.keys(byYear).length;
    if (pages > 0) counts.set(provider, (counts.get(provider) ?? 0) + pages);
  }
  return counts;
}

/** "banxico 150, ecb 875" */
function textOf(counts: Map<string, number>): string {
  return [...counts].map(([provider, pages]) => `${provider} ${pages}`).join(", ");
}

/** Whether the edge serves the first pair of the first provider. */
async function isServed({ urls, providers }: Stack): Promise<boolean> {
  const first = PROVIDERS.find(({ id }) => id === providers[0])?.series[0];
  const pair = first ? `&base=${first.base}&quote=${first.quote}` : "";
  const response = await fetch(`${urls.edge}/api/v1/rates/historical?limit=1${pair}`).catch(() => undefined);
  return response?.ok ?? false;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
