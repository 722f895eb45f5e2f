import { escapeHtml } from "./text.ts";

/** Programs that follow live updates, as they stand. Each goes on where it was when its connection ends. */
const SNIPPETS: Record<string, readonly [language: string, program: string][]> = {
  stream: [
    ["curl", `curl -N "$HOST/api/v1/stream?pairs=USD/MXN"`],
    [
      "JavaScript",
      `const events = new EventSource(HOST + "/api/v1/stream?pairs=USD/MXN");
for (const type of ["rate.published", "rate.revised", "rate.withdrawn"])
  events.addEventListener(type, ({ data }) => {
    const { id, base, quote, date, rate, previous } = JSON.parse(data);
    console.log(id, base, quote, date, rate, "after", previous);
  });
events.addEventListener("resync", ({ data }) => {
  console.log("read /api/v1/events?after=" + JSON.parse(data).after);
});`,
    ],
    [
      "Python",
      `import json, time, urllib.request

last = None
while True:
    request = urllib.request.Request(HOST + "/api/v1/stream?pairs=USD/MXN")
    if last:
        request.add_header("Last-Event-ID", last)
    try:
        with urllib.request.urlopen(request, timeout=60) as lines:
            for line in lines:
                name, _, value = line.decode().rstrip("\\n").partition(": ")
                if name == "id":
                    last = value
                elif name == "data":
                    print(json.loads(value))
    except OSError:
        pass
    time.sleep(5)`,
    ],
  ],
  socket: [
    [
      "JavaScript",
      `let after;
function connect() {
  const query = after === undefined ? "" : "?after=" + after;
  const socket = new WebSocket(HOST.replace("http", "ws") + "/api/v1/ws" + query);
  const beat = setInterval(() => socket.readyState === 1 && socket.send("ping"), 25_000);
  socket.onmessage = ({ data }) => {
    if (data === "pong") return;
    const message = JSON.parse(data);
    after = message.id;
    console.log(message);
  };
  socket.onclose = () => {
    clearInterval(beat);
    setTimeout(connect, 2_000 + 13_000 * Math.random());
  };
}
connect();`,
    ],
  ],
};

/** The programs for one operation, whose summary tells their names apart. */
export function snippetsHtml(operation: string, summary: string): string {
  return (SNIPPETS[operation] ?? [])
    .map(([language, program]) => {
      const label = escapeHtml(`${summary}: a program in ${language}`);
      return `<p>${language}</p><pre tabindex="0" role="region" aria-label="${label}">${escapeHtml(program)}</pre>`;
    })
    .join("\n");
}
