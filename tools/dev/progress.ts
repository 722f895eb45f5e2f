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

/** Waits until rates are served and history has come in, telling how far it is; false if none came in time. */
export async function firstData({ stack, print, isStopping }: Progress): Promise<boolean> {
  const deadlineMs = Date.now() + FIRST_DATA_TIMEOUT_MS;
  let years = -1;
  let sinceMs = Date.now();
  while (!isStopping() && Date.now() < deadlineMs) {
    const stored = await storedYears(stack.urls.origin);
    if (stored !== years) {
      if (stored > 0) print(`Loading history: ${stored} pages (one per series and year) stored`);
      years = stored;
      sinceMs = Date.now();
    }
    if (years > 0 && Date.now() - sinceMs >= SETTLED_MS && (await isServed(stack.urls.edge))) return true;
    await pause(POLL_MS);
  }
  return false;
}

/** Resolves when a worker listens at the edge's port, or no longer does; false if the stack is stopped before. */
export async function edgeChanges({ stack, isStopping }: Progress, isUp: boolean): Promise<boolean> {
  while (!isStopping()) {
    if ((await isListening(Number(new URL(stack.urls.edge).port))) === isUp) return true;
    await pause(PORT_POLL_MS);
  }
  return false;
}

async function storedYears(originUrl: string): Promise<number> {
  const response = await fetch(`${originUrl}/internal/versions`, {
    headers: { Authorization: `Bearer ${LOCAL.edgeToken}` },
  }).catch(() => undefined);
  if (!response?.ok) return 0;
  const { versions } = (await response.json()) as { versions: Record<string, Record<string, number>> };
  return Object.values(versions).reduce((count, byYear) => count + Object.keys(byYear).length, 0);
}

async function isServed(edgeUrl: string): Promise<boolean> {
  const response = await fetch(`${edgeUrl}/api/v1/rates/historical?limit=1`).catch(() => undefined);
  return response?.ok ?? false;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
