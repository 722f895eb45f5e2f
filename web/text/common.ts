import { dictionary } from "../lib/language.ts";

const es = {
  skip: "Ir al contenido",
  pages: "Páginas",
  today: "Hoy",
  explore: "Explorar",
  world: "Mundo",
  cfdi: "CFDI",
  alerts: "Alertas",
  status: "Estado",
  docs: "API",
  pause: "Pausar",
  resume: "Reanudar",
  live: "Al día",
  paused: "En pausa",
  cutOff: "Sin conexión",
  otherLanguage: "English",
  updated: (time: string) => `Revisado a las ${time}, hora de Ciudad de México`,
  noResponse: "No hay respuesta del servidor.",
  noRates: "El servidor no puede leer los tipos de cambio en este momento.",
  shownSince: (time: string) => `Lo que se muestra se recibió el ${time} (Ciudad de México).`,
  nothingYet: "Todavía no se ha recibido nada.",
  tryingAgain: "Se vuelve a intentar automáticamente.",
  tryNow: "Intentar ahora",
  stale: "Este dato puede no ser el más reciente.",
  reasons: {
    publication_missed: "El proveedor no ha publicado el dato que ya debería estar.",
    awaiting_confirmation: "Llegó un valor tan inusual que se confirma antes de publicarlo.",
    origin_unavailable: "No se ha podido comprobar si hay uno más reciente.",
    redis_and_origin_unavailable: "No se ha podido comprobar si hay uno más reciente.",
  } as Record<string, string>,
  source: "Fuente",
  licence: "condiciones de uso",
  notEndorsed:
    "Los tipos de cambio se transmiten sin modificar. Paridad no pertenece a estas instituciones ni tiene su respaldo.",
  loading: "Cargando…",
  showTable: "Ver como tabla",
  date: "Fecha",
  rate: "Tipo de cambio",
  chartHelp: "Use las flechas para recorrer las fechas.",
  chart: "gráfica",
};

export type CommonText = typeof es;

export const common = dictionary(es, () => import("./en/common.ts"));
