import { describe, expect, it } from "vitest";
import { UsageError } from "../../origin/command-line.ts";
import { ROOT } from "../../tools/dev/build.ts";
import { readOptions } from "../../tools/dev/options.ts";
import { wranglerCommand } from "../../tools/dev/ready.ts";
import { Stack } from "../../tools/dev/stack.ts";

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

  it("keeps a folder for each source of rates", () => {
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

  it("needs nothing on the default ports, whose addresses wrangler.toml holds", () => {
    expect(command([])).toBe("npx wrangler dev");
  });

  it("names the addresses of other ports, and the clock", () => {
    expect(command(["--port", "9000", "--clock", "2026-03-02T19:00:00Z"])).toBe(
      "npx wrangler dev --port 9000 --var PUBLIC_URL:http://127.0.0.1:9000 --var ORIGIN_URL:http://127.0.0.1:9001 " +
        "--var UPSTASH_REDIS_REST_URL:http://127.0.0.1:9003 --var BANXICO_URL:http://127.0.0.1:9002/SieAPIRest/service/v1 " +
        "--var CLOCK_OFFSET_MS:3600000",
    );
  });

  it("leaves the token to the shell", () => {
    const text = command([], { BANXICO_TOKEN: "secret-token" });
    expect(text).toContain("--var BANXICO_TOKEN:$BANXICO_TOKEN");
    expect(text).not.toContain("secret");
  });
});
