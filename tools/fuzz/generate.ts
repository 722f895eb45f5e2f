import fc from "fast-check";
import { earlier, later } from "#core/time/dates.ts";
import { wildCredentials } from "./credentials.ts";
import { OPERATIONS, type Operation, type Parameter, type ParameterSchema } from "./document.ts";
import { facadeRequest } from "./facades.ts";
import { hostileHeaders, hostileText, oddHeaders, wildRequest } from "./hostile.ts";
import type { FuzzRequest } from "./request.ts";
import type { Bank, Vocabulary } from "./vocabulary.ts";

/** Requests made from the OpenAPI document and from the currencies and providers that a deployment serves. */

type Values = Readonly<Record<string, string>>;
const date = fc
  .date({ min: new Date("1985-01-01"), max: new Date("2031-12-31"), noInvalidDate: true })
  .map((instant) => instant.toISOString().slice(0, 10));

export function anyRequest(vocabulary: Vocabulary): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(
    { weight: 4, arbitrary: validRequest(vocabulary) },
    { weight: 4, arbitrary: invalidRequest(vocabulary) },
    { weight: 3, arbitrary: facadeRequest(vocabulary) },
    { weight: 3, arbitrary: wildRequest() },
    { weight: 1, arbitrary: wildCredentials() },
  );
}

/** Every parameter from its schema, the optional ones at times left out. */
export function validRequest({ banks }: Vocabulary): fc.Arbitrary<FuzzRequest> {
  return fc
    .tuple(fc.constantFrom(...OPERATIONS), fc.constantFrom(...banks))
    .chain(([operation, bank]) =>
      fc.record({ operation: fc.constant(operation), values: validValues(operation, bank), headers: oddHeaders() }),
    )
    .chain(({ operation, values, headers }) =>
      fc.record({
        kind: fc.constant("valid" as const),
        method: fc.constantFrom("GET", "GET", "GET", "HEAD", "OPTIONS"),
        target: shuffledQuery(operation, values).map((query) => targetOf(operation, values, query)),
        headers: fc.constant(headers),
        operation: fc.constant(operation),
      }),
    );
}

/** A valid request in which one thing about one parameter is wrong. */
export function invalidRequest(vocabulary: Vocabulary): fc.Arbitrary<FuzzRequest> {
  return fc
    .tuple(fc.constantFrom(...OPERATIONS), fc.constantFrom(...vocabulary.banks))
    .chain(([operation, bank]) => fc.tuple(fc.constant(operation), fc.constant(bank), validValues(operation, bank)))
    .chain(([operation, bank, values]) => {
      const wrongs = [unknownParameter(operation, values)];
      for (const parameter of operation.parameters) {
        wrongs.push(wrongValue(operation, values, parameter, vocabulary));
        // The parts of a list are one list.
        if (parameter.in === "query" && !parameter.schema.items) wrongs.push(twice(operation, values, parameter, bank));
        if (parameter.in === "query" && parameter.required) wrongs.push(left(operation, values, parameter));
      }
      return fc.tuple(fc.oneof(...wrongs), hostileHeaders()).map(([{ target, wrong }, headers]) => ({
        kind: "invalid" as const,
        method: "GET",
        target,
        headers,
        operation,
        wrong,
      }));
    });
}

type Wrong = { target: string; wrong: string };

function wrongValue(
  operation: Operation,
  values: Values,
  parameter: Parameter,
  vocabulary: Vocabulary,
): fc.Arbitrary<Wrong> {
  const { name } = parameter;
  return (
    hostileText()
      .filter((text) => !isValid(parameter, text, vocabulary))
      // An empty path segment or one of dots is another URL; a slash makes two segments of one.
      .filter((text) => parameter.in === "query" || !/^$|^\.+$|[/\\?#]/.test(text))
      .map((text) => ({ wrong: name, target: targetOf(operation, { ...values, [name]: text }) }))
  );
}

function twice(operation: Operation, values: Values, parameter: Parameter, bank: Bank): fc.Arbitrary<Wrong> {
  const { name } = parameter;
  return fc.tuple(valueFor(parameter, bank), valueFor(parameter, bank)).map(([one, two]) => {
    const pairs = [...queryPairs(operation, { ...values, [name]: one }), [name, two] as [string, string]];
    return { wrong: name, target: targetOf(operation, values, pairs) };
  });
}

function left(operation: Operation, values: Values, { name }: Parameter): fc.Arbitrary<Wrong> {
  const pairs = queryPairs(operation, values).filter(([given]) => given !== name);
  return fc.constant({ wrong: name, target: targetOf(operation, values, pairs) });
}

function unknownParameter(operation: Operation, values: Values): fc.Arbitrary<Wrong> {
  const known = new Set(operation.parameters.map(({ name }) => name));
  const names = fc.oneof(
    fc.constantFrom(
      "__proto__",
      "constructor",
      "prototype",
      "toString",
      "hasOwnProperty",
      "Base",
      "base[]",
      "ñandú",
      "__",
    ),
    fc.string({ minLength: 1, maxLength: 12 }).map((text) => `x${text}`),
  );
  return fc.tuple(names, hostileText()).map(([name, text]) => {
    const unknown = known.has(name) ? `${name}x` : name;
    const pairs = [...queryPairs(operation, values), [unknown, text] as [string, string]];
    return { wrong: unknown, target: targetOf(operation, values, pairs) };
  });
}

/** Values for which the bank has rates. */
function validValues({ id, parameters }: Operation, bank: Bank): fc.Arbitrary<Values> {
  const fields = Object.fromEntries(parameters.map((parameter) => [parameter.name, valueFor(parameter, bank)]));
  const isNeeded = ({ required, schema }: Parameter) =>
    required || (isCode(schema) && schema.default !== undefined && !bank.currencies.includes(schema.default));
  const requiredKeys = parameters.filter(isNeeded).map(({ name }) => name);
  return fc.record(fields, { requiredKeys }).map((values) => agreed(id, viewedOrDated(id, onePairOrLists(values))));
}

/** What no schema says: which parameters of a pair go together. */
function onePairOrLists({ base, quote, ...others }: Values): Values {
  return {
    ...others,
    ...(base !== undefined && others.bases === undefined && { base }),
    ...(quote !== undefined && others.quotes === undefined && { quote }),
  };
}

/** A view only of what has one, and one date or several. */
function viewedOrDated(id: string, { view, ...values }: Values): Values {
  const { base = "USD", quote = "MXN", from = base, to = quote, bases, quotes } = values;
  const pair = (id === "convert" ? [from, to] : [base, quote]).join("/").toUpperCase();
  const hasView = bases === undefined && quotes === undefined && ["USD/MXN", "MXN/USD"].includes(pair);
  const { date, ...others } = values;
  const one =
    id === "cfdiRate" && values.dates !== undefined ? others : { ...others, ...(date !== undefined && { date }) };
  return view !== undefined && hasView ? { ...one, view } : one;
}

/** The same of a period. */
function agreed(id: string, values: Values): Values {
  const { days, from, to, ...others } = values;
  if (id === "convert") return values;
  if (from !== undefined && to !== undefined) return { ...others, from: earlier(from, to), to: later(from, to) };
  if (from !== undefined) return { ...others, from };
  if (to !== undefined && id !== "historicalRates") return { ...others, to };
  if (to !== undefined && others.limit !== undefined) return { ...others, to };
  return days === undefined ? others : { ...others, days };
}

function valueFor({ name, schema }: NamedSchema, bank: Bank): fc.Arbitrary<string> {
  const { enum: texts, type, format, pattern, minimum, maximum, maxLength, items } = schema;
  // Two lists of three make nine pairs, which every endpoint takes.
  if (items) return listOf(valueFor({ name, schema: items }, bank));
  if (texts) return fc.constantFrom(...texts);
  if (name === "provider") return fc.constant(bank.id);
  if (name === "year")
    return fc.integer({ min: Math.max(minimum ?? 0, bank.firstYear), max: maximum ?? 0 }).map(String);
  if (type === "integer") return fc.integer({ min: minimum ?? 0, max: maximum ?? 1_000 }).map(String);
  if (format === "date") return date;
  if (format === "date-time") return fc.constantFrom(...bank.instants);
  if (name === "pairs") return fc.tuple(currencyOf(bank), currencyOf(bank)).map((pair) => pair.join("/"));
  if (name === "series") return fc.constantFrom(...bank.series);
  if (isCode(schema)) return currencyOf(bank);
  if (pattern === undefined) throw new Error("the document says too little of a text");
  return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= (maxLength ?? text.length));
}

function currencyOf({ currencies }: Bank): fc.Arbitrary<string> {
  return fc.constantFrom(...currencies, ...currencies.map((code) => code.toLowerCase()));
}

function listOf(values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(values, { minLength: 1, maxLength: 3 }).map((texts) => texts.join(","));
}

type NamedSchema = Pick<Parameter, "name" | "schema">;

/** Whether a text is good for a parameter: told apart by other means than the API's. */
function isValid({ name, schema }: NamedSchema, text: string, vocabulary: Vocabulary): boolean {
  const { items, maxItems = 1 } = schema;
  if (items) {
    const values = text.split(",");
    return values.length <= maxItems && values.every((value) => isValid({ name, schema: items }, value, vocabulary));
  }
  if (schema.enum) return schema.enum.includes(text);
  if (name === "provider") return vocabulary.providers.includes(text);
  if (isCode(schema)) return vocabulary.currencies.includes(text.toUpperCase());
  if (schema.type === "integer")
    return (
      /^(0|[1-9]\d*)$/.test(text) &&
      Number(text) >= (schema.minimum ?? 0) &&
      Number(text) <= (schema.maximum ?? Number.MAX_SAFE_INTEGER)
    );
  if (schema.format === "date") {
    const instant = new Date(`${text}T00:00:00Z`);
    return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
  }
  if (schema.format === "date-time")
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
  if (name === "amount") return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) && text.length <= (schema.maxLength ?? 0);
  return /^\d{4}-\d\d$|^\d{1,3}d$/.test(text);
}

function isCode({ pattern }: ParameterSchema): boolean {
  return pattern === "^[A-Za-z]{3}$";
}

function queryPairs({ parameters }: Operation, values: Values): [string, string][] {
  return parameters
    .filter((parameter) => parameter.in === "query" && values[parameter.name] !== undefined)
    .map(({ name }) => [name, values[name] as string]);
}

/** In any order, and some lists in parts. */
function shuffledQuery(operation: Operation, values: Values): fc.Arbitrary<[string, string][]> {
  const lists = new Set(operation.parameters.filter(({ schema }) => schema.items).map(({ name }) => name));
  const pairs = queryPairs(operation, values).flatMap(([name, value]) => {
    const parts = lists.has(name) && value.length % 2 === 0 ? value.split(",") : [value];
    return parts.map((part): [string, string] => [name, part]);
  });
  return fc.shuffledSubarray(pairs, { minLength: pairs.length });
}

function targetOf(operation: Operation, values: Values, pairs = queryPairs(operation, values)): string {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encode(values[name] ?? ""));
  const query = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  return query === "" ? path : `${path}?${query}`;
}

/** Lone surrogates, which no URL can hold, become the replacement character. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
