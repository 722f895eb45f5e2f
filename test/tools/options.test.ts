import { describe, expect, it } from "vitest";
import { UsageError } from "../../origin/command-line.ts";
import { ROOT } from "../../tools/dev/build.ts";
import { readOptions } from "../../tools/dev/options.ts";
import { deliveryText, wranglerCommand } from "../../tools/dev/ready.ts";
import { Stack } from "../../tools/dev/stack.ts";

const FILE = `${ROOT}vitest.config.ts`;
const JSON_FILE = `${ROOT}package.json`;
const NOW_MS = Date.parse("2026-03-02T18:00:00Z");
const read = (args: string[] = [], env: NodeJS.ProcessEnv = {}) => readOptions(args, env, NOW_MS);

describe("npm run dev", () => {
  it("watches, checks types and runs the edge unless told otherwise", () => {
    expect(read()).toMatchObject({ port: 8787, watch: true, checkTypes: true, withoutEdge: false, verbose: false });
    const args = ["--no-watch", "--no-types", "--without-edge", "--verbose", "--inspect"];
    expect(read(args)).toMatchObject({
      watch: false,
      checkTypes: false,
      withoutEdge: true,
      verbose: true,
      inspect: true,
    });
  });

  it("has the sources of the world's currencies, those named, or Banxico and those with a file", () => {
    expect(read().providers).toEqual(["banxico", "ecb", "bdi", "nbp", "parities"]);
    expect(read(["--providers", "ecb, boc,parities"]).providers).toEqual(["ecb", "boc", "parities"]);
    expect(read(["--feed", `cbr=${FILE}`]).providers).toEqual(["banxico", "cbr"]);
    expect(read(["--data", FILE]).providers).toEqual(["banxico"]);
    expect(read([], { BANXICO_TOKEN: "t" }).providers).toEqual(["banxico"]);
  });

  it("takes Banxico's files as feeds, as --data and --recorded, and those of others as feeds", () => {
    const feeds = ["--feed", `banxico=${FILE}`, "--feed", `ecb=${FILE}`, "--feed", `ecb=${JSON_FILE}`];
    const ofOthers = [
      { provider: "ecb", file: FILE },
      { provider: "ecb", file: JSON_FILE },
    ];
    expect(read(feeds)).toMatchObject({ csvFile: FILE, feeds: ofOthers });
    expect(read(["--data", FILE, "--feed", `banxico=${JSON_FILE}`])).toMatchObject({
      csvFile: FILE,
      recordedFile: JSON_FILE,
    });
  });

  it("keeps a folder for each source of rates", () => {
    const withFeed = (file: string) => read(["--feed", `ecb=${file}`]).stateDir;
    expect(withFeed(FILE)).toMatch(/\.paridad\/vitest\.config-[0-9a-f]{8}$/);
    expect(withFeed(FILE)).not.toBe(withFeed(JSON_FILE));
    expect(read().stateDir).toBe(`${ROOT}.paridad/generated`);
    expect(read([], { PARIDAD_DIR: "/tmp/x" }).databaseUrl).toBe("file:/tmp/x/generated/paridad.sqlite");
    expect(read([], { BANXICO_TOKEN: "t" }).stateDir).toBe(`${ROOT}.paridad/banxico`);
  });

  it.each([
    [["--port", "abc"], {}, "--port must be a whole number from 1024 to 65530, not 'abc'"],
    [["--port", "80"], {}, "--port must be a whole number from 1024 to 65530, not '80'"],
    [["--data", "/no/such.csv"], {}, "--data: there is no file /no/such.csv"],
    [["--clock", "yesterday"], {}, "--clock must be an instant such as 2023-12-29T20:00:00Z, not 'yesterday'"],
    [
      ["--clock", "2023-02-30T00:00:00Z"],
      {},
      "--clock must be an instant such as 2023-12-29T20:00:00Z, not '2023-02-30T00:00:00Z'",
    ],
    [["--clok", "x"], {}, "Unknown option '--clok'"],
    [["8787"], {}, "Unexpected argument '8787'"],
    [["--data", "a.csv"], { BANXICO_TOKEN: "t" }, "use one of them"],
    [["--feed", "ecb=a.csv"], { BANXICO_TOKEN: "t" }, "use one of them"],
    [["--feed", "ecb=/no/such.zip"], {}, "--feed ecb: there is no file /no/such.zip"],
    [["--feed", FILE], {}, `--feed must be PROVIDER=FILE, e.g. ecb=eurofxref-hist.zip, not '${FILE}'`],
    [["--feed", `fed=${FILE}`], {}, "--feed: there is no provider 'fed'; known are banxico, boc, "],
    [["--data", FILE, "--feed", `banxico=${FILE}`], {}, "the FIX was given twice, by --data and by --feed banxico"],
    [
      ["--recorded", JSON_FILE, "--feed", `banxico=${JSON_FILE}`],
      {},
      "a recorded response was given twice, by --recorded and by --feed banxico",
    ],
    [["--providers", "banxico,fed"], {}, "--providers: there is no provider 'fed'; known are banxico, boc, "],
    [["--providers", "banxico", "--feed", `ecb=${FILE}`], {}, "--feed ecb: --providers does not name ecb"],
  ])("%o is refused with the reason", (args, env, reason) => {
    expect(() => read(args, env)).toThrow(UsageError);
    expect(() => read(args, env)).toThrow(reason);
  });
});

describe("the command for wrangler dev", () => {
  const command = (args: string[], env: NodeJS.ProcessEnv = {}) => {
    const options = read(["--without-edge", ...args], env);
    return wranglerCommand(new Stack(options), options);
  };

  it("needs nothing but the providers on the default ports, whose addresses wrangler.toml holds", () => {
    expect(command(["--providers", "banxico"])).toBe("npx wrangler dev --var PROVIDERS:banxico");
    expect(command(["--providers", "banxico,ecb,bcch,exchangerate-api"])).toBe(
      "npx wrangler dev --var PROVIDERS:banxico,ecb,bcch,exchangerate-api --var BCCH_URL:http://127.0.0.1:8789/bcch " +
        "--var ECB_URL:http://127.0.0.1:8789/ecb --var EXCHANGERATE_API_URL:http://127.0.0.1:8789/exchangerate-api " +
        "--var EXCHANGERATE_API_EVERY_SECONDS:30 " +
        "--var BCCH_CREDENTIALS:local:local-password --var EXCHANGERATE_API_KEY:local0key",
    );
  });

  it("names the addresses of other ports, and the clock", () => {
    expect(command(["--port", "9000", "--clock", "2026-03-02T19:00:00Z", "--providers", "banxico"])).toBe(
      "npx wrangler dev --port 9000 --var PUBLIC_URL:http://127.0.0.1:9000 --var ORIGIN_URL:http://127.0.0.1:9001 " +
        "--var UPSTASH_REDIS_REST_URL:http://127.0.0.1:9003 --var BANXICO_URL:http://127.0.0.1:9002/SieAPIRest/service/v1 " +
        "--var PROVIDERS:banxico --var CLOCK_OFFSET_MS:3600000",
    );
  });

  it("runs the worker that delivers webhooks beside it, on the default ports", () => {
    const both = deliveryText("npx wrangler dev --var PROVIDERS:banxico", { port: 8787 });
    expect(both).toContain("npx wrangler dev -c wrangler.toml -c wrangler.deliver.toml --var PROVIDERS:banxico");
    expect(deliveryText("npx wrangler dev --port 9000", { port: 9000 })).not.toContain("npx wrangler");
  });

  it("leaves the token to the shell", () => {
    const text = command(["--providers", "banxico,bcch"], {
      BANXICO_TOKEN: "secret-token",
      BCCH_CREDENTIALS: "me:secret",
    });
    expect(text).toContain("--var BANXICO_TOKEN:$BANXICO_TOKEN --var BCCH_CREDENTIALS:$BCCH_CREDENTIALS");
    expect(text).not.toContain("BCCH_URL");
    expect(text).not.toContain("secret");
  });
});
