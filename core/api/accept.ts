/**
 * Whether a client would rather have HTML than JSON, by its Accept header (RFC 9110 §12.5.1). Browsers name text/html;
 * clients that accept anything, such as curl and fetch, do not.
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const ranges = accept.split(",").map(parseRange);
  const json = Math.max(qualityOf(ranges, "application/json"), qualityOf(ranges, "application/problem+json"));
  return qualityOf(ranges, "text/html") > json;
}

/** Whether a client takes gzip, by its Accept-Encoding header (RFC 9110 §12.5.3); without the header it may not. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  const codings = acceptEncoding.split(",").map(parseRange);
  const named = codings.find(({ type }) => type === "gzip") ?? codings.find(({ type }) => type === "*");
  return named !== undefined && named.quality > 0;
}

/**
 * Which of `types` an Accept header prefers; of equally good ones the one that is named itself rather than by a wildcard,
 * then the first. undefined: none is acceptable.
 */
export function preferredType<T extends string>(accept: string, types: readonly T[]): T | undefined {
  const ranges = accept.split(",").map(parseRange);
  const isNamed = (type: T) => ranges.some((range) => range.type === type);
  let best: { type: T; quality: number } | undefined;
  for (const type of types) {
    const quality = qualityOf(ranges, type);
    const isBetter = quality === best?.quality ? isNamed(type) && !isNamed(best.type) : quality > (best?.quality ?? 0);
    if (isBetter) best = { type, quality };
  }
  return best?.type;
}

interface Range {
  type: string;
  quality: number;
}

function parseRange(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The most specific range that covers the type decides. */
function qualityOf(ranges: Range[], type: string): number {
  for (const covering of [type, type.replace(/\/.*/, "/*"), "*/*"]) {
    const range = ranges.find((candidate) => candidate.type === covering);
    if (range) return range.quality;
  }
  return 0;
}
