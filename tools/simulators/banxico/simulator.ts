import type { Context } from "hono";
import { z } from "zod";
import { isPlainDate } from "#core/time/dates.ts";
import { Faults, sufferTransport } from "../faults.ts";
import { mountProviders, type ProvidersOptions } from "../providers/mount.ts";
import {
  createSimulatorApp,
  describeInvalid,
  RequestLog,
  type Simulator,
  type SimulatorEnv,
  serveSimulator,
} from "../server.ts";
import { type CatalogueEntry, fix, settlement } from "./catalogue.ts";
import { Clock } from "./clock.ts";
import { Dataset, type Row, readCsv, readRecorded } from "./data.ts";
import { type BanxicoFault, damageSeries, faultSchema, overlaysOf, printedDate } from "./faults.ts";
import { documentedLimits, type Limit, Limiter, type RequestClass } from "./limits.ts";
import { mexicoCityDate } from "./mexico.ts";
import { errorResponse, htmlResponse, jsonResponse, limitResponse } from "./responses.ts";
import { requestedIds } from "./series-ids.ts";

/** How the simulator of Banxico and of all other providers is set up. */
export interface BanxicoOptions extends ProvidersOptions {
  readonly port?: number;
  /** 64 letters and digits. */
  readonly token?: string;
  /** Further ones, for a token that is replaced while the simulator runs; each has limits of its own. */
  readonly moreTokens?: readonly string[];
  /** A CSV of `date,value` for the FIX; without one, all series are made up, to the present day. */
  readonly dataFile?: string;
  /** The FIX's rows, instead of a file. */
  readonly data?: readonly Row[];
  /** A body that the real API once answered; its values stand over the others. */
  readonly recordedFile?: string;
  readonly clockOffsetMs?: number;
  /** How long after 12:00 in Mexico City the FIX is out. */
  readonly publicationDelayMs?: number;
  readonly limits?: Partial<Record<RequestClass, Limit>>;
  readonly realNow?: () => number;
}

/** Where the API begins, as in the real one. */
export const basePath = "/SieAPIRest/service/v1";

/** The token where none is set. */
export const defaultToken = "local0token".padEnd(64, "0");

const clockSchema = z.union([
  z.strictObject({ offset_ms: z.number().min(-1e13).max(1e13) }),
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
]);

/** What a route is given once token, limits and series are in order. */
interface Request {
  readonly asked: readonly string[];
  readonly struck: readonly BanxicoFault[];
}

/**
 * Starts Banxico's SIE API with `PUT` and `GET /__clock` besides the control routes of every simulator, and the other
 * providers below `/{id}`, by the same clock.
 */
export async function startBanxico(options: BanxicoOptions = {}): Promise<Simulator> {
  const tokens = [options.token ?? defaultToken, ...(options.moreTokens ?? [])];
  if (!tokens.every((token) => /^[0-9a-zA-Z]{64}$/.test(token)))
    throw new Error("a Banxico token is 64 letters and digits");
  const csv = options.dataFile === undefined ? options.data : await readCsv(options.dataFile);
  const dataset = new Dataset(csv, options.recordedFile === undefined ? [] : await readRecorded(options.recordedFile));
  const clock = new Clock(options.clockOffsetMs ?? 0, options.publicationDelayMs ?? 0, options.realNow ?? Date.now);
  const limiter = new Limiter({ ...documentedLimits, ...options.limits });
  const faults = new Faults<BanxicoFault>();
  const requests = new RequestLog();
  const app = createSimulatorApp({ faults, faultSchema, requests });

  app.get("/__clock", (c) => c.json(clock));
  app.put("/__clock", async (c) => {
    const parsed = clockSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return c.json(describeInvalid(parsed.error), 400);
    if ("now" in parsed.data) clock.setNow(Date.parse(parsed.data.now));
    else clock.offsetMs = parsed.data.offset_ms;
    return c.json(clock);
  });

  const route = (
    path: string,
    requestClass: RequestClass,
    respond: (c: Context<SimulatorEnv>, request: Request) => Response,
  ) =>
    app.get(`${basePath}/series/:ids${path}`, async (c) => {
      requests.record(requestClass, c.req.path);
      const asked = requestedIds(c.req.param("ids") ?? "", dataset.entries);
      const token = tokenOf(c);
      const struck = faults.forRequest((one) => isMeant(one, requestClass, token) && strikes(one, asked ?? []));
      return (
        (await sufferTransport(c, struck)) ??
        refuse(c, requestClass, asked, struck) ??
        respond(c, { asked: asked ?? [], struck })
      );
    });

  /** The error that a request deserves, in the order in which the API looks. */
  const refuse = (
    c: Context<SimulatorEnv>,
    requestClass: RequestClass,
    asked: readonly string[] | undefined,
    struck: readonly BanxicoFault[],
  ) => {
    const given = tokenOf(c);
    if (given === undefined || !tokens.includes(given) || struck.some(({ type }) => type === "token_revoked"))
      return errorResponse(c, "token");
    const nowMs = clock.nowMs();
    const limited = struck.find((one) => one.type === "rate_limit");
    const resetMs = limited === undefined ? limiter.count(given, requestClass, nowMs) : nowMs + limited.seconds * 1_000;
    if (resetMs !== undefined) return limitResponse(c, resetMs, nowMs, limited?.told);
    if (struck.some(({ type }) => type === "html")) return htmlResponse(c);
    if (asked === undefined) return errorResponse(c, "series");
    return asked.length === 0 ? htmlResponse(c, 404) : undefined;
  };

  const entriesOf = (asked: readonly string[]) => shuffled(asked, dataset.entries);
  const published = (id: string, struck: readonly BanxicoFault[]) =>
    dataset.rows(id, clock.publishedUpTo(), overlaysOf(struck));

  /** Sends series after all that faults do to them. */
  const send = (c: Context<SimulatorEnv>, { asked, struck }: Request, select: (rows: Row[]) => Row[]) => {
    const isShort = c.req.query("decimales") === "sinCeros";
    const series = entriesOf(asked).map(({ id, title }) => {
      const datos = select(published(id, struck)).map(([date, value]) => ({
        fecha: printedDate(date),
        dato: isShort ? withoutZeros(value) : value,
      }));
      return { idSerie: id, titulo: title, ...(datos.length === 0 ? {} : { datos }) };
    });
    return jsonResponse(
      c,
      { bmx: { series: damageSeries(series, struck, mexicoCityDate(clock.nowMs())) } },
      200,
      damageOf(struck),
    );
  };

  route("", "oportuna", (c, { asked, struck }) => {
    const print =
      c.req.query("locale") === "en" ? (date: string) => date.replace(/(....)-(..)-(..)/, "$2/$3/$1") : printedDate;
    const series = entriesOf(asked).map(({ id, title, unit }) => {
      const rows = published(id, struck);
      const [first = "", last = ""] = [rows[0]?.[0], rows.at(-1)?.[0]];
      const dates = rows.length === 0 ? {} : { fechaInicio: print(first), fechaFin: print(last) };
      return {
        idSerie: id,
        titulo: title,
        ...dates,
        periodicidad: "Diaria",
        cifra: "Tipo de Cambio",
        unidad: unit,
        versionada: false,
      };
    });
    return jsonResponse(c, { bmx: { series } }, 200, damageOf(struck));
  });
  route("/datos/oportuno", "oportuna", (c, request) => send(c, request, (rows) => rows.slice(-1)));
  route("/datos", "historica", (c, request) => send(c, request, (rows) => rows));
  route("/datos/:from/:to", "historica", (c, request) => {
    const [from = "", to = ""] = [c.req.param("from"), c.req.param("to")];
    if (!isPlainDate(from) || !isPlainDate(to)) return errorResponse(c, "date");
    return send(c, request, (rows) => rows.filter(([date]) => date >= from && date <= to));
  });
  mountProviders(app, () => clock.nowMs(), options);
  app.notFound((c) => htmlResponse(c as Context<SimulatorEnv>, 404));
  return serveSimulator(app, options.port);
}

/** The header wins over the query. */
function tokenOf(c: Context<SimulatorEnv>): string | undefined {
  return c.req.header("Bmx-Token") ?? c.req.query("token");
}

/** Whether a limit is for this class of request and this token; other faults are for all. */
function isMeant(one: BanxicoFault, requestClass: RequestClass, token: string | undefined): boolean {
  if (one.type !== "rate_limit") return true;
  return (one.class ?? requestClass) === requestClass && (one.token ?? token) === token;
}

/** The settlement rates are made of the FIX, so what happens to the one's values happens to the other's. */
function strikes({ type, series }: BanxicoFault, asked: readonly string[]): boolean {
  if (series === undefined || asked.includes(series)) return true;
  return (
    (type === "revision" || type === "observation" || type === "withdrawal") &&
    series === fix &&
    asked.includes(settlement)
  );
}

/** The entries asked for, in an order that is never the one asked for. */
function shuffled(asked: readonly string[], entries: readonly CatalogueEntry[]): CatalogueEntry[] {
  const own = entries.filter(({ id }) => asked.includes(id));
  const isSame = own.length > 1 && own.every(({ id }, i) => id === asked[i]);
  return isSame ? [...own.slice(1), ...own.slice(0, 1)] : own;
}

function damageOf(struck: readonly BanxicoFault[]) {
  return {
    isTruncated: struck.some(({ type }) => type === "truncated"),
    contentType: struck.find((one) => one.type === "content_type")?.value,
    paddingBytes: struck.find((one) => one.type === "oversized")?.bytes,
  };
}

function withoutZeros(value: string): string {
  return value.replace(/\.?0+$/, "");
}
