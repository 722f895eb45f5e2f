import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { guidePages } from "#core/api/guide-page.ts";
import openapi from "#core/api/openapi.json" with { type: "json" };
import { exampleApi } from "../../tools/example/example-api.ts";
import { guidesFile, guidesText } from "../../tools/generate/guides.ts";
import { markdownHtml } from "../../tools/generate/markdown.ts";

const FOLDER = new URL("../../docs/guides/", import.meta.url);
const GUIDES = readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")] as const);
const api = exampleApi();

test("the guides that are served are those in the repository: else run npm run assets", () => {
  expect(readFileSync(guidesFile, "utf8")).toBe(guidesText());
});

test("each is there in both languages", () => {
  const slugs = (suffix: RegExp) => GUIDES.flatMap(([name]) => (suffix.test(name) ? [name.split(".")[0]] : []));
  expect(slugs(/\.es\.md$/)).toEqual(slugs(/^[a-z]+\.md$/));
});

describe.each(guidePages())("%s", (path, html) => {
  test("is served, under a policy that allows its style and nothing else", async () => {
    const response = await api(new Request(`http://localhost${path}`));
    const text = await response.text();
    expect([response.status, text]).toEqual([200, html()]);
    const style = /<style>(.*)<\/style>/s.exec(text)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(response.headers.get("Content-Security-Policy")).toContain(`style-src 'sha256-${hash}'`);
    expect(text).not.toMatch(/<script|\son\w+=|style=/);
  });

  test("links to pages that there are", async () => {
    const links = [...html().matchAll(/href="(\/[^"#]*)/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links)
      expect([link, (await api(new Request(`http://localhost${link}`))).status]).toEqual([link, 200]);
  });
});

test.each(GUIDES)("what %s requests has a response", async (_, text) => {
  const lines = text.split("\n").filter((line) => !line.includes("Authorization:"));
  const targets = [...lines.join("\n").matchAll(/\/api\/v1\/[^\s`'")]*/g)].map(([target]) => target);
  expect(targets.length).toBeGreaterThan(1);
  for (const target of targets)
    expect([target, (await api(new Request(`http://localhost${target}`))).status]).toEqual([target, 200]);
});

test.each(GUIDES)("what %s requests with a token is in the document", (_, text) => {
  const lines = text.split("\n").filter((line) => line.includes("Authorization:"));
  for (const [, path = ""] of lines.join("\n").matchAll(/paridad\.example\.com(\/api\/v1\/[^\s`'"?)]*)/g))
    expect(Object.keys(openapi.paths)).toContain(path);
});

test("what clients of other services request has a response in their service's form", async () => {
  for (const [name, text] of GUIDES.filter(([name]) => name.startsWith("moving"))) {
    const example = /`(\/(?:frankfurter\/v\d|SieAPIRest\/service\/v1\/series|api\/latest|v6\/latest)[^`…]*)`[,.\s]/g;
    const targets = [...text.slice(0, text.indexOf("## ", 200)).matchAll(example)].map(([, target = ""]) => target);
    expect([name, targets.length]).toEqual([name, 5]);
    for (const target of targets)
      expect([target, (await api(new Request(`http://localhost${target}`))).status]).toEqual([target, 200]);
  }
});

test("the guide for invoices says the rate that its request returns", async () => {
  const response = await api(new Request("http://localhost/api/v1/rates/on/2023-12-26?view=settlement"));
  const { rate, determination_date, publication_date } = (await response.json()) as Record<string, string>;
  expect([rate, determination_date, publication_date]).toEqual(["17.0590", "2023-12-21", "2023-12-22"]);
  for (const [name, text] of GUIDES) if (name.startsWith("invoice")) expect(text).toContain(rate);
});

describe("Markdown", () => {
  test("becomes HTML, and can't become markup of its own", () => {
    expect(markdownHtml("# A <b>\n\ntext `<i>` and\n[a link](/docs)\n\n- one\n- two\n  more")).toBe(
      '<h1>A &lt;b&gt;</h1>\n<p>text <code>&lt;i&gt;</code> and <a href="/docs">a link</a></p>\n<ul><li>one</li><li>two more</li></ul>',
    );
    expect(markdownHtml("```ts\na\n\n<b>\n```")).toBe('<pre tabindex="0"><code>a\n\n&lt;b&gt;</code></pre>');
    expect(markdownHtml("[x](javascript:alert)")).toBe("<p>[x](javascript:alert)</p>");
  });
});
