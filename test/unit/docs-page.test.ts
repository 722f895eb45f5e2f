import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { docsPage } from "#core/api/docs-page.ts";
import { examplePath, operations, privateOperations } from "#core/api/html/operations.ts";
import { escapeHtml, prose } from "#core/api/html/text.ts";
import openapi from "#core/api/openapi.json" with { type: "json" };
import { assetFiles } from "../../tools/generate/assets.ts";

const MAX_BYTES_WITHOUT_OPERATIONS = 25_000;
const MAX_BYTES_PER_OPERATION = 6_300;
const { html, contentSecurityPolicy } = docsPage;

test.each(assetFiles())("%s is what the repository's styles and script give: else run npm run assets", (path, text) => {
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("the policy allows exactly the style and the script of the page", () => {
  const inline = [...html.matchAll(/<(style|script)\b[^>]*>(.*?)<\/\1>/gs)];
  const hashes = inline.map(([, kind, text]) => `${kind}-src 'sha256-${digest(text ?? "")}'`);
  expect(inline.map(([, kind]) => kind)).toEqual(["style", "script"]);
  for (const directive of hashes) expect(contentSecurityPolicy).toContain(directive);
  expect(contentSecurityPolicy).not.toContain("unsafe");
});

test("nothing in the page stands outside of what the policy allows", () => {
  expect(html).not.toMatch(/\s(style|on\w+)=|javascript:|<(img|link rel="stylesheet"|iframe|script src)/);
});

test("without its script the page names every operation with its address and its parameters", () => {
  const said = html.replace(/<script.*<\/script>/s, "").replace(/<\/?var>/g, "");
  const all = [...operations(), ...privateOperations()];
  expect(new Set(all.map(({ path }) => path))).toEqual(
    new Set(Object.keys(openapi.paths).filter((path) => path.startsWith("/api/"))),
  );
  for (const { id, path, summary } of all) {
    expect(said).toContain(`id="${id}"`);
    expect(said).toContain(escapeHtml(summary));
    expect(said).toContain(`<code>${path}</code>`);
  }
  for (const { id, parameters, isLive } of operations()) {
    if (isLive) expect(said).toContain("socket" === id ? "new WebSocket(" : "new EventSource(");
    for (const { name } of parameters)
      expect(said).toContain(isLive ? `<code>${name}</code>` : `id="${id}-${name}" name="${name}"`);
  }
});

test("an anchor is there once only", () => {
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("the example of an operation fills what is required and nothing else", () => {
  const examples = operations().map(examplePath);
  expect(examples.join()).not.toMatch(/[{}]/);
  for (const example of [
    "/api/v1/rates/current",
    "/api/v1/rates/historical",
    "/api/v1/rates/average/30d",
    "/api/v1/rates/on/2023-12-29",
    "/api/v1/convert?from=USD&to=MXN&amount=100.10",
    "/api/v1/currencies",
    "/api/v1/series",
    "/api/v1/calendar/banxico/2026",
  ])
    expect(examples).toContain(example);
});

test("text can't become markup", () => {
  expect(prose(`<b title="'">&</b> \`<i>\``)).toBe(
    "&lt;b title=&quot;&#39;&quot;&gt;&amp;&lt;/b&gt; <code>&lt;i&gt;</code>",
  );
});

test("the page names where the rates come from, and is small", () => {
  expect(html).toContain(">Banco de México</a>");
  expect(Buffer.byteLength(html)).toBeLessThan(
    MAX_BYTES_WITHOUT_OPERATIONS + MAX_BYTES_PER_OPERATION * (operations().length + privateOperations().length),
  );
});

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
