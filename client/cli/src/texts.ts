/** Everything that the command says, in both languages. */

export const LANGUAGES = ["en", "es"] as const;
export type Language = (typeof LANGUAGES)[number];

const en = {
  help: `paridad: official exchange rates, exact to the published digit

  paridad fix [DATE]                 the FIX of Banco de México, the latest or of a date
  paridad cfdi DATE…                 the rate for an invoice of that date, as the DOF published it the bank day before
  paridad convert AMOUNT FROM TO     an amount, exactly; --date DATE
  paridad history --from DATE        rates of a period; --to DATE, --csv
  paridad latest                     all currencies against --base, or those in --quotes EUR,JPY
  paridad watch                      each rate as it is published; --pairs USD/MXN,EUR/MXN
  paridad alerts                     your alerts; needs PARIDAD_KEY=ID:SECRET
  paridad doctor                     whether the platform is well, its rates are fresh and this clock is right

  --base USD --quote MXN             the pair; --provider ecb names whose rates
  --url URL                          the platform; otherwise PARIDAD_URL
  --json                             what the API returned
  --lang es|en                       otherwise LC_ALL, LC_MESSAGES or LANG
  --help, --version

Exit codes: 0 done · 1 failed · 2 wrong command line · 3 stale: a newer rate is overdue · 4 not published yet ·
5 there is no such rate · 6 the platform can't be reached or serves nothing`,
  url: "Say where the platform is: PARIDAD_URL=https://… or --url",
  command: (name: string) => `There is no command "${name}". See paridad --help.`,
  missing: (what: string) => `${what} is missing. See paridad --help.`,
  tooMany: (what: string) => `"${what}" is one argument too many. See paridad --help.`,
  date: (text: string) => `"${text}" is no date. Write it YYYY-MM-DD.`,
  stale: "stale: a newer rate is overdue",
  carried: (date: string) => `no rate on that day; in force is that of ${date}`,
  notPublished: (date: string) => `The rate of ${date} is not published yet.`,
  next: (at: string) => `next rate: ${at}`,
  cfdi: (date: string, determined: string, published: string) =>
    `For ${date}: the FIX of ${determined}, which the DOF published on ${published}, the last publication before that day (CFF, art. 20).`,
  unreachable: (url: string, why: string) => `${url} can't be reached: ${why}`,
  connected: "connected; waiting for rates",
  lost: "connection lost; trying again",
  resync: "some events were missed; the current rate is:",
  revised: "revised",
  withdrawn: "withdrawn",
  key: "Say which key to use: PARIDAD_KEY=ID:SECRET",
  noAlerts: "There are no alerts.",
  platform: "platform",
  freshness: "rates",
  clock: "clock",
  latestOf: (latest: string, expected: string) => `latest ${latest}, expected ${expected}`,
  clockOff: (seconds: number) => `${seconds} s from the server's`,
  well: "ok",
  unwell: "not ok",
};

export type Texts = typeof en;

const es: Texts = {
  help: `paridad: tipos de cambio oficiales, exactos hasta el último dígito publicado

  paridad fix [FECHA]                el FIX del Banco de México, el último o el de una fecha
  paridad cfdi FECHA…                el tipo para una factura de esa fecha: el que publicó el DOF el día hábil anterior
  paridad convert MONTO DE A         un monto, exacto; --date FECHA
  paridad history --from FECHA       los tipos de un periodo; --to FECHA, --csv
  paridad latest                     todas las monedas contra --base, o las de --quotes EUR,JPY
  paridad watch                      cada tipo en cuanto se publica; --pairs USD/MXN,EUR/MXN
  paridad alerts                     sus alertas; requiere PARIDAD_KEY=ID:SECRETO
  paridad doctor                     si la plataforma está bien, sus tipos al día y este reloj en hora

  --base USD --quote MXN             el par; --provider ecb dice de quién son los tipos
  --url URL                          la plataforma; si no, PARIDAD_URL
  --json                             lo que respondió la API
  --lang es|en                       si no, LC_ALL, LC_MESSAGES o LANG
  --help, --version

Códigos de salida: 0 hecho · 1 falló · 2 orden mal escrita · 3 atrasado: falta un tipo más reciente · 4 aún sin publicar ·
5 no existe ese tipo · 6 la plataforma no responde o no sirve tipos`,
  url: "Diga dónde está la plataforma: PARIDAD_URL=https://… o --url",
  command: (name) => `No existe la orden "${name}". Vea paridad --help.`,
  missing: (what) => `Falta ${what}. Vea paridad --help.`,
  tooMany: (what) => `Sobra "${what}". Vea paridad --help.`,
  date: (text) => `"${text}" no es una fecha. Escriba AAAA-MM-DD.`,
  stale: "atrasado: falta un tipo más reciente",
  carried: (date) => `ese día no hay tipo; rige el del ${date}`,
  notPublished: (date) => `El tipo del ${date} aún no se publica.`,
  next: (at) => `próximo tipo: ${at}`,
  cfdi: (date, determined, published) =>
    `Para el ${date}: el FIX del ${determined}, que el DOF publicó el ${published}, la última publicación antes de ese día (CFF, art. 20).`,
  unreachable: (url, why) => `${url} no responde: ${why}`,
  connected: "conectado; en espera de tipos",
  lost: "se perdió la conexión; se intenta de nuevo",
  resync: "se perdieron avisos; el tipo actual es:",
  revised: "corregido",
  withdrawn: "retirado",
  key: "Diga qué llave usar: PARIDAD_KEY=ID:SECRETO",
  noAlerts: "No hay alertas.",
  platform: "plataforma",
  freshness: "tipos",
  clock: "reloj",
  latestOf: (latest, expected) => `último ${latest}, esperado ${expected}`,
  clockOff: (seconds) => `a ${seconds} s del servidor`,
  well: "bien",
  unwell: "mal",
};

export const TEXTS: Record<Language, Texts> = { en, es };
