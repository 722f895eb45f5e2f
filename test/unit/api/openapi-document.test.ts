import { describe, expect, it } from "vitest";
import { readDocument } from "#core/api/document-files.ts";
import { documentResponses } from "#core/api/documents.ts";
import { PROBLEMS } from "#core/api/html/problems.ts";
import { describe as problemBody } from "#core/api/problem.ts";
import { exampleApi } from "../../../tools/example/example-api.ts";
import { faultsOf, openapi } from "./schema.ts";

/** What linters and generators of clients need of the document. */

const operations = Object.entries(openapi.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })),
);
const { schemas, responses, parameters, headers } = openapi.components;

type Node = Record<string, unknown>;

/** Every object in a JSON value, with where it is. */
function* nodesOf(value: unknown, place = ""): Generator<[place: string, node: Node]> {
  if (typeof value !== "object" || value === null) return;
  yield [place, value as Node];
  for (const [name, inner] of Object.entries(value)) if (name !== "examples") yield* nodesOf(inner, `${place}/${name}`);
}

describe("names", () => {
  it("are there for every object and enum: nothing is described in the middle of something else", () => {
    const inline = (["properties", "enum"] as const).flatMap((kind) =>
      [...nodesOf({ paths: openapi.paths, components: { schemas, responses, parameters } })].filter(
        ([place, node]) =>
          (kind === "enum" ? Array.isArray(node.enum) && node.enum.length > 1 : typeof node.properties === "object") &&
          !/^\/components\/schemas\/\w+$/.test(place) &&
          !place.endsWith("/properties"),
      ),
    );
    expect(inline.map(([place]) => place)).toEqual([]);
  });

  it("mean one thing each", () => {
    const meanings = Object.entries(schemas).map(([name, schema]) => [withoutWords(schema), name] as const);
    const same = Map.groupBy(meanings, ([meaning]) => meaning);
    const doubled = [...same.values()].map((all) => all.map(([, name]) => name)).filter(({ length }) => length > 1);
    expect(doubled).toEqual([]);
  });

  it("list values of their own type, and every operation has a success, as linters require", () => {
    const enums = [...nodesOf(openapi)].filter(([, node]) => Array.isArray(node.enum));
    const mixed = enums.filter(([, node]) => {
      const types = [node.type].flat();
      return (node.enum as unknown[]).some((value) => !types.includes(value === null ? "null" : typeof value));
    });
    expect(mixed.map(([place]) => place)).toEqual([]);
    const unsuccessful = operations.filter(
      (operation) => !Object.keys(operation.responses).some((status) => /^[23]/.test(status)),
    );
    expect(unsuccessful.map(({ path }) => path)).toEqual([]);
  });

  it("hide no global of JavaScript", () => {
    const globals = Object.getOwnPropertyNames(globalThis);
    expect(Object.keys(schemas).filter((name) => globals.includes(name))).toEqual([]);
  });

  it("lead somewhere, and none is unused", () => {
    const references = new Set([...nodesOf(openapi)].flatMap(([, { $ref }]) => (typeof $ref === "string" ? $ref : [])));
    const { securitySchemes, ...components } = openapi.components;
    expect(Object.keys(securitySchemes)).toEqual(["oauth2", "key"]);
    const named = Object.entries(components).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `#/components/${kind}/${name}`),
    );
    expect([...references].sort()).toEqual(named.sort());
  });
});

describe("words", () => {
  it("say where the API is, and group operations under tags that are explained", () => {
    for (const { url } of openapi.servers) expect(URL.canParse(url)).toBe(true);
    expect(openapi).toMatchObject({ info: { contact: {}, license: { identifier: "MIT" } }, security: [] });
    const explained = openapi.tags.map(({ name, description }) => description && name);
    expect(new Set(operations.flatMap(({ tags }) => tags))).toEqual(new Set(explained));
    for (const { description } of operations) expect(description).toMatch(/\.$/);
  });

  it("name the headers of every response with rates, and of every problem that says when to retry", () => {
    // What stays open is never kept.
    for (const { path, responses, security } of operations)
      if (path !== "/health" && !security && responses[304] !== undefined)
        expect(responses[200]?.headers).toMatchObject({ ETag: {}, "Cache-Control": {}, "Paridad-Stale": {} });
    expect(responses.TooManyRequests?.headers).toHaveProperty("Retry-After");
    expect(responses.Unavailable?.headers).toHaveProperty("Retry-After");
    expect(Object.keys(headers)).toContain("ETag");
  });

  it("put the URL of the host that serves the document first", async () => {
    const host = { document: readDocument, nowMs: 0, publicUrl: "https://rates.example/" };
    const served = JSON.parse(String((await documentResponses()(host, "openapi.json"))?.body));
    expect(served.servers).toEqual([{ url: "https://rates.example", description: "This deployment." }]);
    expect(served.paths).toEqual(openapi.paths);
  });
});

describe("examples", () => {
  it("are there for every request and response, and conform to their schemas", () => {
    for (const { path, method, responses } of operations)
      for (const [status, { content }] of Object.entries(responses))
        for (const [mediaType, { examples }] of Object.entries(content ?? {}))
          for (const { value } of Object.values(examples ?? { missing: { value: undefined } }))
            expect([path, method, ...faultsOf(path, status, mediaType, value, method)]).toEqual([path, method]);
    for (const { path, requestBody } of operations)
      for (const { examples } of Object.values(requestBody?.content ?? {}))
        expect([path, Object.keys(examples ?? {})]).toEqual([path, ["example"]]);
  });

  it("are there for every problem, as the platform sends it", () => {
    const found = Object.values(responses).flatMap(({ content }) =>
      Object.entries(content?.["application/problem+json"]?.examples ?? {}),
    );
    expect(new Set(found.map(([code]) => code))).toEqual(new Set(Object.keys(PROBLEMS)));
    for (const [code, { value }] of found) {
      const [problem] = PROBLEMS[code as keyof typeof PROBLEMS];
      expect(value).toEqual(problemBody(problem, "/api/v1/rates/current"));
      expect(faultsOf("/api/v1/rates/current", 400, "application/problem+json", value)).toEqual([]);
    }
  });

  it.each([
    ["invalid_parameter", "/rates/current?quote=PESO"],
    ["no_data", "/rates/on/1980-01-01"],
    ["not_found", "/rates/curent"],
  ] as const)("of %s is what a request gets", async (code, path) => {
    const response = await exampleApi()(new Request(`http://localhost/api/v1${path}`));
    expect(await response.json()).toEqual(problemBody(PROBLEMS[code][0], `/api/v1${path.split("?")[0]}`));
  });
});

/** What a schema means, apart from the words about it. */
function withoutWords(schema: object): string {
  return JSON.stringify(schema, (key, value) =>
    ["description", "example"].includes(key) && typeof value === "string" ? undefined : value,
  );
}
