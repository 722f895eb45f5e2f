import type { Calendar } from "../time/calendars.ts";
import { addDays, type PlainDate, weekdayOf, yearOf } from "../time/dates.ts";
import { mexicanHolidayOn } from "../time/holidays.ts";
import type { FixDates } from "./fixing.ts";

/** Why an invoice takes the rate that it takes: article 20 of Mexico's tax code (CFF), day by day. */

export interface Bilingual {
  en: string;
  es: string;
}

/** One step of the reasoning, and the day that it is about. */
export interface Step extends Bilingual {
  date: PlainDate;
}

/** The steps from the day on which a tax is caused back to the FIX that applies to it. */
export function cfdiSteps(
  date: PlainDate,
  { determination, publication }: FixDates,
  rate: string,
  calendar: Calendar,
): Step[] {
  const [caused, printed, fixed] = [date, publication, determination].map(inWords) as [Bilingual, Bilingual, Bilingual];
  return [
    {
      date,
      en: `The tax is caused on ${caused.en}: the rate is the one that the Diario Oficial (DOF) published on the day before, else the last one that it published before that (CFF, article 20).`,
      es: `La contribución se causa el ${caused.es}: se aplica el tipo de cambio que el Diario Oficial (DOF) publicó el día anterior o, si no lo hubo, el último publicado con anterioridad (CFF, artículo 20).`,
    },
    ...between(publication, date).map((day) =>
      closed(day, calendar, "The DOF published none on", "El DOF no publicó el"),
    ),
    {
      date: publication,
      en: `On ${printed.en} the DOF published ${rate}: the FIX of the bank day before.`,
      es: `El ${printed.es} el DOF publicó ${rate}: el FIX del día hábil bancario anterior.`,
    },
    ...between(determination, publication).map((day) =>
      closed(day, calendar, "No FIX was determined on", "No se determinó FIX el"),
    ),
    {
      date: determination,
      en: `Banco de México determined it on ${fixed.en}. The exchange rate of the invoice (TipoCambio) is ${rate}.`,
      es: `El Banco de México lo determinó el ${fixed.es}. El TipoCambio de la factura es ${rate}.`,
    },
  ];
}

/** The days between two dates, the latest first. */
function between(after: PlainDate, before: PlainDate): PlainDate[] {
  const days: PlainDate[] = [];
  for (let day = addDays(before, -1); day > after; day = addDays(day, -1)) days.push(day);
  return days;
}

function closed(date: PlainDate, calendar: Calendar, en: string, es: string): Step {
  const day = inWords(date);
  const reason = reasonFor(date, calendar);
  return { date, en: `${en} ${day.en}: ${reason.en}.`, es: `${es} ${day.es}: ${reason.es}.` };
}

/** Before the calendar's first year its holidays are not known: only that there was no FIX. */
function reasonFor(date: PlainDate, { closures, firstYear }: Calendar): Bilingual {
  if (weekdayOf(date) % 6 === 0) return { en: "a weekend", es: "fin de semana" };
  const name = yearOf(date) >= firstYear ? mexicanHolidayOn(date) : undefined;
  if (name) return { en: `a bank holiday, ${name.en}`, es: `día inhábil bancario, ${name.es}` };
  return closures.has(date)
    ? { en: "banks were closed by way of exception", es: "cierre bancario extraordinario" }
    : { en: "no bank day, as there was no FIX", es: "día inhábil bancario, pues no hubo FIX" };
}

const MONTHS = {
  en: "January February March April May June July August September October November December".split(" "),
  es: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(" "),
};
const WEEKDAYS = {
  en: "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" "),
  es: "domingo lunes martes miércoles jueves viernes sábado".split(" "),
};

/** "Friday, 7 April 2023". Intl would take 20 ms to start. */
function inWords(date: PlainDate): Bilingual {
  const [day, month, weekday] = [Number(date.slice(8)), Number(date.slice(5, 7)) - 1, weekdayOf(date)];
  const year = date.slice(0, 4);
  return {
    en: `${WEEKDAYS.en[weekday]}, ${day} ${MONTHS.en[month]} ${year}`,
    es: `${WEEKDAYS.es[weekday]} ${day} de ${MONTHS.es[month]} de ${year}`,
  };
}
