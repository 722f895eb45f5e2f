import { faultLine } from "./frames.ts";

/** Routine log lines. Everything else that the parts print is shown. */
const ROUTINE = new Set([
  "listening",
  "stopping",
  "stopped",
  "freshness",
  "request",
  "commit",
  "ingest_run",
  "migrated",
  "edge_minute",
]);
/** Our own lines say when they were logged; JSON without it is a developer's. */
const LOG_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
/** What a simulator or the edge says when it listens; the stack tells it in one place. */
const READY = /^(\w+ simulator|edge) ready on http/;
/** workerd prints its own stack below a failed connection; the line above says what failed. */
const RUNTIME_STACK = /^\s*stack: .*(workerd|@[0-9a-f]{5,})/;
const TYPES_NOISE = /^\d.* - (Starting|File change)/;
/** A fault in core/ is found by each part that is built of it. */
const REPEAT_MS = 15_000;

export interface ConsoleSettings {
  print: (line: string) => void;
  /** Show every line as it is. */
  verbose?: boolean;
  now?: () => number;
  /** Replaces places in a bundle by places in the source. */
  mapFrames?: (part: string, text: string) => string;
}

/** What `npm run dev` shows of what its parts print, each line under the part's name. */
export class DevConsole {
  readonly #settings: ConsoleSettings;
  readonly #faultsMs = new Map<string, number>();
  #typesFound: string[] = [];
  #typesTold: string[] = [];

  constructor(settings: ConsoleSettings) {
    this.#settings = settings;
  }

  /** Takes one line that a part has printed. */
  line(part: string, raw: string): void {
    const { print, verbose, mapFrames } = this.#settings;
    for (const line of verbose ? [raw] : this.#shown(part, raw)) {
      const mapped = mapFrames?.(part, line) ?? line;
      if (verbose || !this.#isRepeated(mapped)) print(`[${part}] ${mapped}`);
    }
  }

  #shown(part: string, raw: string): string[] {
    if (raw.trim() === "" || READY.test(raw) || RUNTIME_STACK.test(raw)) return [];
    if (part === "types") return this.#typesLine(raw);
    const fields = raw.startsWith("{") ? fieldsOf(raw) : undefined;
    if (fields === undefined || !LOG_TIME.test(String(fields.at))) return [raw];
    if (ROUTINE.has(String(fields.event))) return [];
    return readable(fields) ?? [raw];
  }

  /** The checker repeats all errors after each change: only the differences are shown. */
  #typesLine(raw: string): string[] {
    if (!/ - Found \d+ error/.test(raw)) {
      if (!TYPES_NOISE.test(raw)) this.#typesFound.push(raw);
      return [];
    }
    const found = [...new Set(this.#typesFound)];
    const before = this.#typesTold;
    this.#typesTold = found;
    this.#typesFound = [];
    if (found.length === 0 && before.length > 0) return ["no type errors any more"];
    return found.join() === before.join() ? [] : found;
  }

  #isRepeated(line: string): boolean {
    if (!faultLine.test(line)) return false;
    const nowMs = (this.#settings.now ?? Date.now)();
    const lastMs = this.#faultsMs.get(line) ?? Number.NEGATIVE_INFINITY;
    this.#faultsMs.set(line, nowMs);
    return nowMs - lastMs < REPEAT_MS;
  }
}

function fieldsOf(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** A fault of the origin's log (event) or a report of the worker's (level) as people read it. */
function readable(fields: Record<string, unknown>): string[] | undefined {
  const { event, level, at: _at, error, name, message, stack, traceparent: _, ...others } = fields;
  const kind = event ?? level;
  if (typeof kind !== "string") return undefined;
  const isFault = stack !== undefined && stack !== null;
  // The stack of a worker's report begins with name and message; its own message says what was being done.
  const frames = (Array.isArray(stack) ? stack.map(String) : String(stack ?? "").split("\n")).filter((line) =>
    /^\s*at /.test(line),
  );
  const head = typeof stack === "string" ? stack.split(/\n\s*at /)[0] : undefined;
  const { reason, ...facts } = others;
  const isTold = reason === undefined || head?.includes(String(reason));
  const told = Object.entries(isTold ? facts : others).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const what = [error ?? (isFault ? undefined : name), message].filter((part) => part !== undefined).join(": ");
  const text = [
    `${kind}: ${head === undefined ? what : head.includes(what) ? head : `${what}: ${head}`}`,
    ...told,
  ].join("  ");
  return [...text.split("\n"), ...frames.map((frame) => `    ${frame.trim()}`)];
}
