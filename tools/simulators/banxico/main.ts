import { readCommandLine, wholeNumber } from "../../../origin/command-line.ts";
import { parseFeed, readFeeds } from "../providers/feeds.ts";
import { runSimulator } from "../server.ts";
import { defaultToken, startBanxico } from "./simulator.ts";

const USAGE = `Usage: npx node tools/simulators/banxico/main.ts [options]
  --port PORT                8789
  --data FILE                a CSV (date,value) of the FIX, instead of made-up rates
  --recorded FILE            a recorded response of Banxico's, served as well
  --token TOKEN              the token that requests must bear
  --feed PROVIDER=FILE       serve this file of another provider's, in its own format (repeatable)
  --tick-seconds N           how often ExchangeRate-API has new rates (86400)
  --clock-offset-ms N        added to the clock (0)
  --publication-delay-ms N   how much later than 12:00 the FIX comes out (0)`;

await runSimulator("Banxico", async () => {
  const { values } = readCommandLine(USAGE, {
    port: { type: "string", default: "8789" },
    data: { type: "string" },
    recorded: { type: "string" },
    token: { type: "string", default: defaultToken },
    feed: { type: "string", multiple: true, default: [] },
    "tick-seconds": { type: "string", default: "86400" },
    "clock-offset-ms": { type: "string", default: "0" },
    "publication-delay-ms": { type: "string", default: "0" },
  });
  return startBanxico({
    port: wholeNumber("port", values.port, { min: 0, max: 65_535 }),
    token: values.token,
    feeds: await readFeeds(values.feed.map(parseFeed)),
    tickSeconds: wholeNumber("tick-seconds", values["tick-seconds"], { min: 1, max: 86_400 }),
    clockOffsetMs: wholeNumber("clock-offset-ms", values["clock-offset-ms"]),
    publicationDelayMs: wholeNumber("publication-delay-ms", values["publication-delay-ms"]),
    ...(values.data === undefined ? {} : { dataFile: values.data }),
    ...(values.recorded === undefined ? {} : { recordedFile: values.recorded }),
  });
});
