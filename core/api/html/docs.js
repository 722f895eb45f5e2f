// Adds to the docs page what needs a script: the current rate, and the buttons to try each operation.

const SHOWN_HEADERS = ["CF-Cache-Status", "Paridad-Stale", "ETag", "Cache-Control", "Retry-After"];
const MAX_SHOWN = 40_000;
const LINE_LENGTH = 80;
const TIMEOUT_MS = 15_000;

const trial = document.querySelector("#trial").content;

for (const form of document.querySelectorAll("form")) enable(form);
showParity(document.querySelector(".parity"));

function enable(form) {
  form.querySelector(".panel").append(trial.cloneNode(true));
  const link = form.querySelector(".url a");
  const command = form.querySelector(".curl code");
  const copy = form.querySelector(".copy");
  let running = new AbortController();

  const update = () => {
    const url = requestUrl(form);
    link.href = url;
    link.textContent = url;
    command.textContent = `curl '${url}'`;
    copy.textContent = "Copy";
  };
  const title = form.querySelector("h3").textContent;
  form.querySelector(".answer pre").setAttribute("aria-label", `Response body: ${title}`);
  // What was shown belongs to another request.
  form.addEventListener("invalid", () => clear(form), true);
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    running.abort();
    running = new AbortController();
    show(form, requestUrl(form), running.signal);
  });
  copy.addEventListener("click", async () => {
    copy.textContent = (await copied(command)) ? "Copied" : "Selected";
  });
  update();
}

/** The URL that the form requests; what is empty or left at its default is not part of it. */
function requestUrl(form) {
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const { name, value, dataset } of form.querySelectorAll("input, select")) {
    const place = `{${name}}`;
    if (path.includes(place)) path = path.replace(place, () => encodeURIComponent(value.trim()));
    else if (value.trim() !== "" && value !== dataset.default) query.set(name, value.trim());
  }
  // No quote may end the command for curl early.
  const search = query.size === 0 ? "" : `?${query}`;
  return (location.origin + path + search).replaceAll("'", "%27");
}

function clear(form) {
  form.querySelector(".status").textContent = "";
  form.querySelector(".answer").hidden = true;
}

async function show(form, url, signal) {
  const status = form.querySelector(".status");
  const answer = form.querySelector(".answer");
  status.className = "status";
  status.textContent = "Requesting…";
  const startMs = performance.now();
  try {
    const response = await fetch(url, {
      headers: { Accept: "application/json" },
      // Asks the server each time, without the diagnostics of Cache-Control: no-cache, so that the headers are the usual.
      cache: "no-cache",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const body = await response.text();
    const elapsedMs = Math.round(performance.now() - startMs);
    const bytes = new Blob([body]).size.toLocaleString("en");
    status.classList.toggle("failed", !response.ok);
    status.replaceChildren(
      element("b", "", `${response.status} ${response.statusText}`.trim()),
      ` in ${elapsedMs} ms, ${bytes} bytes`,
    );
    answer.querySelector("dl").replaceChildren(...headerLines(response.headers));
    answer.querySelector("pre").replaceChildren(...coloured(formatted(body)));
    answer.hidden = false;
  } catch {
    if (signal.aborted) return;
    status.classList.add("failed");
    status.replaceChildren(element("b", "", "No response"), " This host can’t be reached. Try again.");
    answer.hidden = true;
  }
}

function headerLines(headers) {
  return SHOWN_HEADERS.filter((name) => headers.has(name)).map((name) => {
    const line = element("div");
    line.append(element("dt", "", name), element("dd", "", headers.get(name)));
    return line;
  });
}

function formatted(body) {
  try {
    return pretty(JSON.parse(body));
  } catch {
    return body;
  }
}

/** JSON in which an object or a list that fits on a line stands on one. */
function pretty(value, indent = "") {
  const line = flat(value);
  if (typeof value !== "object" || value === null || (indent !== "" && indent.length + line.length <= LINE_LENGTH))
    return line;
  const deeper = `${indent}  `;
  const entries = Object.entries(value).map(([name, inner]) => {
    const label = Array.isArray(value) ? "" : `${JSON.stringify(name)}: `;
    return `\n${deeper}${label}${pretty(inner, deeper)}`;
  });
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}${entries.join(",")}\n${indent}${close}`;
}

function flat(value) {
  if (Array.isArray(value)) return `[${value.map(flat).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${flat(inner)}`);
  return `{ ${entries.join(", ")} }`;
}

/** The text as nodes, its names, strings and other values told apart; a long one is cut. */
function coloured(text) {
  const nodes = [];
  const shown = text.slice(0, MAX_SHOWN);
  let end = 0;
  for (const match of shown.matchAll(/("(?:[^"\\]|\\.)*")(:)?|\b(?:true|false|null)\b|-?\b\d[\d.eE+-]*/g)) {
    nodes.push(shown.slice(end, match.index));
    const kind = match[2] ? "name" : match[1] ? "text" : "value";
    nodes.push(element("span", kind, match[1] ?? match[0]), match[2] ?? "");
    end = match.index + match[0].length;
  }
  nodes.push(shown.slice(end));
  if (text.length > MAX_SHOWN) nodes.push("\n…\nThe rest is left out here; open the URL to see all of it.");
  return nodes;
}

/** Copies the command; where the browser forbids it, selects it to be copied by hand. */
async function copied(command) {
  try {
    await navigator.clipboard.writeText(command.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(command);
    return false;
  }
}

/** The rate of the day above all else; nothing where it can't be had. */
async function showParity(place) {
  try {
    const response = await fetch("/api/v1/rates/current", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return;
    const { base, quote, rate, date, stale } = await response.json();
    const day = new Date(date).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
    const equation = element("span", "", `1 ${base} = `);
    equation.append(element("b", "", rate), ` ${quote}`);
    place.append(equation, element("small", "", stale ? `${day}; a newer one is overdue` : day));
  } catch {
    // The page is complete without it.
  }
}

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
