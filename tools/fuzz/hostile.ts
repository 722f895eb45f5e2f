import fc from "fast-check";
import { OPERATIONS } from "./document.ts";
import type { FuzzRequest } from "./request.ts";

/** Requests of hostile or broken clients. */

/** A header that no host sets: in a response it was injected. */
export const INJECTED_HEADER = "injected";

const TEXTS = [
  "",
  " ",
  "0",
  "-1",
  "+1",
  "1.0",
  "1e3",
  "0x10",
  "007",
  "99999999999999999999",
  "NaN",
  "Infinity",
  "null",
  "undefined",
  "true",
  "[]",
  "{}",
  "usd",
  "USD ",
  " USD",
  "USD,EUR",
  "ＵＳＤ",
  "XXX",
  "２０２３-01-01",
  "2023-02-30",
  "2023-13-01",
  "2023-00-10",
  "2023-1-1",
  "13/03/2026",
  "2023-03-13T00:00:00Z",
  "0000-00-00",
  "-0001-01-01",
  "+275760-09-13",
  "2023-02-29",
  "d",
  "0d",
  "367d",
  "-1d",
  "1.5d",
  "30D",
  "2023-00",
  "2023-13",
  "1,000.00",
  "--1",
  "1.",
  ".5",
  "1e-5",
  "\u0000",
  "USD\u0000",
  "\r\nInjected: yes",
  "USD\r\nInjected: yes\r\n\r\n<script>",
  "\u2028\u2029",
  "\ud800",
  "💱",
  "٣٠d",
  "__proto__",
  "constructor",
  "toString",
  "../../internal/versions",
  "..%2f..%2finternal",
  "' OR '1'='1",
  "1; DROP TABLE observations",
  "{{7*7}}",
  "<script>alert(1)</script>",
  "%",
  "%zz",
  "%25",
  "&base=USD",
  "a".repeat(41),
  "9".repeat(500),
  "á".repeat(1_000),
];

export function hostileText(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...TEXTS) },
    { weight: 2, arbitrary: fc.string({ maxLength: 30 }) },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 100, maxLength: 400 }) },
  );
}

const TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  "If-None-Match": ["*", '""', '"x"', "garbage", 'W/"x", W/"y"', '"'.repeat(300), "W/", ',,,"', '"a"; drop'],
  "If-Modified-Since": ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"],
  Range: ["bytes=0-1", "bytes=-1", "bytes=9-1", "lines=1-2", "bytes=0-0,2-2"],
  Traceparent: [
    TRACE,
    TRACE.toUpperCase(),
    "",
    "00",
    `${TRACE}-extra`,
    "ff".repeat(100),
    `00-${"0".repeat(32)}-${"0".repeat(16)}-00`,
  ],
  Tracestate: ["a=b", ",".repeat(500)],
  Accept: ["text/html", "*/*;q=0, text/csv", "application/x-ndjson", ",;csv,;q=", "a/".repeat(100)],
  "Accept-Encoding": ["identity", "br;q=0, *;q=0", "gzip, gzip, gzip", "zstd", "\t"],
  "Accept-Language": ["es-MX", "-".repeat(200)],
  Origin: ["null", "https://evil.example", "file://"],
  "Access-Control-Request-Method": ["DELETE", "get", "\u00ff"],
  "Access-Control-Request-Headers": ["x".repeat(2_000), "*", "authorization"],
  Authorization: ["Bearer x", "Basic Og==", "Bearer"],
  Cookie: ["a=b", "__proto__=1; constructor=2", "=;=;=".repeat(50)],
  "Content-Type": ["application/json", "text/plain; charset=utf-9", "multipart/form-data"],
  "X-Forwarded-For": ["127.0.0.1", "::1, evil", "x".repeat(500)],
  "X-Forwarded-Host": ["evil.example"],
  "X-Forwarded-Proto": ["javascript"],
  "CF-Connecting-IP": ["", "::::", "not an address", "1.2.3.4, 5.6.7.8", ":".repeat(100)],
  "X-HTTP-Method-Override": ["DELETE"],
  "Cache-Control": ["no-cache", "max-age=x", "only-if-cached"],
  "Sec-Fetch-Mode": ["navigate"],
};

/** Headers that a client may well send; none of them makes a good request a bad one. */
export function oddHeaders(): fc.Arbitrary<Record<string, string>> {
  return pick(Object.keys(HEADERS).filter((name) => name !== "Authorization"));
}

export function hostileHeaders(): fc.Arbitrary<Record<string, string>> {
  return pick(Object.keys(HEADERS));
}

function pick(names: readonly string[]): fc.Arbitrary<Record<string, string>> {
  return fc
    .subarray([...names], { maxLength: 3 })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((name) => [name, fc.constantFrom(...(HEADERS[name] ?? [""]))]))),
    );
}

const PATHS = [
  "/",
  "/nothing",
  "/health",
  "/health/",
  "/openapi.json",
  "/docs",
  "/api",
  "/api/v1",
  "/api/v1/",
  "/api/v2/rates/current",
  "/API/V1/rates/current",
  "/api/v1//rates//current",
  "/api/v1/rates/current/",
  "/api/v1/rates/current/..",
  "/api/v1/rates/../../../etc/passwd",
  "/api/v1/rates/on/%2e%2e",
  "/api/v1/rates/on/%00",
  "/api/v1/rates/on/%",
  "/api/v1/rates/on/%zz",
  "/api/v1/rates/on/%c0%ae%c0%ae",
  "/api/v1/rates/on/2023-12-28%0d%0aInjected:%20yes",
  "/api/v1/rates/average/%E0%A4%A",
  "/api/v1/rates/current%0d%0aInjected:%20yes",
  "/api/v1/rates/current;jsessionid=1",
  "/api/v1/rates/current?",
  "/api/v1/rates/current?&&&=&==",
  "/api/v1/rates/current?base",
  "/api/v1/rates/current?base=%zz",
  "/api/v1/rates/current?%62ase=EUR",
  "/api/v1/rates/current?base=EUR#fragment",
  "/api/v1/rates/current?__proto__[polluted]=yes",
  "/api/v1/rates/current?__proto__=a&__proto__=b",
  "/api/v1/rates/current?constructor[prototype][polluted]=yes",
  "//evil.example/api/v1/rates/current",
  "/.pages/banxico.SF43718/2023",
  "/.env",
  "/cdn-cgi/handler/scheduled",
  "/internal/versions",
  "/internal/pages/banxico.SF43718/2023",
  "/%69nternal/versions",
  "/internal%2fversions",
  "/Internal/versions",
  "//internal/versions",
  "/./internal/versions",
  "/api/../internal/versions",
  "/api/v1/%2e%2e/%2e%2e/internal/versions",
  "/internal;x/versions",
];

/** What every HTTP server passes on to us, and what it may refuse itself. */
const KNOWN_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"];
const RARE_METHODS = ["TRACE", "FOO", "get", "GETT", "MKCALENDAR", "UNLINK", "PURGE", "SEARCH"];

export function wildRequest(): fc.Arbitrary<FuzzRequest> {
  return fc.oneof({ weight: 5, arbitrary: wildAddress() }, { weight: 2, arbitrary: wildMethod() }, oversized());
}

function wildAddress(): fc.Arbitrary<FuzzRequest> {
  const noise = fc
    .string({ unit: "binary", maxLength: 40 })
    .map((text) => `/${encodeURIComponent(text.toWellFormed())}`);
  // With characters that no URI has.
  const raw = fc
    .array(fc.constantFrom(..."/.%25aA?&=;:@!$'()*+,~_-|^`{}[]<>\"\\\u00ff".split("")), { maxLength: 30 })
    .map((characters) => `/${characters.join("")}`);
  const of = (target: fc.Arbitrary<string>, refusable: boolean) =>
    fc.record({
      kind: fc.constant("wild" as const),
      method: fc.constantFrom("GET", "HEAD", "OPTIONS"),
      target,
      headers: hostileHeaders(),
      refusable: fc.constant(refusable),
    });
  const known = { weight: 3, arbitrary: fc.constantFrom(...PATHS) };
  return fc.oneof({ weight: 4, arbitrary: of(fc.oneof(known, noise), false) }, of(raw, true));
}

function wildMethod(): fc.Arbitrary<FuzzRequest> {
  const paths = fc.constantFrom(
    ...OPERATIONS.map(({ path }) => path.replace(/\{.*\}/, "2023-11")),
    "/",
    "/health",
    "/internal/observations",
  );
  const of = (methods: readonly string[], refusable: boolean) =>
    fc.record({
      kind: fc.constant("wild" as const),
      method: fc.constantFrom(...methods),
      target: paths,
      headers: hostileHeaders(),
      body: fc.constantFrom("", "{}", '{"__proto__":{"polluted":"yes"}}', "x".repeat(10_000)),
      refusable: fc.constant(refusable),
    });
  return fc.oneof({ weight: 4, arbitrary: of(KNOWN_METHODS, false) }, of(RARE_METHODS, true));
}

/** URLs up to 8 kB reach our code; for longer ones, and for headers, a server may have its own limit. */
function oversized(): fc.Arbitrary<FuzzRequest> {
  const base = { kind: "wild" as const, method: "GET", headers: {} };
  const long = fc.constantFrom(2_000, 7_000);
  const huge = fc.constantFrom(14_000, 40_000);
  return fc.oneof(
    long.map((length): FuzzRequest => ({ ...base, target: `/api/v1/rates/on/${"9".repeat(length)}` })),
    long.map((length): FuzzRequest => ({ ...base, target: `/api/v1/rates/current?${"a=1&".repeat(length / 4)}` })),
    huge.map((length): FuzzRequest => ({ ...base, target: `/api/v1/${"a/".repeat(length / 2)}`, refusable: true })),
    huge.map(
      (length): FuzzRequest => ({
        ...base,
        target: "/api/v1/rates/current",
        headers: { Cookie: "a".repeat(length) },
        refusable: true,
      }),
    ),
  );
}
