import { ER_API } from "./er-api.ts";
import type { FacadeRoute } from "./facade.ts";
import { FRANKFURTER_UNVERSIONED, FRANKFURTER_V1 } from "./frankfurter-v1.ts";
import { FRANKFURTER_V2 } from "./frankfurter-v2.ts";
import { OPEN_EXCHANGE_RATES } from "./open-exchange-rates.ts";
import { SIE } from "./sie.ts";

/** Every route of every facade, in the order in which they are tried. */
export const FACADE_ROUTES: readonly FacadeRoute[] = [
  ...FRANKFURTER_V1,
  ...FRANKFURTER_V2,
  ...FRANKFURTER_UNVERSIONED,
  ...SIE,
  ...OPEN_EXCHANGE_RATES,
  ...ER_API,
];
