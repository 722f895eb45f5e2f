import { parseArgs } from "node:util";
import { commandLine, runSimulator, wholeNumber } from "../server.ts";
import { startUpstash } from "./simulator.ts";

await runSimulator("Upstash", async () => {
  const { values } = parseArgs({
    args: commandLine(),
    options: { port: { type: "string", default: "8790" }, token: { type: "string", default: "local" } },
  });
  const redisUrl = process.env.REDIS_URL;
  return startUpstash({
    port: wholeNumber("port", values.port),
    token: values.token,
    ...(redisUrl ? { redisUrl } : {}),
  });
});
