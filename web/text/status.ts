import { dictionary } from "../lib/language.ts";

const es = {
  title: "Estado del servicio",
  levels: {
    healthy: "Todo funciona",
    degraded: "Se sirven todos los datos, con un aviso",
    limited: "Falta algún dato reciente; el historial se sirve",
    critical: "No hay datos que servir",
  },
  service: "Servicio",
  p95: "Respuesta, percentil 95",
  hitRatio: "Lecturas sin ir al origen",
  deadLetters: "Lotes por repetir",
  database: "Base de datos",
  redis: "Redis",
  banxico: "API de Banxico",
  states: {
    healthy: "bien",
    unhealthy: "falla",
    unknown: "sin dato",
    current: "al día",
    behind: "atrasado",
    missing: "sin datos",
    closed: "cerrado",
    open: "abierto",
    half_open: "a prueba",
  } as Record<string, string>,
  providers: "Proveedores",
  provider: "Proveedor",
  state: "Estado",
  expected: "Esperado",
  latest: "Último",
  missed: "Publicaciones perdidas",
  seriesBehind: "Series atrasadas",
  breaker: "Interruptor",
  publishes: "Publica",
  at: (time: string, zone: string) => `${time}, ${zone}`,
  days: "Últimos 60 días hábiles",
  daysNote: "Un cuadro por día hábil del proveedor, del más antiguo al más reciente.",
  allDays: (name: string, pair: string, count: number) => `${name} (${pair}): hay dato de los ${count} días.`,
  someDays: (name: string, pair: string, missing: string) => `${name} (${pair}): falta el dato de ${missing}.`,
  manyDays: (name: string, pair: string, missing: number, count: number) =>
    `${name} (${pair}): falta el dato de ${missing} de los ${count} días.`,
  series: "Series de Banco de México",
  seriesId: "Serie",
  waiting: "Por confirmar",
  none: "—",
  measured: "Como lo ve el servidor que respondió, en los últimos cinco minutos.",
};

export type StatusText = typeof es;

export const status = dictionary(es, () => import("./en/status.ts"));
