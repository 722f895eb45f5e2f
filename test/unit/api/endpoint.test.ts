import { z } from "@hono/zod-openapi";
import { describe, expect, it } from "vitest";
import { PERIOD_ROUTES } from "#core/api/cost.ts";
import { endpoint, routingPath } from "#core/api/endpoint.ts";
import { ENDPOINTS } from "#core/api/endpoint-list.ts";
import { suggestionFor } from "#core/api/suggestion.ts";
import { routeOf } from "../catalogues.ts";

describe("the list of endpoints", () => {
  it("has each id and each path once", () => {
    expect(new Set(ENDPOINTS.map(({ id }) => id)).size).toBe(ENDPOINTS.length);
    expect(new Set(ENDPOINTS.map(({ path }) => path)).size).toBe(ENDPOINTS.length);
  });

  it("gives no endpoint two parameters of one name, for its handler receives them together", () => {
    for (const { path, schemas } of ENDPOINTS) {
      const { params, query } = schemas();
      const names = [...Object.keys(params.shape), ...Object.keys(query.shape)];
      expect(new Set(names).size, path).toBe(names.length);
    }
  });

  it("refuses parameters that no endpoint has", () => {
    for (const { path, schemas } of ENDPOINTS) {
      expect(schemas().query.safeParse({ unknown: "1" }).error?.issues, path).toContainEqual(
        expect.objectContaining({ code: "unrecognized_keys" }),
      );
    }
  });

  it("counts the cost of those that list as much as the client wants, as the router spells them", () => {
    const lists = ENDPOINTS.filter(({ schemas }) => {
      const { params, query } = schemas();
      const names = Object.keys({ ...params.shape, ...query.shape });
      // A conversion's `from` is a currency.
      return (
        !names.includes("amount") && names.some((name) => /^(from|dates|days|limit|bases|quotes|window)$/.test(name))
      );
    });
    expect(lists.length).toBeGreaterThan(10);
    for (const { path } of lists) expect(PERIOD_ROUTES, path).toContain(routingPath(path));
    expect(PERIOD_ROUTES).toContain("/api/v1/rates/compare");
  });

  it("is what suggestions are made from", () => {
    for (const { path } of ENDPOINTS) expect(suggestionFor(path)).toBe(path);
  });
});

// Held by the compiler: a line that is expected to be an error, and is none, fails `npm run typecheck`.
describe("the types of an endpoint", () => {
  const described = { id: "x", path: "/x", tag: "Rates", summary: "", returns: "" } as const;
  const query = () => z.strictObject({ count: z.string().transform(Number) });
  const params = () => z.strictObject({ date: z.string() });
  const response = () => z.object({ total: z.number() });

  it("let a handler use its parameters as they are once parsed", () => {
    const { id } = endpoint({
      ...described,
      params,
      query,
      response,
      handle: async (_, { count, date }) => ({
        content: { total: count + date.length },
        kind: "now",
        latest: [{ route: routeOf("USD", "MXN"), date }],
      }),
    });
    expect(id).toBe("x");
  });

  it("refuse a handler that uses a parameter that is none", () => {
    endpoint({
      ...described,
      params,
      query,
      response,
      // @ts-expect-error: there is no `amount`.
      handle: async (_, { amount }) => ({ content: { total: amount }, kind: "now", latest: [] }),
    });
  });

  it("refuse a response of another shape", () => {
    endpoint({
      ...described,
      params,
      query,
      response,
      // @ts-expect-error: `total` is a number.
      handle: async (_, { date }) => ({ content: { total: date }, kind: "now", latest: [] }),
    });
  });
});
