import { type Archive, type BoardCopy, type PageCopy, PagesUnavailable } from "#core/pages/page-source.ts";
import type { Catalogue } from "#core/providers/catalogue.ts";
import { boardAsOf, pagesAsOf, windowAsOf } from "./store/as-of.ts";
import type { Store } from "./store/store.ts";

const RETRY_AFTER_SECONDS = 5;
/** What was stored at an instant does not change. */
const FRESH = { tier: "origin", freshUntilMs: Number.POSITIVE_INFINITY } as const;

/** What was stored at any instant, from the store. */
export function storeArchive(store: Pick<Store, "rowsAsOf" | "history">, catalogue: Catalogue): Archive {
  return {
    at: (knownAtMs) => ({
      read: async (series, years): Promise<PageCopy[]> => {
        const first = Math.min(...years);
        const pages = await available(pagesAsOf(store, series, first, Math.max(...years), knownAtMs));
        return years.flatMap((year) => {
          const page = pages[year - first];
          return page === undefined ? [] : [{ page, ...FRESH }];
        });
      },
      readBoards: (providers): Promise<BoardCopy[]> =>
        Promise.all(
          providers.map(async (id) => {
            const provider = catalogue.providerOf({ provider: id });
            return { board: await available(boardAsOf(store, provider, knownAtMs)), ...FRESH };
          }),
        ),
      readWindow: async (id, date) => {
        const provider = catalogue.providerOf({ provider: id });
        return { values: await available(windowAsOf(store, provider, date, knownAtMs)), ...FRESH };
      },
    }),
    revisions: async (series, date) =>
      (await available(store.history(series, date))).map(({ value, withdrawn, observedAt }) => ({
        value,
        withdrawn,
        knownFrom: observedAt,
      })),
  };
}

async function available<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new PagesUnavailable(RETRY_AFTER_SECONDS, { cause: error });
  }
}
