import { expect, test } from "vitest";
import { SITE_HEADERS } from "#core/api/site-headers.ts";
import { createOrigin } from "./origin.ts";

test("a page's other addresses lead to its own, with the headers of all pages", async () => {
  const origin = await createOrigin();
  origin.services.site = { homePage: "<h1>Paridad</h1>", files: new Map() };
  for (const path of ["/index.html", "/index"]) {
    const response = await origin.get(path);
    expect([path, response.status, response.headers.get("Location")]).toEqual([path, 307, "/"]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "public, max-age=0, must-revalidate",
    });
    for (const [name, value] of Object.entries(SITE_HEADERS)) expect(response.headers.get(name)).toBe(value);
  }
  const searched = await origin.get("/index.html?theme=dark");
  expect(searched.headers.get("Location")).toBe("/?theme=dark");
  expect((await origin.get("//")).status).toBe(404);
});
