import { PREFIX } from "../endpoint.ts";
import openapi from "../openapi.json" with { type: "json" };
import { type Field, fieldsOf, resolve, type Schema } from "./fields.ts";
import { snippetsHtml } from "./snippets.ts";
import { escapeHtml, prose } from "./text.ts";

export interface Operation {
  id: string;
  method: string;
  path: string;
  tag: string;
  summary: string;
  description?: string;
  answer: string;
  parameters: Parameter[];
  fields: Field[];
  /** It never ends, so it can't be tried on a page. */
  isLive: boolean;
  example?: Example;
  /** What a request sends. */
  body?: Example;
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}

interface Described {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: (Parameter & { $ref?: string })[];
  requestBody?: { content: Record<string, Media> };
  security?: object[];
  responses: Record<string, { description?: string; content?: Record<string, Media> }>;
}

interface Media {
  schema: Schema;
  examples?: { example?: Example };
}

/** A request, and what it really returns. */
export interface Example {
  summary: string;
  value: unknown;
}

/** The operations of the OpenAPI document that anybody may call, in its order. */
export function operations(): Operation[] {
  return listed(({ security }) => security === undefined);
}

/** Those that need a key or an access token. */
export function privateOperations(): Operation[] {
  return listed(({ security }) => security !== undefined);
}

function listed(isWanted: (described: Described) => boolean): Operation[] {
  const paths = Object.entries(openapi.paths as unknown as Record<string, Record<string, Described>>);
  return paths
    .filter(([path]) => path.startsWith(PREFIX))
    .flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, described]) => isWanted(described))
        .map(([method, described]) => operationOf(path, method, described)),
    );
}

function operationOf(path: string, method: string, described: Described): Operation {
  const { operationId, tags, summary, description, parameters = [], responses } = described;
  const success = responses[101] ?? Object.entries(responses).find(([status]) => status.startsWith("2"))?.[1];
  const json = success?.content?.["application/json"];
  const example = json?.examples?.example;
  const body = Object.values(described.requestBody?.content ?? {})[0]?.examples?.example;
  const returns = success?.description ?? "";
  return {
    id: operationId,
    method: method.toUpperCase(),
    path,
    tag: tags[0] ?? "",
    summary,
    ...(description && !returns.startsWith(description) && { description }),
    answer: returns,
    parameters: parameters.map(parameterOf).filter((parameter) => parameter.in !== "header"),
    isLive: described.security === undefined && json === undefined,
    fields: fieldsOf(json?.schema ?? {}),
    ...(example && { example }),
    ...(body && { body }),
  };
}

/** A parameter with its schema, each in the place of a reference to it. */
function parameterOf({ $ref, ...own }: Parameter & { $ref?: string }): Parameter {
  const parameter = $ref === undefined ? own : (PARAMETERS[$ref.split("/").at(-1) ?? ""] ?? own);
  return { ...parameter, schema: resolve(parameter.schema) };
}

const PARAMETERS = openapi.components.parameters as unknown as Record<string, Parameter>;

/** One operation: what it does, a form of its parameters, and the request that they make. */
export function operationHtml(operation: Operation): string {
  if (operation.isLive) return liveHtml(operation);
  const { id, method, path, summary, description, answer, parameters, fields } = operation;
  const sentences = [description, answer].flatMap((text) => (text ? [`<p>${prose(text)}</p>`] : []));
  const example = examplePath(operation);
  return `<section class="op" id="${id}" aria-labelledby="${id}-title">
<form data-path="${escapeHtml(path)}">
<div class="about">
<h3 id="${id}-title"><a href="#${id}">${escapeHtml(summary)}</a></h3>
<p class="route"><b>${method}</b> <code>${routeHtml(path)}</code></p>
${sentences.join("\n")}
<div class="inputs">${parameters.map((parameter) => inputHtml(id, parameter)).join("\n") || "<p>It takes no parameters.</p>"}</div>
<details><summary>Response fields</summary><ul>${fields.map(fieldHtml).join("\n")}</ul></details>
${operation.example ? exampleHtml("Response", summary, operation.example) : ""}
</div>
<div class="panel">
<p class="url"><a href="${escapeHtml(example)}">${escapeHtml(example)}</a></p>
</div>
</form>
</section>`;
}

/** A connection that stays open: its parameters in words, and programs that follow it. */
function liveHtml({ id, method, path, summary, description, answer, parameters }: Operation): string {
  const sentences = [description, answer].flatMap((text) => (text ? [`<p>${prose(text)}</p>`] : []));
  const items = parameters.map(
    ({ name, description: meaning = "" }) => `<li><code>${name}</code> ${prose(meaning)}</li>`,
  );
  return `<section class="op" id="${id}" aria-labelledby="${id}-title">
<div class="about">
<h3 id="${id}-title"><a href="#${id}">${escapeHtml(summary)}</a></h3>
<p class="route"><b>${method}</b> <code>${escapeHtml(path)}</code></p>
${sentences.join("\n")}
<ul>${items.join("\n")}</ul>
</div>
<div class="panel">${snippetsHtml(id, summary)}</div>
</section>`;
}

/** An operation that needs credentials: what to send, and what comes back. */
export function privateOperationHtml({
  id,
  method,
  path,
  summary,
  description,
  answer,
  fields,
  example,
  body,
}: Operation) {
  const sentences = [description, answer].flatMap((text) => (text ? [`<p>${prose(text)}</p>`] : []));
  return `<section class="op" id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title"><a href="#${id}">${escapeHtml(summary)}</a></h3>
<p class="route"><b>${method}</b> <code>${routeHtml(path)}</code></p>
${sentences.join("\n")}
${body ? exampleHtml("Request body", summary, body) : ""}
${example ? exampleHtml("Response", summary, example) : ""}
${fields.length > 0 ? `<details><summary>Response fields</summary><ul>${fields.map(fieldHtml).join("\n")}</ul></details>` : ""}
</section>`;
}

/** A value as it is sent; it can be scrolled, and so has a name of its own. */
function exampleHtml(what: string, summary: string, { value }: Example): string {
  const text = escapeHtml(typeof value === "string" ? value : JSON.stringify(value, null, 1));
  return `<details class="example"><summary>${what}: an example</summary><pre tabindex="0" role="region" aria-label="${what}: ${escapeHtml(summary)}">${text}</pre></details>`;
}

/** What the script adds to each request: the command for curl, the button to try it, and room for the response. */
export const TRIAL = `<template id="trial">
<div class="curl"><code></code><button type="button" class="copy">Copy</button></div>
<button class="go">Try it</button>
<p class="status" role="status"></p>
<div class="answer" hidden><dl class="headers"></dl><pre tabindex="0" role="region" aria-label="Response body"></pre></div>
</template>`;

/** The URL of an example: required parameters filled in, the others left to their defaults. */
export function examplePath({ path, parameters }: Operation): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: place, required, schema } of parameters) {
    if (place === "path") filled = filled.replace(`{${name}}`, encodeURIComponent(String(schema.example ?? "")));
    else if (required) query.set(name, String(schema.example ?? ""));
  }
  return query.size === 0 ? filled : `${filled}?${query}`;
}

function inputHtml(operation: string, { name, required, description, schema }: Parameter): string {
  const id = `${operation}-${name}`;
  const hint = [description ? prose(description) : "", bounds(schema)].filter(Boolean).join(" ");
  const fallback = schema.default === undefined ? "optional" : `default: ${escapeHtml(String(schema.default))}`;
  const attributes = [
    `id="${id}" name="${escapeHtml(name)}"`,
    ...(hint ? [`aria-describedby="${id}-hint"`] : []),
    ...(required ? ["required"] : []),
    ...(schema.default === undefined ? [] : [`data-default="${escapeHtml(String(schema.default))}"`]),
  ].join(" ");
  return `<div><label for="${id}"><code>${escapeHtml(name)}</code> <i>${required ? "required" : fallback}</i></label>
${controlHtml(schema, attributes, required === true)}${hint ? `<p id="${id}-hint">${hint}</p>` : ""}</div>`;
}

function controlHtml(
  { enum: values, default: fallback, example, maxLength }: Schema,
  attributes: string,
  set: boolean,
) {
  if (values) {
    const selected = fallback ?? (set ? example : undefined);
    const options = [...(selected === undefined ? [""] : []), ...values].map(
      (value) => `<option${value === selected ? " selected" : ""}>${escapeHtml(String(value))}</option>`,
    );
    return `<select ${attributes}>${options.join("")}</select>`;
  }
  const shown = escapeHtml(String(example ?? ""));
  const text = set ? `value="${shown}"` : `placeholder="for example ${shown}"`;
  const length = maxLength === undefined ? "" : ` maxlength="${maxLength}"`;
  return `<input ${attributes} ${text}${length} autocomplete="off" autocapitalize="off" spellcheck="false">`;
}

function bounds({ type, minimum, maximum, format, maxLength }: Schema): string {
  if (type === "integer" && minimum !== undefined && maximum !== undefined)
    return `A whole number from ${minimum} to ${maximum.toLocaleString("en")}.`;
  if (format === "date") return "Written YYYY-MM-DD.";
  return maxLength === undefined ? "" : `At most ${maxLength} characters.`;
}

function fieldHtml({ name, type, description, example }: Field): string {
  const kind = example === undefined ? type : `${type}, such as ${example}`;
  const meaning = description ? `<p>${prose(description)}</p>` : "";
  return `<li><code>${escapeHtml(name)}</code> <i>${escapeHtml(kind)}</i>${meaning}</li>`;
}

function routeHtml(path: string): string {
  return escapeHtml(path).replace(/\{(\w+)\}/g, "<var>{$1}</var>");
}
