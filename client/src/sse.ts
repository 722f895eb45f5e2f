/** One event of an event stream. */
export interface ServerSentEvent {
  /** The last id that the stream gave; "" before the first. */
  id: string;
  event: string;
  data: string;
}

/** Reads an event stream (WHATWG HTML, "Server-sent events") from pieces of text that may end anywhere. */
export class EventStreamParser {
  #rest = "";
  #isStart = true;
  #lastEventId: string;
  /** Counts only when its event is complete: a stream that breaks before must resume in front of it. */
  #id: string;
  #event = "";
  #data: string[] = [];
  /** How long to wait before a reconnect, if the stream said so. */
  retryMs: number | undefined;

  constructor(lastEventId = "") {
    this.#lastEventId = lastEventId;
    this.#id = lastEventId;
  }

  /** Where to resume. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** A new connection begins: what the last one left unfinished is not part of it. */
  reconnected(): void {
    this.#rest = "";
    this.#isStart = true;
    this.#id = this.#lastEventId;
    this.#event = "";
    this.#data = [];
  }

  /** The events that the piece completes. */
  push(piece: string): ServerSentEvent[] {
    const text = this.#rest + (this.#isStart ? piece.replace(/^\uFEFF/, "") : piece);
    if (piece !== "") this.#isStart = false;
    // A carriage return at the end may be half of a line end.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): ServerSentEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.retryMs = Number(value);
    return undefined;
  }

  #dispatch(): ServerSentEvent | undefined {
    const event = { id: this.#id, event: this.#event || "message", data: this.#data.join("\n") };
    this.#lastEventId = this.#id;
    const isEmpty = this.#data.length === 0;
    this.#event = "";
    this.#data = [];
    return isEmpty ? undefined : event;
  }
}
