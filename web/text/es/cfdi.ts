export const cfdi = {
  title: "Tipo de cambio para CFDI",
  lead: "Artículo 20 del Código Fiscal de la Federación: el que el Diario Oficial publicó el día anterior al de causación o, si ese día no hubo, el último publicado antes.",
  dates: "Fechas de causación",
  datesHint: "Pegue una columna de fechas: 2026-03-15, 15/03/2026 o 15-03-2026, una por línea.",
  none: "Escriba al menos una fecha.",
  unread: "No se entienden como fechas: {list}.",
  tooMany: "Se muestran las primeras {max} fechas.",
  results: "Tipos de cambio",
  date: "Fecha de causación",
  rate: "TipoCambio",
  determined: "FIX del",
  published: "Publicado en el DOF",
  applies: "Aplica desde",
  unknown: "Todavía no se publica, o no hubo",
  why: "Por qué: factura del {date}",
  permalink: "Enlace permanente",
  permalinkNote: "El enlace permanente devuelve siempre esta misma respuesta, aunque el dato se corrija después.",
  copy: "Copiar columna",
  copied: "Copiada",
  print: "Imprimir",
  csv: "CSV",
  csvEs: "CSV con punto y coma",
  failed: "No se puede consultar:",
};

/** The same entries in every language. */
export type CfdiWords = typeof cfdi;
