/** One line of a list, by column. Absent and null are an empty cell in CSV; NDJSON keeps null. */
export type Row = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** How the list in a response is written as lines. */
export interface Table<Content, Query> {
  /**
   * Whether the response to a request is a list; by default always. Of one that is not, only `format` chooses the form, so that
   * caches keep one copy for all Accept headers.
   */
  isList?: (query: Query) => boolean;
  /** The columns of CSV, in order: what a request asks for decides, never what happens to be in the response. */
  columns: (query: Query) => readonly string[];
  rows: (content: Content) => readonly Row[];
  /** What the file is called, without its extension: letters, digits and hyphens. */
  fileName: (content: Content) => string;
}

/** A file's name from codes, dates and words: `fileName("rates", "USD", "EUR")` is "rates-usd-eur". */
export function fileName(...parts: readonly string[]): string {
  return parts.join("-").toLowerCase();
}
