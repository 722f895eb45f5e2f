/** timeout and unreachable: no response. status: an error status. invalid: a response that is not the origin's. */
export type OriginFailureKind = "timeout" | "unreachable" | "status" | "invalid";

/** A failed call to the origin, without any content of the request or response. */
export class OriginFailure extends Error {
  override name = "OriginFailure";
  readonly kind: OriginFailureKind;
  /** The HTTP status if kind is "status". */
  readonly status: number | undefined;

  constructor(kind: OriginFailureKind, what: string, status?: number) {
    super(`origin ${what}: ${status ?? kind}`);
    this.kind = kind;
    this.status = status;
  }

  /** Whether the same call may succeed later: not if the origin refused its content. */
  get isTransient(): boolean {
    return (
      this.status === undefined || this.status >= 500 || this.status === 408 || this.status === 429 || this.isBlocked
    );
  }

  /** Whether the origin refused our token. */
  get isUnauthorized(): boolean {
    return this.status === 401;
  }

  /** Whether a firewall in front of the origin refused this one request, which says nothing about the next. */
  get isBlocked(): boolean {
    return this.status === 403 || this.status === 451;
  }
}

/** Whether a request was given up for lack of a response. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
}
