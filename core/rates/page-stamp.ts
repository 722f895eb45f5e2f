import type { Page } from "./page.ts";

/** Says which page something was made from, without keeping the page. */
export interface PageStamp {
  series: string;
  year: number;
  stamp: number;
}

const stamps = new WeakMap<Page, PageStamp>();
let count = 0;

/** The same for the same object, and for no other. */
export function stampOf(page: Page): PageStamp {
  const known = stamps.get(page);
  if (known !== undefined) return known;
  const stamped = { series: page.series, year: page.year, stamp: ++count };
  stamps.set(page, stamped);
  return stamped;
}
