import { type Signal, signal } from "@preact/signals-core";

/** What a reader chose, kept in the URL so that it can be shared, bookmarked and reloaded. */

/** A choice under a name in the query; the default is left out of the URL. */
export function choice(
  name: string,
  fallback: string,
  isValid: (text: string) => boolean = () => true,
): Signal<string> {
  const given = new URLSearchParams(location.search).get(name);
  const chosen = signal(given !== null && isValid(given) ? given : fallback);
  let isFirst = true;
  chosen.subscribe((value) => {
    // What the URL says at first stays as it was written.
    if (isFirst) {
      isFirst = false;
      return;
    }
    const url = new URL(location.href);
    if (value === fallback) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
    history.replaceState(null, "", url);
  });
  return chosen;
}

/** Whether text is a currency code. */
export function isCode(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}
