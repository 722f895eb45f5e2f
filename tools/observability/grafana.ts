/** Grafana dashboards, as JSON for its file provisioning. */

type Unit = "short" | "reqps" | "s" | "percentunit" | "bytes" | "dateTimeFromNow" | "bool_on_off";

export interface Panel {
  title: string;
  unit: Unit;
  /** A legend for each expression; {{label}} stands for a label's value. */
  queries: readonly (readonly [legend: string, expr: string])[];
  view?: "timeseries" | "stat";
}

export interface Dashboard {
  uid: string;
  title: string;
  panels: readonly Panel[];
}

const [COLUMNS, HEIGHT] = [2, 8];
const WIDTH = 24 / COLUMNS;
const DATASOURCE = { type: "prometheus", uid: "prometheus" };

/** A dashboard as Grafana reads it. */
export function grafanaJson({ uid, title, panels }: Dashboard): string {
  const document = {
    uid,
    title,
    tags: ["paridad"],
    schemaVersion: 39,
    version: 1,
    editable: false,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    timezone: "utc",
    panels: panels.map((panel, index) => ({
      id: index + 1,
      type: panel.view ?? "timeseries",
      title: panel.title,
      datasource: DATASOURCE,
      gridPos: { x: (index % COLUMNS) * WIDTH, y: Math.floor(index / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT },
      fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
      options: panel.view === "stat" ? { reduceOptions: { calcs: ["lastNotNull"] } } : {},
      targets: panel.queries.map(([legendFormat, expr], query) => ({
        refId: String.fromCharCode(65 + query),
        datasource: DATASOURCE,
        expr,
        legendFormat,
      })),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
