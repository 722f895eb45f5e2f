import { basePath, defaultToken } from "./banxico/simulator.ts";
import type { Simulator } from "./server.ts";

/** A response of the simulator, parsed as far as possible. */
export interface BanxicoResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Values by series and ISO date; absent if the response is not the expected JSON. */
  readonly values: Record<string, Record<string, string>>;
  readonly ids: string[];
}

/** Sends a request to a running simulator as a client would: `path` is what follows `/series/`. */
export async function requestBanxico(
  simulator: Simulator,
  path: string,
  headers: Record<string, string> = { "Bmx-Token": defaultToken },
): Promise<BanxicoResponse> {
  const response = await fetch(`${simulator.url}${basePath}/series/${path}`, { headers });
  const text = await response.text();
  const series = response.status === 200 ? seriesOf(text) : [];
  const values = series.map(({ idSerie, datos }) => {
    const rows = (datos ?? []).map(({ fecha, dato }) => [fecha.split("/").reverse().join("-"), dato]);
    return [idSerie, Object.fromEntries(rows)];
  });
  return {
    status: response.status,
    headers: response.headers,
    text,
    values: Object.fromEntries(values),
    ids: series.map(({ idSerie }) => idSerie),
  };
}

/** Sets a simulator's faults. */
export function setFaults(simulator: Simulator, faults: unknown): Promise<Response> {
  return fetch(`${simulator.url}/__faults`, { method: "PUT", body: JSON.stringify(faults) });
}

interface Series {
  idSerie: string;
  datos?: { fecha: string; dato: string }[] | null;
}

function seriesOf(text: string): Series[] {
  try {
    return (JSON.parse(text) as { bmx: { series: Series[] } }).bmx.series;
  } catch {
    return [];
  }
}
