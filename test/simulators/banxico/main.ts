import { parseArgs } from "node:util";
import { commandLine, runSimulator, wholeNumber } from "../server.ts";
import { defaultToken, startBanxico } from "./simulator.ts";

await runSimulator("Banxico", async () => {
  const { values } = parseArgs({
    args: commandLine(),
    options: {
      port: { type: "string", default: "8789" },
      data: { type: "string" },
      recorded: { type: "string" },
      token: { type: "string", default: defaultToken },
      "clock-offset-ms": { type: "string", default: "0" },
      "publication-delay-ms": { type: "string", default: "0" },
    },
  });
  return startBanxico({
    port: wholeNumber("port", values.port),
    token: values.token,
    clockOffsetMs: wholeNumber("clock-offset-ms", values["clock-offset-ms"]),
    publicationDelayMs: wholeNumber("publication-delay-ms", values["publication-delay-ms"]),
    ...(values.data === undefined ? {} : { dataFile: values.data }),
    ...(values.recorded === undefined ? {} : { recordedFile: values.recorded }),
  });
});
