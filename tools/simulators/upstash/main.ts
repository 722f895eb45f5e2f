import { readCommandLine, wholeNumber } from "../../../origin/command-line.ts";
import { runSimulator } from "../server.ts";
import { startUpstash } from "./simulator.ts";

const USAGE = `Usage: npx node tools/simulators/upstash/main.ts [options]
  --port PORT     8790
  --token TOKEN   the token that requests must bear (local)
Keeps its data in memory, or in the Redis that REDIS_URL names.`;

await runSimulator("Upstash", async () => {
  const { values } = readCommandLine(USAGE, {
    port: { type: "string", default: "8790" },
    token: { type: "string", default: "local" },
  });
  const redisUrl = process.env.REDIS_URL;
  return startUpstash({
    port: wholeNumber("port", values.port, { min: 0, max: 65_535 }),
    token: values.token,
    ...(redisUrl ? { redisUrl } : {}),
  });
});
