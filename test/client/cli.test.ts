import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../client/cli/src/run.ts";
import { TEXTS } from "../../client/cli/src/texts.ts";
import { LocalApp } from "./local-app.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await LocalApp.start();
});
afterEach(() => app.reset());
afterAll(() => app.stop());

const NOW_MS = Date.parse("2023-12-29T20:00:00Z");

/** Runs a command line against the local platform, or as the environment says. */
async function paridad(line: string, env: Record<string, string> = {}, signal?: AbortSignal) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run({
    argv: line.split(" ").filter(Boolean),
    env: { PARIDAD_URL: app.url, ...env },
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    nowMs: () => NOW_MS,
    ...(signal && { signal }),
  });
  return { code, out, err: err.join("\n") };
}

describe("rates", () => {
  test.each([
    ["fix", ["16.9190\t2023-12-29"], "next rate: 2024-01-02T18:00:00Z"],
    ["fix 2023-12-28", ["16.8935\t2023-12-28"], ""],
    ["fix 2023-12-25", ["16.9738\t2023-12-22"], "in force is that of 2023-12-22"],
    // Determined on Wednesday the 20th, printed on the 21st.
    ["cfdi 2023-12-22", ["2023-12-22\t17.0673"], "the FIX of 2023-12-20, which the DOF published on 2023-12-21"],
    ["cfdi 2023-12-25 2023-12-26", ["2023-12-25\t17.0590", "2023-12-26\t17.0590"], "CFF, art. 20"],
    ["convert 100.10 USD MXN", ["1693.59\tMXN\t16.9190\t2023-12-29"], ""],
    ["convert -100.10 USD MXN --date 2023-12-25", ["-1699.08\tMXN\t16.9738\t2023-12-22"], ""],
    ["history --from 2023-12-28", ["2023-12-28\t16.8935", "2023-12-29\t16.9190"], ""],
    ["history --from 2023-12-28 --to 2023-12-28 --csv", ["date,rate", "2023-12-28,16.8935"], ""],
    ["latest --base USD --quotes EUR", ["EUR\t0.90497738\t2023-12-29\tecb"], ""],
  ])("paridad %s", async (line, out, err) => {
    const result = await paridad(line);
    expect(result).toMatchObject({ code: 0, out });
    expect(result.err).toContain(err);
  });

  test("as the API returned them", async () => {
    for (const line of ["fix", "fix 2023-12-28", "convert 1 USD MXN", "latest --quotes EUR", "cfdi 2023-12-22"]) {
      const { out, code } = await paridad(`${line} --json`);
      expect([line, code, out.length]).toEqual([line, 0, 1]);
      expect(JSON.parse(out[0] ?? "")).toMatchObject({ stale: false });
    }
  });
});

describe("the exit code", () => {
  /** Every rate, as a platform that missed a publication has it. */
  const stale = async (request: Request) => {
    app.intercept = () => undefined;
    const body = (await (await fetch(request.url)).json()) as object;
    return Response.json({ ...body, stale: true });
  };

  test.each([
    ["a wrong date", "fix 2023-02-30", 2, "no date"],
    ["a command that there is not", "rate", 2, "no command"],
    ["a wrong option", "fix --nope", 2, "--nope"],
    ["an argument too many", "history --from 2023-12-01 2023-12-02", 2, "too many"],
    ["nothing to convert", "convert 100", 2, "missing"],
    ["a currency that there is not", "convert 1 USD XXX", 2, "currencies"],
    ["no command at all", "", 2, "paridad fix"],
    ["a rate that is still to come", "fix 2024-01-02", 4, "not published yet"],
    ["an invoice whose rate is still to come", "cfdi 2024-01-05", 4, "not published yet"],
    ["a time before the first rate", "fix 1980-01-01", 5, "1991-11-12"],
    ["a key that is missing", "alerts", 2, "PARIDAD_KEY"],
  ])("of %s", async (_, line, code, err) => {
    const result = await paridad(line);
    expect(result).toMatchObject({ code, out: [] });
    expect(result.err).toContain(err);
  });

  test("of a rate that is overdue is 3, and the rate is printed", async () => {
    app.intercept = stale;
    expect(await paridad("fix")).toMatchObject({ code: 3, out: ["16.9190\t2023-12-29"], err: TEXTS.en.stale });
  });

  test("of a holiday's invoice is 0: what the DOF published before it stays in force", async () => {
    expect(await paridad("cfdi 2024-01-01")).toMatchObject({ code: 0, out: ["2024-01-01\t16.8935"] });
  });

  test("of a platform that is away, or serves nothing, is 6", async () => {
    expect(await paridad("doctor", { PARIDAD_URL: "http://127.0.0.1:1" })).toMatchObject({ code: 6, out: [] });
    app.intercept = () => Response.json({ status: "unhealthy", level: "critical", freshness: {} }, { status: 503 });
    expect((await paridad("doctor")).code).toBe(6);
    expect((await paridad("fix", { PARIDAD_URL: "" })).code).toBe(2);
  });
});

describe("the doctor", () => {
  const healthy = {
    level: "healthy",
    freshness: { latest: "2023-12-29", expected: "2023-12-29", publishes_missed: 0 },
  };
  const with_ = (health: object, date = NOW_MS) => {
    app.intercept = () => Response.json(health, { headers: { Date: new Date(date).toUTCString() } });
  };

  test("finds nothing where all is well", async () => {
    with_(healthy);
    const { code, out } = await paridad("doctor");
    expect({ code, out }).toEqual({
      code: 0,
      out: [
        "platform\tok\thealthy",
        "rates\tok\tlatest 2023-12-29, expected 2023-12-29",
        "clock\tok\t0 s from the server's",
      ],
    });
  });

  test("names old rates, a platform with trouble, and a clock that is wrong", async () => {
    with_({ level: "limited", freshness: { latest: "2023-12-27", expected: "2023-12-29", publishes_missed: 2 } });
    expect(await paridad("doctor")).toMatchObject({
      code: 3,
      out: ["platform\tnot ok\tlimited", /^rates\tnot ok/, /^clock/].map((line) =>
        typeof line === "string" ? line : expect.stringMatching(line),
      ),
    });
    with_(healthy, NOW_MS - 90_000);
    expect(await paridad("doctor --json")).toMatchObject({
      code: 1,
      out: [expect.stringContaining('"clock_seconds":90')],
    });
  });
});

describe("live", () => {
  test("each rate is a line, until it is interrupted", async () => {
    const controller = new AbortController();
    const data = { base: "USD", quote: "MXN", rate: "17.0638", date: "2026-11-26" };
    const text = [
      { type: "rate.published", ...data },
      { type: "rate.withdrawn", ...data, rate: null, previous: "17.0638" },
      { type: "rate.revised", ...data, previous: null },
    ]
      .map((event, index) => `id: ${index}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join("");
    app.intercept = () =>
      new Response(
        new ReadableStream({
          start: (stream) => stream.enqueue(new TextEncoder().encode(text)),
          cancel: () => undefined,
        }),
      );
    const lines: string[] = [];
    const code = await run({
      argv: ["watch", "--pairs", "USD/MXN"],
      env: { PARIDAD_URL: app.url },
      out: (line) => void (lines.push(line) && line.endsWith("revised") && controller.abort()),
      err: () => undefined,
      nowMs: () => NOW_MS,
      signal: controller.signal,
    });
    expect([code, lines]).toEqual([
      0,
      [
        "USD/MXN\t17.0638\t2026-11-26",
        "USD/MXN\t—\t2026-11-26\twithdrawn\t17.0638",
        "USD/MXN\t17.0638\t2026-11-26\trevised",
      ],
    ]);
    expect(app.targets).toEqual(["/api/v1/stream?pairs=USD%2FMXN"]);
  });

  test("alerts are listed with a token for the key", async () => {
    const alert = {
      id: "alr_1",
      pair: "USD/MXN",
      kind: "rate",
      condition: "above",
      threshold: "17.50",
      state: "armed",
    };
    app.intercept = (request) =>
      request.method === "POST" ? Response.json({ access_token: "t" }) : Response.json({ alerts: [alert] });
    expect(await paridad("alerts", { PARIDAD_KEY: "id:secret" })).toMatchObject({
      code: 0,
      out: ["alr_1\tUSD/MXN\trate\tabove\t17.50\tarmed"],
    });
    expect(app.requests.map(({ headers }) => headers.get("Authorization"))).toEqual(["Basic aWQ6c2VjcmV0", "Bearer t"]);
    app.intercept = () =>
      Response.json({ error: "invalid_client", error_description: "There is no such key" }, { status: 401 });
    expect(await paridad("alerts", { PARIDAD_KEY: "id:secret" })).toMatchObject({ code: 1 });
  });
});

describe("language", () => {
  test.each([
    ["fix 2024-01-02 --lang es", {}],
    ["fix 2024-01-02", { LANG: "es_MX.UTF-8" }],
    ["fix 2024-01-02 --lang=es", { LANG: "en_US.UTF-8" }],
  ])("%s %o", async (line, env) => {
    expect((await paridad(line, env)).err).toBe("El tipo del 2024-01-02 aún no se publica.");
  });

  test("both name every command and every exit code in their help", async () => {
    for (const lang of ["en", "es"]) {
      const { out, code } = await paridad(`--help --lang ${lang}`);
      expect(code).toBe(0);
      for (const name of ["fix", "cfdi", "convert", "history", "latest", "watch", "alerts", "doctor"])
        expect(out[0]).toContain(`paridad ${name}`);
      for (const number of [0, 1, 2, 3, 4, 5, 6]) expect(out[0]).toMatch(new RegExp(`(^|[ ·])${number} `, "m"));
    }
  });
});
