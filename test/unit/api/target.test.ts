import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalTarget, hasNamelessParameter, pathOf, targetOf } from "#core/api/target.ts";

describe("the canonical target", () => {
  it.each([
    ["/api/v1/rates/current", "/api/v1/rates/current"],
    ["/api/v1/rates/current/", "/api/v1/rates/current"],
    ["/api/v1/./rates/current", "/api/v1/rates/current"],
    ["/api/v1/x/../rates/current", "/api/v1/rates/current"],
    ["/api/v1/%2E%2e/x", "/api/x"],
    ["/api/v1\\rates\\current", "/api/v1/rates/current"],
    ["/api/v1/r%61te%73/%63urrent", "/api/v1/rates/current"],
    ["/a%2fb%c3%b1", "/a%2Fb%C3%B1"],
    ["/ma\u00f1ana", "/ma%C3%B1ana"],
    ["/api/v1//rates", "/api/v1//rates"],
    ["//evil.example/x", "//evil.example/x"],
    ["/x//", "/x//"],
    ["/", "/"],
    ["/.", "/"],
  ])("of the path %s is %s", (target, canonical) => expect(canonicalTarget(target)).toBe(canonical));

  it.each([
    ["?base=usd&quote=mXn", "?base=USD&quote=MXN"],
    ["?from=eur&to=jpy&amount=1", "?amount=1&from=EUR&to=JPY"],
    ["?quote=USD&base=EUR", "?base=EUR&quote=USD"],
    ["?provider=ECB&base=EUR", "?base=EUR&provider=ecb"],
    ["?b%61se=%45UR", "?base=EUR"],
    ["?base=EUR&_=123&utm_source=a&utm_campaign=b&fbclid=c&gclid=d&msclkid=e", "?base=EUR"],
    ["?_", ""],
    ["?&&", ""],
    ["?", ""],
    ["?base=EUR#fragment?x=1", "?base=EUR"],
    ["#fragment?x=1", ""],
    ["?base", "?base="],
    // Nothing that is wrong becomes right.
    ["?=1", "?=1"],
    ["?base=usd%20", "?base=usd%20"],
    ["?base=usdx", "?base=usdx"],
    ["?BASE=usd", "?BASE=usd"],
    ["?date=abc", "?date=abc"],
    ["?base=EUR&base=EUR", "?base=EUR&base=EUR"],
    ["?%5F=1", ""],
    ["?__=1&utm=2&utm_=3", "?__=1&utm=2&utm_=3"],
    ["?x=%zz&%zz=1", "?%zz=1&x=%zz"],
    ["?a=b+c", "?a=b%20c"],
    ["?a=b=c", "?a=b%3Dc"],
  ])("of the query %s is %s", (query, canonical) => expect(canonicalTarget(`/p${query}`)).toBe(`/p${canonical}`));

  it.each([
    ["?quotes=eur&quotes=USD", "?quotes=EUR%2CUSD"],
    ["?quotes[]=eur&quotes[]=USD", "?quotes=EUR%2CUSD"],
    ["?quotes%5B%5D=EUR", "?quotes=EUR"],
    ["?quotes=EUR,usd&base=usd&quotes[]=JPY", "?base=USD&quotes=EUR%2CUSD%2CJPY"],
    ["?dates=2023-12-29&dates=2023-12-25&bases=USD&bases=EUR", "?bases=USD%2CEUR&dates=2023-12-29%2C2023-12-25"],
    [
      "?series=a.B&types=x&series=c.D&pairs=USD/MXN&pairs=EUR/MXN",
      "?pairs=USD%2FMXN%2CEUR%2FMXN&series=a.B%2Cc.D&types=x",
    ],
    ["?quotes=&quotes=USD", "?quotes=%2CUSD"],
    ["?quotes=%zz&quotes=USD", "?quotes=%zz%2CUSD"],
    ["?base=USD&base=EUR", "?base=USD&base=EUR"],
    ["?base[]=USD", "?base%5B%5D=USD"],
    ["?quotes[][]=USD", "?quotes%5B%5D%5B%5D=USD"],
  ])("of our own query %s is %s: a list in parts is one", (query, canonical) => {
    expect(canonicalTarget(`/api/v1/p${query}`)).toBe(`/api/v1/p${canonical}`);
    expect(canonicalTarget(`/api/v1/p${canonical}`)).toBe(`/api/v1/p${canonical}`);
  });

  it.each([
    ["/frankfurter/latest?x=1&=2&to=usd,eur&to=gbp", "/frankfurter/latest?to=GBP"],
    [
      "/frankfurter/v1/2024-01-05?symbols=usd,eur&base=gbp&apikey=k",
      "/frankfurter/v1/2024-01-05?base=GBP&symbols=USD%2CEUR",
    ],
    ["/frankfurter/v1?x=1", "/frankfurter/v1"],
    [
      "/SieAPIRest/service/v1/series/SF43718?callback=f&locale=en&%zz=1",
      "/SieAPIRest/service/v1/series/SF43718?locale=en",
    ],
    ["/SieAPIRest/?token=k", "/SieAPIRest"],
    ["/api/latest.json?prettyprint=1&app_id=k&base=usd", "/api/latest.json?base=USD"],
    ["/api/historical/2024-01-05.json?show_alternative=1", "/api/historical/2024-01-05.json"],
    ["/api/currencies.json?x=1", "/api/currencies.json"],
    ["/v6/latest/USD?access_key=k&1", "/v6/latest/USD"],
    ["/frankfurter/v2/rates?x=1&base=usd", "/frankfurter/v2/rates?x=1&base=USD"],
  ])("of another service's %s is %s: what it ignores is dropped", (target, canonical) => {
    expect(canonicalTarget(target)).toBe(canonical);
    expect(canonicalTarget(canonical)).toBe(canonical);
  });

  it("is the last of a list in parts where other services say so", () =>
    expect(canonicalTarget("/frankfurter/v2/rates?quotes=EUR&quotes=USD")).toBe(
      "/frankfurter/v2/rates?quotes=EUR&quotes=USD",
    ));

  it("is its own, and no order of parameters makes another", () => {
    const pair = fc.tuple(
      fc.constantFrom("base", "quote", "_", "limit", "x", "%62ase", ""),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(pair, { selector: ([name]) => name, maxLength: 5 }), fc.string(), (pairs, path) => {
        const query = (list: typeof pairs) =>
          list.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join("&");
        const of = (list: typeof pairs) => canonicalTarget(`/${encodeURIComponent(path)}?${query(list)}`);
        const canonical = of(pairs);
        expect(canonicalTarget(canonical)).toBe(canonical);
        if (!pairs.some(([name]) => name === "base") || !pairs.some(([name]) => name === "%62ase"))
          expect(of([...pairs].reverse())).toBe(canonical);
      }),
    );
  });

  it("never throws, whatever comes over the wire", () => {
    const bytes = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) });
    fc.assert(fc.property(bytes, (text) => void expect(canonicalTarget(`/${text}`)).toMatch(/^\//)));
  });
});

describe("the target of a URL", () => {
  it.each([
    ["http://a/b?c", "/b?c"],
    ["https://paridad.example.com/", "/"],
    ["https://paridad.example.com", "/"],
    ["http://a, b/c", undefined],
    ["http://a/b,c", "/b,c"],
  ])("%s is %s", (url, target) => expect(targetOf(url)).toBe(target));

  it("has a path even where the host is none", () => {
    expect(pathOf("http://a, b/nothing?x=1")).toBe("/");
    expect(pathOf("http://x/a b?x=1")).toBe("/a%20b");
    expect(pathOf("http://x//y/z")).toBe("//y/z");
  });
});

it.each([
  ["http://x/?=1", true],
  ["http://x/?a=1&=2", true],
  ["http://x/?=", true],
  ["http://x/?&&", false],
  ["http://x/?a==1", false],
  ["http://x/=1", false],
])("%s has a parameter without a name: %s", (url, is) => expect(hasNamelessParameter(url)).toBe(is));
