import { banxico } from "./banxico.ts";

/** What the documents show, and what the first page and a request without parameters are about: the FIX. */
export const EXAMPLE = { provider: banxico.id, series: "banxico.SF43718", base: "USD", quote: banxico.pivot } as const;

/** The pair of the FIX, which alone has a date of determination, of publication and of application. */
export const FIX_PAIR = { base: EXAMPLE.base, quote: EXAMPLE.quote, provider: EXAMPLE.provider } as const;
