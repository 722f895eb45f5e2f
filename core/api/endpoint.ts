import type { z } from "@hono/zod-openapi";
import { once } from "../ops/once.ts";
import type { Route } from "../rates/route.ts";
import type { View } from "../rates/views.ts";
import type { PlainDate } from "../time/dates.ts";
import type { ResponseKind } from "./caching.ts";
import { type FormatRequest, formatParameters, type Rendered, render } from "./formats/format.ts";
import type { WrittenFields } from "./formats/json.ts";
import type { Table } from "./formats/table.ts";
import { knownAtParameter } from "./known-at.ts";
import type { RateReader } from "./rate-reader.ts";

/** What every path of the public API begins with. */
export const PREFIX = "/api/v1";

/** The newest observation of a route, or the last day that is covered of it. */
export interface Latest {
  route: Pick<Route, "publication" | "series">;
  date: PlainDate;
}

/** What a handler found: the response's content, and what decides how long it may be kept. */
export interface EndpointResult<Content> {
  content: Content;
  /** Lists of the content that are put together as JSON without its items, by field. */
  written?: WrittenFields;
  kind: ResponseKind;
  /** The newest observations that the content depends on, or the last day that it covers. */
  latest: readonly Latest[];
  /** Set if pages that the content needs could not be read, so that it is kept for seconds only. */
  isIncomplete?: boolean;
}

/** A strict object of parameters, by what they are once parsed. */
type ParameterSchema<Parsed> = z.ZodObject & z.ZodType<Parsed>;

/** The schemas of an endpoint's parameters. */
export interface RequestSchemas {
  params: z.ZodObject;
  query: z.ZodObject;
}

/** All that there is to say of one endpoint. */
interface Definition<Params, Query, Content> {
  /** The operation's id in the OpenAPI document, and its anchor on the docs page. */
  id: string;
  /** Without the prefix; path parameters in braces. */
  path: `/${string}`;
  tag: "Rates" | "Analytics" | "Catalogue" | "Events";
  summary: string;
  description?: string;
  /** What a response holds, in one sentence. */
  returns: string;
  params: () => ParameterSchema<Params>;
  query: () => ParameterSchema<Query>;
  /** Made only for the OpenAPI document and the tests, so that no host pays for it at its start. */
  response: () => z.ZodType<Content>;
  /** Set if the cost of a request grows with the period that it names (core/api/cost.ts). */
  costsByPeriod?: boolean;
  /** Set if it grows with something else: how many days of a period cost as much as a request, of which nothing is validated. */
  costInDays?: (request: Partial<Record<string, string>>) => number;
  /** Set if it lists, on a date, every currency that there is. */
  costsByTable?: boolean;
  /** Set if only `known_at` makes it expensive: it then reads whole boards of that instant, or a page for each pair. */
  costsByRecord?: "boards" | "pairs";
  /** Set if the response is a list: then it is served as CSV and NDJSON too, and takes `format` and `locale`. */
  table?: Table<NoInfer<Content>, NoInfer<Query>>;
  /** Set if the rates are always those of a view of the FIX, whatever the query says. */
  view?: View;
  handle: (reader: RateReader, input: Params & Query) => Promise<EndpointResult<NoInfer<Content>>>;
}

/** What one validated request is for: reads its content, and writes it in the form that the client wants. */
export interface ValidRequest {
  /** The view of the FIX that the reader is to have. */
  view: View | undefined;
  /** The instant that the response is to be of. */
  knownAt: string | undefined;
  read: (reader: RateReader) => Promise<EndpointResult<object>>;
  render: (result: EndpointResult<object>, accept: string | undefined) => Rendered;
}

/** An endpoint whose types are settled: what the list of all endpoints holds. */
export type Endpoint = ReturnType<typeof endpoint>;

/** Defines an endpoint. `handle` receives its parsed parameters, and must return what `response` describes. */
export function endpoint<Params, Query, Content extends object>({
  path,
  params,
  query,
  handle,
  costsByPeriod = false,
  costInDays,
  costsByTable = false,
  costsByRecord,
  table,
  view,
  ...documentation
}: Definition<Params, Query, Content>) {
  return {
    ...documentation,
    /** With the prefix; path parameters in braces. */
    path: `${PREFIX}${path}`,
    /** Built at the first request, because building those of all endpoints slows an isolate's start. */
    schemas: once((): RequestSchemas => {
      const own: z.ZodObject = query();
      const asOf = TIMELESS_TAGS.has(documentation.tag) ? own : own.safeExtend(knownAtParameter());
      return { params: params(), query: table ? asOf.safeExtend(formatParameters()) : asOf };
    }),
    costsByPeriod,
    costInDays,
    costsByTable,
    costsByRecord,
    isList: table !== undefined,
    /** What a request is for whose parameters have been parsed by the schemas. */
    requestOf(parsed: { params: object; query: object }): ValidRequest {
      const query = parsed.query as Query & FormatRequest & { view?: View; known_at?: string };
      return {
        view: query.view ?? view,
        knownAt: query.known_at,
        read: (reader) => handle(reader, { ...(parsed.params as Params), ...query }),
        render: ({ content, written }, accept) => render(content as Content, written, table, query, accept),
      };
    },
  };
}

/** Of endpoints that have nothing as at a past instant: the log of events has all instants in it. */
const TIMELESS_TAGS: ReadonlySet<string> = new Set(["Catalogue", "Events"]);

/** A path as routers write it: `:name` for `{name}`. */
export function routingPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
