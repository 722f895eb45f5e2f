import fc from "fast-check";
import { anyRequest } from "./generate.ts";
import { curlOf, exchange, type FuzzRequest, type Kind } from "./request.ts";
import { complaintsAbout, differences } from "./verdict.ts";
import { vocabularyAt } from "./vocabulary.ts";

export interface FuzzOptions {
  /** Edge, and origin where there is one to compare with. */
  urls: readonly [edge: string, origin?: string];
  requests: number;
  /** The same seed gives the same requests. */
  seed: number;
  onProgress?: (done: number) => void;
}

export interface FuzzReport {
  sent: number;
  byKind: Map<Kind, number>;
  byStatus: Map<number, number>;
  /** What was wrong, with a command line that shows it; each complaint with its first few. */
  failures: string[];
}

/** Requests in flight at once: enough to mix what is hot with what is not. */
const LANES = 6;
const EXAMPLES_PER_COMPLAINT = 3;

/** Sends generated requests and judges each response. Throws if the edge does not list its providers. */
export async function fuzz({ urls, requests, seed, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { sent: 0, byKind: new Map(), byStatus: new Map(), failures: [] };
  const seen = new Map<string, number>();
  const waiting = fc.sample(anyRequest(await vocabularyAt(urls[0])), { numRuns: requests, seed });

  const fail = (request: FuzzRequest, baseUrl: string, complaint: string) => {
    const key = complaint.replace(/\d+/g, "#").slice(0, 40);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    if (times <= EXAMPLES_PER_COMPLAINT)
      report.failures.push(`${request.kind}: ${complaint}\n    ${curlOf(baseUrl, request)}`);
  };

  const judge = async (request: FuzzRequest) => {
    const [edgeUrl, originUrl] = urls;
    const [edge, origin] = await Promise.all([
      ask(edgeUrl, request),
      originUrl === undefined ? undefined : ask(originUrl, request),
    ]);
    if (edge.response) count(report.byStatus, edge.response.status);
    for (const { url, response, error } of [edge, ...(origin ? [origin] : [])]) {
      const complaints = response ? complaintsAbout(request, response) : [error ?? "no response"];
      for (const complaint of complaints) fail(request, url, complaint);
    }
    if (edge.response && origin?.response)
      for (const complaint of differences(request, edge.response, origin.response)) fail(request, edgeUrl, complaint);
  };

  const lane = async () => {
    for (let request = waiting.pop(); request; request = waiting.pop()) {
      await judge(request);
      report.sent++;
      count(report.byKind, request.kind);
      onProgress?.(report.sent);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  for (const [complaint, times] of seen)
    if (times > EXAMPLES_PER_COMPLAINT) report.failures.push(`… ${times} times in all: ${complaint}`);
  return report;
}

async function ask(url: string, request: FuzzRequest) {
  try {
    return { url, response: await exchange(url, request) };
  } catch (error) {
    // A server may close on what is hardly HTTP instead of answering.
    if (request.refusable === true) return { url, response: { status: 400, headers: {}, body: "" } };
    return { url, error: `no response: ${error instanceof Error ? error.message : error}` };
  }
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
